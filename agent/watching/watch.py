"""Warn of the next dose of every treatment under way: authorization, coverage, and denials that keep coming."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from agent.intake.book import BookInputs
from agent.watching.after_next import after_next
from agent.watching.authorizations import Fault, Judged, Need, Taken, judge
from agent.watching.billed_to import BilledTo, Patient, billed_doses, billed_to, patient_of
from agent.watching.ended import discontinued, facts_of, hospice
from agent.watching.next_dose import NextAmount, NextDose, next_amount, next_dose, resumed
from agent.watching.precedent import Denials, precedent, running_series
from agent.watching.treatment import Treatment, treatments
from agent.watching.warned import DoseWarning, Watch, WatchedTreatment, patient_id
from agent.worth.outline import Told
from knowledge.codes import Codes
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.practice import Authorization, Payer
from tools.chart.find import conditions_on
from tools.dosing.units import units_given
from tools.linking.book import Book

ONE_DAY = timedelta(days=1)
_ENDED = ("ended", "lapsed")


def watch(inputs: BookInputs, codes: Codes, records: Iterable[Told], as_of: date) -> Watch:
    """Look at every chart's treatments as of a day; `records` are the practice's denials.

    A dose whose planned day has passed is held against `as_of`, the first day it can still be given; so is one whose
    date is not known. Treatments that have ended, or lapsed, are listed and not warned of.
    """
    return _Watcher(inputs, codes, records, as_of).watch()


class _Watcher:
    def __init__(self, inputs: BookInputs, codes: Codes, records: Iterable[Told], as_of: date) -> None:
        self._inputs, self._codes, self._denials, self._as_of = inputs, codes, Denials(records), as_of
        self._book = Book.build(
            inputs.directory,
            codes.hcpcs,
            claims=inputs.claims,
            authorizations=inputs.authorizations,
            charts=inputs.charts,
            coverage=inputs.coverage,
            policies=inputs.policies,
        )

    def watch(self) -> Watch:
        warnings: list[DoseWarning] = []
        listed: list[WatchedTreatment] = []
        for chart in sorted(self._inputs.charts, key=lambda chart: chart.file):
            patient = patient_of(chart, self._book)
            told = facts_of(chart, self._codes.hcpcs, self._as_of)
            in_hospice = hospice(told, patient.coverage, self._as_of)
            for treatment in treatments(chart, self._codes.hcpcs, self._as_of, billed_doses(patient)):
                ended = in_hospice if in_hospice[0] else discontinued(treatment, told, self._codes.hcpcs, self._as_of)
                found, row = self._look(patient, resumed(treatment), ended)
                warnings += found
                listed.append(row)
        return Watch(
            as_of=self._as_of,
            warnings=tuple(sorted(warnings, key=_by_date)),
            treatments=tuple(
                sorted(listed, key=lambda row: (row.expected or date.max, row.patient, row.drug, row.hcpcs))
            ),
        )

    def _look(
        self, patient: Patient, treatment: Treatment, ended: tuple[str, str]
    ) -> tuple[list[DoseWarning], WatchedTreatment]:
        drug = self._codes.hcpcs.lookup(treatment.code, self._as_of) if treatment.code else None
        diagnoses = self._diagnoses(patient, None, None)
        coming = next_dose(treatment, self._as_of, drug, diagnoses)
        if ended[0] or treatment.ended:
            source = ended[1] or next((held.resource for held in reversed(treatment.orders)), "")
            coming = NextDose(standing="ended", how=ended[0] or treatment.ended, sources=(source,))
        amount = next_amount(treatment, drug)
        faults: list[Fault] = []
        unclear: tuple[str, ...] = ()
        payer: Payer | None = None
        ahead = ""
        if coming.standing not in _ENDED:
            billed = billed_to(patient, treatment.drug, self._day(coming), self._book)
            payer = billed.next_payer or billed.payer
            faults, unclear = self._faults(patient, treatment, coming, amount, billed)
            if not faults and payer is not None and treatment.code:
                need, rows = self._need(patient, treatment, coming, amount, billed, payer)
                taken = self._taken(patient, treatment)
                ahead = after_next(treatment, coming, need, rows, taken, self._codes.hcpcs, self._as_of)
        warnings = [self._warning(patient, treatment, coming, payer, fault) for fault in faults]
        last = treatment.last
        row = WatchedTreatment(
            patient=patient_id(patient.chart),
            drug=treatment.drug,
            hcpcs=treatment.code,
            payer_id=payer.id if payer else None,
            standing=coming.standing,
            expected=coming.expected,
            how=coming.how,
            last_given=last.day if last else None,
            units=_n(amount.units) if amount.units is not None else None,
            dose=amount.how,
            warnings=len(warnings),
            not_compared=unclear,
            sources=coming.sources,
            after_next=ahead,
        )
        return warnings, row

    def _faults(
        self, patient: Patient, treatment: Treatment, coming: NextDose, amount: NextAmount, billed: BilledTo
    ) -> tuple[list[Fault], tuple[str, ...]]:
        unclear = [billed.unsure] if billed.unsure else []
        faults = _coverage_faults(billed)
        payer = billed.next_payer or billed.payer
        if payer is not None and treatment.code and not (billed.ends and billed.next_payer is None):
            judged = self._authorization(patient, treatment, coming, amount, billed, payer)
            faults += judged.faults
            unclear += judged.unclear
        elif not treatment.code:
            unclear.append("authorization not compared: neither order nor dose carries a code")
        series = running_series(self._denials, patient.chart.file, treatment.drug, self._codes.hcpcs)
        for cause, denials in series.items():
            newest = max(denials, key=lambda record: str(record.line.service_date if record.line else ""))
            says = (
                f"{len(denials)} denials of {treatment.drug} for {cause} are open: the next will follow. {newest.says}"
            )
            to_do = "Work the series once, and settle its cause with the payer before the dose"
            faults.append(
                Fault(kind="series-running", says=says, to_do=to_do, rows=tuple(item.denial_id for item in denials))
            )
        return faults, tuple(dict.fromkeys(unclear))

    def _authorization(
        self,
        patient: Patient,
        treatment: Treatment,
        coming: NextDose,
        amount: NextAmount,
        billed: BilledTo,
        payer: Payer,
    ) -> Judged:
        need, rows = self._need(patient, treatment, coming, amount, billed, payer)
        day = need.day
        judged = judge(rows, need, self._taken(patient, treatment), self._codes.hcpcs)
        doubt = (
            () if not patient.shared else ("another chart carries the same member id: whose row it is must be seen",)
        )
        if judged.on_file:
            return judged.model_copy(update={"unclear": (*judged.unclear, *doubt)})
        why = precedent(payer, treatment.drug, treatment.code, day, self._book, self._denials)
        if why is None:
            return Judged(unclear=("no authorization is on file, and nothing says that the payer wants one",))
        if not self._inputs.authorizations:
            return Judged(unclear=("authorization not compared: no authorizations are in the records",))
        lost = [row for row in self._inputs.unread if row.kind == "auths"]
        caution = f"; {len(lost)} rows of auths/ could not be read and may hold it" if lost else ""
        says = f"no authorization of {treatment.code} is on file with {payer.name}; {why.says}{caution}"
        to_do = f"Ask {payer.name} for an authorization of {treatment.code}, or get its word that none is needed"
        if payer.retro_authorization_days:
            to_do += f"; after the dose it takes requests for {payer.retro_authorization_days} days"
        return Judged(faults=(Fault(kind="auth-none", says=says, to_do=to_do, rows=why.sources),), unclear=doubt)

    def _need(
        self,
        patient: Patient,
        treatment: Treatment,
        coming: NextDose,
        amount: NextAmount,
        billed: BilledTo,
        payer: Payer,
    ) -> tuple[Need, tuple[Authorization, ...]]:
        """Return what an authorization is asked for the next dose, and the member's rows with the payer."""
        need = Need(
            code=treatment.code,
            drug=treatment.drug,
            day=self._day(coming),
            payer=payer.name,
            amount=amount,
            diagnoses=self._diagnoses(patient, billed.claim, billed.line),
            charted=self._diagnoses(patient, None, None),
            npis=self._npis(billed),
            place=self._place(patient, billed),
        )
        return need, self._rows(payer, billed.members)

    def _rows(self, payer: Payer, members: tuple[str, ...]) -> tuple[Authorization, ...]:
        held = (self._book.authorizations_by_member.get((payer.id, member), ()) for member in members)
        return tuple(dict.fromkeys(row for rows in held for row in rows))

    def _taken(self, patient: Patient, treatment: Treatment) -> tuple[Taken, ...]:
        """Return the doses given so far: units as billed last, else as charted; with the number the claim names."""
        found = []
        by_day: dict[tuple[date, str], list[tuple[SubmittedClaim, ClaimLine]]] = {}
        for claim in patient.claims:
            for line in claim.lines:
                if line.start_date is not None and "JW" not in line.modifiers:
                    by_day.setdefault((line.start_date, line.hcpcs.upper()), []).append((claim, line))
        days: dict[tuple[date, str], Decimal | None] = {}
        for dose in treatment.doses:
            if dose.day is None:
                continue
            code = (dose.hcpcs or treatment.code).upper()
            drug = self._codes.hcpcs.lookup(code, dose.day)
            units = units_given(dose.dose, drug.unit_qty, drug.unit_uom) if drug and drug.unit_uom else None
            before = days.get((dose.day, code), Decimal(0))
            days[dose.day, code] = None if units is None or before is None else before + units
        for (day, code), charted in sorted(days.items()):
            sent = by_day.get((day, code), [])
            last = [(claim, line) for claim, line in sent if claim is sent[-1][0]]
            billed = [line.units for _, line in last]
            units = sum((u for u in billed if u is not None), Decimal(0)) if billed and None not in billed else charted
            named = tuple(n for claim, line in last for n in (*line.authorizations, *claim.authorizations))
            found.append(Taken(day=day, code=code, units=units, named=named))
        return tuple(found)

    def _diagnoses(self, patient: Patient, claim: SubmittedClaim | None, line: ClaimLine | None) -> tuple[str, ...]:
        """Return the diagnoses the drug was last billed for, else the neoplasms and blood diseases charted."""
        if claim is not None and line is not None:
            pointed = [claim.diagnoses[p - 1] for p in line.diagnosis_pointers if 0 < p <= len(claim.diagnoses)]
            return tuple(code.replace(".", "").upper() for code in (pointed or claim.diagnoses))
        charted = [condition.icd10 for condition in conditions_on(patient.chart, self._as_of)]
        return tuple(code for code in charted if code.startswith(("C", "D")))

    def _npis(self, billed: BilledTo) -> frozenset[str]:
        if billed.claim is None:
            practice = self._inputs.practice
            return frozenset({practice.billing_npi, *(each.npi for each in practice.providers)} - {""})
        named = {**dict(billed.claim.providers), **dict(billed.line.providers if billed.line else ())}
        return frozenset({named.get("82", ""), named.get("77", ""), billed.claim.billing_npi} - {""})

    def _place(self, patient: Patient, billed: BilledTo) -> str:
        """Return where the drug was last billed, else the patient; else the only place the practice bills at."""
        line = billed.line.place_of_service if billed.line else ""
        last = billed.claim or (patient.claims[-1] if patient.claims else None)
        only = {claim.place_of_service for claim in self._inputs.claims} if last is None else set()
        return line or (last.place_of_service if last else "") or (only.pop() if len(only) == 1 else "")

    def _day(self, coming: NextDose) -> date:
        return max(coming.expected, self._as_of) if coming.expected is not None else self._as_of

    def _warning(
        self, patient: Patient, treatment: Treatment, coming: NextDose, payer: Payer | None, fault: Fault
    ) -> DoseWarning:
        by = max(coming.expected - ONE_DAY, self._as_of) if coming.expected is not None else None
        return DoseWarning(
            kind=fault.kind,
            patient=patient_id(patient.chart),
            drug=treatment.drug,
            hcpcs=treatment.code,
            payer_id=payer.id if payer else None,
            expected=coming.expected,
            how=coming.how,
            says=fault.says,
            to_do=fault.to_do,
            by=by,
            auth_number=fault.auth_number or None,
            sources=(*fault.rows, *coming.sources),
        )


def _coverage_faults(billed: BilledTo) -> list[Fault]:
    if billed.ends:
        then = f"ask {billed.next_payer.name} for its authorization" if billed.next_payer else "ask who covers then"
        to_do = f"Verify eligibility for the day and {then}, before the dose"
        return [Fault(kind="coverage-ends-before", says=billed.ends, to_do=to_do, rows=billed.rows)]
    if billed.primary and billed.next_payer is not None:
        to_do = f"Bill {billed.next_payer.name} first, and ask it for its authorization"
        return [Fault(kind="other-payer-primary", says=billed.primary, to_do=to_do, rows=billed.rows)]
    return []


def _by_date(warning: DoseWarning) -> tuple[date, str, str, str]:
    return (warning.expected or date.max, warning.patient, warning.drug, warning.kind)


def _n(value: Decimal) -> str:
    return f"{value.normalize():f}"
