"""What is tried on each claim: every kind of change, alone and together, in every mode."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal

from msgspec import Struct

from evals.corrected_claims.samples import Sample
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.corrections import (
    ClaimChange,
    ControlNumbers,
    CorrectionMode,
    RemoveLine,
    SetAuthorization,
    SetCode,
    SetDescription,
    SetDiagnoses,
    SetModifiers,
    SetNdc,
    SetOriginal,
    SetPatient,
    SetPlace,
    SetPointers,
    SetProvider,
    SetTestResult,
    SetTrial,
    SetUnits,
    SplitWaste,
)
from tools.x12.claims import read_claims

CONTROL = ControlNumbers(date=date(2026, 5, 1), time=time(9, 30), interchange=901, group=42, transaction="0001")
"""The control numbers every trial is written with."""

_WHY = "Tried in an evaluation"
_CODER = "R. Quist, CPC"


class Trial(Struct, frozen=True):
    """One correction to try."""

    name: str
    mode: CorrectionMode
    changes: tuple[ClaimChange, ...]
    dose_units: Mapping[str, Decimal]


def trials(sample: Sample) -> Iterator[Trial]:
    """Yield what to try on a sample's claim."""
    yield Trial("void", "void", (), {})
    yield Trial("new, unchanged", "new", (), {})
    authorization = SetAuthorization(number="AUTH-2026-77", why=_WHY)
    yield Trial("authorization, claim", "replacement", (authorization,), {})
    yield Trial("authorization, claim, new", "new", (authorization,), {})
    claim = claim_of(sample)
    yield from _on_people(claim)
    if not any(qualifier == "P4" for qualifier, _ in claim.references):
        yield Trial("clinical trial", "replacement", (SetTrial(number="04567890", why=_WHY),), {})
    if len(claim.lines) > 1:
        gone = RemoveLine(line=claim.lines[-1].number, why=_WHY, decided_by=_CODER)
        yield Trial("a line less", "replacement", (gone,), {})
    if claim.diagnoses:
        diagnoses = SetDiagnoses(codes=(*claim.diagnoses, "R112"), why=_WHY, decided_by=_CODER)
        yield Trial("a diagnosis more", "replacement", (diagnoses,), {})
    for line in claim.lines:
        if line.number in sample.lines:
            yield from _on_line(line)


def _on_people(claim: SubmittedClaim) -> Iterator[Trial]:
    """Yield corrections of who and where: original, patient, providers, place."""
    original = SetOriginal(number="26070CX1199", why=_WHY)
    member = SetPatient(member_id="CHP70077", why=_WHY)
    person = SetPatient(last="Okonjo-Hale", first="Marit", birth_date=date(1961, 3, 9), why=_WHY)
    place = SetPlace(place="12", why=_WHY)
    yield Trial("original", "replacement", (original,), {})
    yield Trial("member id", "replacement", (member,), {})
    yield Trial("member id, new", "new", (member,), {})
    yield Trial("name and birth date", "replacement", (person,), {})
    yield Trial("place", "replacement", (place,), {})
    named = [_provider(role) for role in ("82", "DN", "DQ")]
    for change in named:
        yield Trial(f"provider {change.role}", "replacement", (change,), {})
    yield Trial("everybody", "replacement", (original, member, place, *named), {})
    if claim.lines:
        ordering = _provider("DK", claim.lines[0].number)
        yield Trial("ordering and referring, new", "new", (ordering, _provider("DN")), {})


def _provider(role: str, line: str | None = None) -> SetProvider:
    body = {"role": role, "npi": "1234567893", "last": "Tran", "first": "Minh", "middle": "Q", "line": line}
    return SetProvider.model_validate({**body, "why": _WHY})


def claim_of(sample: Sample) -> SubmittedClaim:
    """Return the sample's claim as our own reader reads it."""
    for found in read_claims(sample.data, sample.name):
        if isinstance(found, SubmittedClaim) and found.claim_id == sample.claim_id:
            return found
    raise LookupError(f"{sample.name}: no claim {sample.claim_id} could be read")


def _on_line(line: ClaimLine) -> Iterator[Trial]:
    number, units = line.number, line.units or Decimal(1)
    authorization = SetAuthorization(number="AUTH-LINE-9", line=number, why=_WHY)
    ndc = SetNdc(line=number, ndc="00006302604", quantity=Decimal("16.5"), unit="ML", why=_WHY)
    modifier = SetModifiers(line=number, add=("KX",), why=_WHY)
    pointers = SetPointers(line=number, pointers=(1,), why=_WHY, decided_by=_CODER)
    more = {number: units + 10}
    fewer = {number: max(units - 4, Decimal(1))}
    code = SetCode(line=number, hcpcs="Q5118", units=units, why=_WHY)
    recoded = SetCode(line=number, hcpcs="J9299", units=units + 10, charge=Decimal("100.25"), why=_WHY)
    unclassified = SetCode(line=number, hcpcs="J9999", units=Decimal(1), why=_WHY)
    words = SetDescription(line=number, text="ONDRELIMAB 500 MG IV NDC 99207010101", why=_WHY)
    split = SplitWaste(line=number, administered_units=units, wasted_units=Decimal(5), why=_WHY)
    kinds: dict[str, tuple[tuple[ClaimChange, ...], Mapping[str, Decimal]]] = {
        "authorization": ((authorization,), {}),
        "product": ((ndc,), {}),
        "modifier": ((modifier,), {}),
        "hemoglobin": ((SetTestResult(line=number, test="R1", value=Decimal("9.1"), why=_WHY),), {}),
        "pointers": ((pointers, modifier), {}),
        "more units": ((SetUnits(line=number, units=units + 10, why=_WHY),), more),
        "fewer units": ((SetUnits(line=number, units=fewer[number], why=_WHY), modifier), fewer),
        "code": ((code,), {}),
        "in words": ((unclassified, words), {number: Decimal(1)}),
        "ordering": ((_provider("DK", number), _provider("82", number)), {}),
        "code and units": ((recoded,), more),
        "waste beside": ((split,), {number: units}),
        "all together": ((authorization, ndc, modifier, split), {number: units}),
    }
    if units > 5:
        inside = SplitWaste(line=number, administered_units=units - 5, wasted_units=Decimal(5), why=_WHY)
        kinds["waste within"] = ((inside,), {number: units - 5})
    for name, (changes, dose_units) in kinds.items():
        yield Trial(f"line {number}, {name}", "replacement", changes, dose_units)
