"""A practice of one patient on pembrolizumab, seen on 2026-05-01; each test varies what it is about."""

from datetime import date
from decimal import Decimal
from typing import Any

from agent.intake.book import BookInputs
from agent.watching.warned import DoseWarning, Watch, WatchedTreatment
from agent.watching.watch import watch
from knowledge.codes import load_codes
from knowledge.folder import UnreadRow
from knowledge.types.chart import Amount, Chart, Condition, Document, DoseGiven, Order, Person
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.practice import (
    Authorization,
    CoverageSpan,
    Payer,
    Policy,
    PolicySection,
    Practice,
    Provider,
)
from knowledge.types.reading import Place
from knowledge.types.record import (
    DenialRecord,
    RecordAdjustment,
    RecordDeadline,
    RecordLine,
    RecordLink,
    RecordLinks,
    RecordPriority,
    RecordProducts,
    RecordRemit,
)

AS_OF = date(2026, 5, 1)
MEMBER, NPI, BILLING = "CHP1", "1888888884", "1999999992"
CODES = load_codes()
CASCADE = Payer(
    id="CASC1", name="Cascade Health Plan", line_of_business="commercial", retro_authorization_days=10, contracted=True
)
SUMMIT = Payer(id="SUMA", name="Summit Advantage", line_of_business="medicare_advantage")


def order(on: date, text: str = "", days: int | None = None, mg: int | str | None = 200, **changed: Any) -> Order:
    given: dict[str, Any] = {
        "resource": f"MedicationRequest/{on}",
        "hcpcs": "J9271",
        "drug": "pembrolizumab",
        "status": "active",
        "intent": "order",
        "text": text,
    }
    dose = Amount(value=Decimal(mg), unit="mg") if mg is not None else None
    return Order(ordered_on=on, interval_days=days, dose=dose, **{**given, **changed})


def dose(on: date, mg: int | str = 200, **changed: Any) -> DoseGiven:
    given: dict[str, Any] = {
        "resource": f"MedicationAdministration/{on}",
        "hcpcs": "J9271",
        "drug": "pembrolizumab",
        "day": on,
        "dose": Amount(value=Decimal(mg), unit="mg"),
        "status": "completed",
    }
    return DoseGiven.model_validate({**given, **changed})


def note(on: date, text: str) -> Document:
    return Document(
        resource=f"DocumentReference/{on}", kind="Progress note", day=on, text=text, authors=("Dana Ruiz MD",)
    )


def chart(*items: Order | DoseGiven | Document, icd10: str = "C3411", **changed: Any) -> Chart:
    person = Person(
        resource="Patient/p1", identifiers=(MEMBER,), last="Voss", first="Ada", birth_date=date(1960, 2, 29)
    )
    return Chart(
        file="charts/ada.json",
        person=person,
        conditions=(Condition(resource="Condition/c", icd10=icd10, status="active"),),
        orders=tuple(item for item in items if isinstance(item, Order)),
        doses=tuple(item for item in items if isinstance(item, DoseGiven)),
        documents=tuple(item for item in items if isinstance(item, Document)),
        **changed,
    )


def auth(**changed: Any) -> Authorization:
    given: dict[str, Any] = {
        "auth_number": "A-1",
        "payer_id": "CASC1",
        "member_id": MEMBER,
        "status": "approved",
        "hcpcs": ("J9271",),
        "start_date": date(2026, 1, 1),
        "end_date": date(2026, 12, 31),
        "source": "auths/a.csv:2",
    }
    return Authorization.model_validate({**given, **changed})


def coverage(payer_id: str = "CASC1", **changed: Any) -> CoverageSpan:
    given: dict[str, Any] = {
        "payer_id": payer_id,
        "member_id": MEMBER if payer_id == "CASC1" else f"{payer_id}-7",
        "patient_last": "Voss",
        "patient_first": "Ada",
        "birth_date": date(1960, 2, 29),
        "start_date": date(2025, 1, 1),
        "order": "primary",
        "plan_type": "commercial",
        "source": f"coverage/c.csv:{payer_id}",
    }
    return CoverageSpan.model_validate({**given, **changed})


def claim(on: date, units: int | None = 200, hcpcs: str = "J9271", **changed: Any) -> SubmittedClaim:
    line = ClaimLine(
        place=Place(20, 0),
        number="1",
        hcpcs=hcpcs,
        modifiers=("JZ",),
        charge=Decimal(11400),
        units=Decimal(units) if units is not None else None,
        diagnosis_pointers=(1,),
        start_date=on,
    )
    given: dict[str, Any] = {
        "claim_id": f"C-{on}",
        "payer_id": "CASC1",
        "payer_name": "CASCADE",
        "member_id": MEMBER,
        "patient_last": "Voss",
        "patient_first": "Ada",
        "birth_date": date(1960, 2, 29),
        "place_of_service": "11",
        "diagnoses": ("C3411",),
        "providers": (("82", NPI),),
        "billing_npi": BILLING,
        "submitted_on": on,
    }
    return SubmittedClaim(
        place=Place(10, 0), file="claims/a.837", charge=Decimal(11400), lines=(line,), **{**given, **changed}
    )


def policy(text: str, drugs: tuple[str, ...] = ("J9271",)) -> Policy:
    return Policy(
        policy_id="CHP-ONC-014",
        title="Pembrolizumab",
        payer_id="CASC1",
        drugs=drugs,
        effective_from=date(2026, 1, 1),
        sections=(PolicySection(heading="Coverage", text=text, line=10),),
        source="policies/chp.md:2",
    )


def record(
    denial_id: str = "den_1",
    *,
    cause: str = "auth-expired",
    served: str | None = "2026-04-07",
    amount: str = "11400.00",
    clocks: tuple[tuple[str, str], ...] = (),
    hcpcs: str = "J9271",
    status: str = "worked",
    carc: str = "198",
    **changed: Any,
) -> DenialRecord:
    given: dict[str, Any] = {
        "denial_id": denial_id,
        "remit": RecordRemit(
            file="remits/r.835",
            payer_id="CASC1",
            payer_name="CASCADE",
            trace_number="T1",
            paid_on="2026-04-20",
            claim_id=f"C-{denial_id}",
            payer_claim_number="ICN1",
            claim_status="1",
        ),
        "line": RecordLine(
            hcpcs=hcpcs,
            modifiers=(),
            units="200",
            service_date=served,
            charge=amount,
            paid="0.00",
            line_control=None,
        ),
        "adjustments": (RecordAdjustment(group="CO", carc=carc, amount=amount, quantity=None),),
        "remarks": (),
        "amount_at_stake": amount,
        "links": RecordLinks(
            claim_file=None,
            claim_line=None,
            auth_number=None,
            chart=RecordLink(value="charts/ada.json", rule="member id"),
            policy_id=None,
        ),
        "category": "authorization",
        "root_cause": cause,
        "says": "Authorization A-1 had ended.",
        "confidence": 0.9,
        "alternatives": (),
        "remedy": "authorization_fix",
        "then": None,
        "route": "review",
        "review_reasons": (),
        "deadlines": tuple(RecordDeadline(action=action, date=day, rule="payers.yaml") for action, day in clocks),
        "evidence": (),
        "missing": (),
        "products": RecordProducts(),
        "priority": RecordPriority(expected_value="100.00", days_left=None, rank=1),
        "series": None,
        "status": status,
    }
    return DenialRecord.model_validate({**given, **changed})


def watched(
    *charts: Chart,
    auths: tuple[Authorization, ...] = (),
    coverages: tuple[CoverageSpan, ...] | None = None,
    claims: tuple[SubmittedClaim, ...] = (),
    policies: tuple[Policy, ...] = (),
    records: tuple[DenialRecord, ...] = (),
    unread: tuple[UnreadRow, ...] = (),
    as_of: date = AS_OF,
) -> Watch:
    inputs = BookInputs(
        practice_id="prc_1",
        practice=Practice(
            name="Larkspur Oncology", billing_npi=BILLING, providers=(Provider(npi=NPI, name="Dana Ruiz MD"),)
        ),
        payers=(CASCADE, SUMMIT),
        deliveries=(),
        conflicts=frozenset(),
        claims=claims,
        acknowledgements=(),
        authorizations=auths,
        coverage=(coverage(),) if coverages is None else coverages,
        contracts=(),
        policies=policies,
        charts=charts,
        unread=unread,
        set_aside=(),
    )
    return watch(inputs, CODES, records, as_of)


def only_warning(found: Watch) -> DoseWarning:
    (warning,) = found.warnings
    return warning


def only_treatment(found: Watch) -> WatchedTreatment:
    (treatment,) = found.treatments
    return treatment


def kinds(found: Watch) -> list[str]:
    return [warning.kind for warning in found.warnings]
