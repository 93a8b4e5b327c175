"""Who will be billed for the next dose: the payer of the last claim, and what verified coverage says of the day."""

from dataclasses import dataclass, replace
from datetime import date

from agent.watching.treatment import drug_key
from knowledge.types.chart import Chart, DoseGiven
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.practice import CoverageSpan, Payer
from tools.denials.identity import claim_payer, squeeze
from tools.linking.book import Book
from tools.linking.patient import find_coverage

_NOT_INSURANCE = ("hospice", "snf")


@dataclass(frozen=True, slots=True)
class Patient:
    """A chart with the patient's own claims, oldest service first, and coverage rows with any payer."""

    chart: Chart
    claims: tuple[SubmittedClaim, ...]
    coverage: tuple[CoverageSpan, ...]
    shared: tuple[str, ...] = ()
    """Other charts that carry one of the same member ids: an authorization may be of either person."""


@dataclass(frozen=True, slots=True)
class BilledTo:
    """The payer for a day and drug, with the member ids it knows the patient by; `line` is the drug as last billed.

    `ends` says that the payer billed so far does not cover the day, `primary` that another one comes first; each with
    the coverage rows it rests on. `unsure` says why nothing is known of coverage.
    """

    payer: Payer | None
    members: tuple[str, ...]
    claim: SubmittedClaim | None = None
    line: ClaimLine | None = None
    ends: str = ""
    primary: str = ""
    rows: tuple[str, ...] = ()
    unsure: str = ""
    next_payer: Payer | None = None


def patient_of(chart: Chart, book: Book) -> Patient:
    """Gather a chart's claims by member id (another birth date is another person) and its coverage.

    A claim that was voided (frequency 8, under its own number) tells of nothing.
    """
    ids = sorted({squeeze(name) for name in chart.person.identifiers if name.strip()})
    born = chart.person.birth_date
    claims = [
        claim
        for name in ids
        for claim in book.claims_by_member.get(name, ())
        if born is None or claim.birth_date is None or claim.birth_date == born
    ]
    voided = {claim.claim_id for claim in claims if claim.frequency == "8"}
    claims = [claim for claim in claims if claim.claim_id not in voided]
    claims.sort(key=lambda claim: (_served(claim), claim.submitted_on or date.min, claim.file, claim.place.segment))
    rows: list[CoverageSpan] = []
    for name in ids:
        rows += [row for row in find_coverage(name, None, chart, book) if row not in rows]
    shared = {other.file for name in ids for other in book.charts_by_member.get(name, ()) if other.file != chart.file}
    return Patient(chart, tuple(claims), tuple(rows), tuple(sorted(shared)))


def billed_doses(patient: Patient) -> tuple[DoseGiven, ...]:
    """Return what the patient's claims say was given, a dose for each code and day; discarded drug (JW) is none."""
    found: dict[tuple[str, date], DoseGiven] = {}
    for claim in patient.claims:
        for line in claim.lines:
            if line.start_date is not None and line.hcpcs[:1].isalpha() and "JW" not in line.modifiers:
                resource = f"{claim.file} {claim.claim_id} line {line.number}"
                dose = DoseGiven(resource=resource, hcpcs=line.hcpcs, day=line.start_date, status="completed")
                found[line.hcpcs, line.start_date] = dose
    return tuple(found.values())


def billed_to(patient: Patient, drug: str, day: date, book: Book) -> BilledTo:
    """Say whom the next dose of `drug` will be billed to, and whether that payer covers the day (both ends inclusive).

    Where the payer so far does not cover the day, or comes second, and just one other is primary then, it is that one.
    """
    claim, line = _last_billed(patient, drug, book)
    last = claim or (patient.claims[-1] if patient.claims else None)
    payer = claim_payer(last, book.directory) if last is not None else _only_payer(patient, day, book)
    if payer is None:
        return BilledTo(None, (), claim, line, unsure="which payer covers the patient is not known")
    own = [row for row in patient.coverage if _payer_of(row, book) == payer.id and row.plan_type not in _NOT_INSURANCE]
    found = BilledTo(payer, _members(patient, payer, book), claim, line)
    if not own:
        return replace(found, unsure=f"coverage with {payer.name} is not verified: no row in coverage/")
    active = [row for row in own if _covers(row, day)]
    others = [
        row
        for row in patient.coverage
        if _payer_of(row, book) != payer.id
        and row.plan_type not in _NOT_INSURANCE
        and row.order == "primary"
        and _covers(row, day)
    ]
    other = book.directory.resolve(others[0].payer_id) if len({row.payer_id for row in others}) == 1 else None
    rows = tuple(row.source for row in (*own, *others))
    known = _members(patient, other, book) if other is not None else found.members
    if not active:
        spans = "; ".join(f"{row.start_date or 'unknown'} to {row.end_date or 'open'}" for row in own)
        then = f"; {other.name} is primary then" if other else ""
        says = f"coverage with {payer.name} does not hold on {day} ({spans}){then}"
        return replace(found, ends=says, rows=rows, next_payer=other, members=known)
    if others and other is not None and all(row.order in ("secondary", "tertiary") for row in active):
        says = f"{other.name} is primary on {day}, {payer.name} comes after it"
        return replace(found, primary=says, rows=rows, next_payer=other, members=known)
    return replace(found, rows=rows)


def _last_billed(patient: Patient, drug: str, book: Book) -> tuple[SubmittedClaim | None, ClaimLine | None]:
    for claim in reversed(patient.claims):
        for line in claim.lines:
            on = line.start_date
            if on is not None and line.hcpcs[:1].isalpha() and drug_key(line.hcpcs, "", on, book.hcpcs) == drug:
                return claim, line
    return None, None


def _only_payer(patient: Patient, day: date, book: Book) -> Payer | None:
    """Return the payer of a patient who was never billed: the only one verified for the day, or that authorized."""
    every = [row for row in patient.coverage if row.plan_type not in _NOT_INSURANCE]
    rows = [row for row in every if _covers(row, day)] or every
    first = [row for row in rows if row.order == "primary"] or rows
    ids = {_payer_of(row, book) for row in first}
    if not ids:
        names = {squeeze(name) for name in patient.chart.person.identifiers}
        ids = {payer for payer, member in book.authorizations_by_member if member in names}
    return book.directory.resolve(ids.pop()) if len(ids) == 1 else None


def _members(patient: Patient, payer: Payer, book: Book) -> tuple[str, ...]:
    """Return every id this payer may know the patient by: of its coverage rows, its claims, and the chart."""
    found = {squeeze(name) for name in patient.chart.person.identifiers if name.strip()}
    found |= {squeeze(row.member_id) for row in patient.coverage if _payer_of(row, book) == payer.id}
    found |= {squeeze(claim.member_id) for claim in patient.claims if claim_payer(claim, book.directory) == payer}
    return tuple(sorted(found - {""}))


def _payer_of(row: CoverageSpan, book: Book) -> str:
    payer = book.directory.resolve(row.payer_id)
    return payer.id if payer is not None else row.payer_id


def _covers(row: CoverageSpan, day: date) -> bool:
    return (row.start_date is None or row.start_date <= day) and (row.end_date is None or day <= row.end_date)


def _served(claim: SubmittedClaim) -> date:
    return max((line.start_date for line in claim.lines if line.start_date is not None), default=date.min)
