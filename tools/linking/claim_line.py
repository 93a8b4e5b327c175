"""The claim as we sent it, and its line, for a line as the payer adjudicated it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.denial import Denial, DeniedLine
from knowledge.types.remit import ClaimPayment
from tools.denials.identity import member_id, squeeze
from tools.linking.book import Book
from tools.linking.found import Ambiguities, Found

_REPLACEMENT = "7"


@dataclass(frozen=True, slots=True)
class ClaimFound:
    """The claim and the line that were adjudicated, with the rule of each, and all versions of the claim."""

    claim: Found[SubmittedClaim] = field(default_factory=Found)
    line: Found[ClaimLine] = field(default_factory=Found)
    versions: tuple[SubmittedClaim, ...] = ()


def find_claim(denial: Denial, adjudicated: ClaimPayment, book: Book) -> ClaimFound:
    """Find the submitted claim of an adjudication by CLM01 = CLP01 and payer, then the denied line in it.

    Several claims of one number are versions: the one this answer is about is chosen by `_version`. A
    number we do not know is looked for by member, code, date and charge together, and joined when one line
    alone has them all.
    """
    versions = _of_payer(book.claims_by_id.get(squeeze(denial.remit.claim_id), ()), denial.remit.payer_id, book)
    if not versions:
        return _by_member(denial, adjudicated, book)
    claim = _version(denial, adjudicated, versions)
    if claim.record is None or denial.line is None:
        return ClaimFound(claim, Found(), versions)
    line = find_line(denial.line, claim.record)
    return ClaimFound(claim, _doubted(line, denial.line, adjudicated), versions)


def find_line(denied: DeniedLine, claim: SubmittedClaim) -> Found[ClaimLine]:
    """Find the denied line in its claim: by REF*6R, else by what was done, when and for how much.

    The code is the one that was billed (SVC06 where the payer recoded). A REF*6R that names a line of
    another code and another day contradicts itself and joins nothing.
    """
    if denied.line_control:
        named = [line for line in claim.lines if squeeze(line.line_control) == squeeze(denied.line_control)]
        named = [line for line in named if _is_code(line, denied)] or named if len(named) > 1 else named
        if len(named) == 1:
            if not _is_code(named[0], denied) and not _is_day(named[0], denied):
                says = (
                    f"REF*6R {denied.line_control} names line {named[0].number} ({named[0].hcpcs}) of the claim, "
                    f"but the remit is about {denied.hcpcs} on {denied.service_date}."
                )
                return Found(ambiguous=(("line-control-contradicts", says),))
            return Found(named[0], "REF*6R equals 2400 REF*6R")
    tiers = (
        ("code, modifiers, date of service and charge", (_is_code, _has_modifiers, _is_day, _has_charge)),
        ("code and date of service", (_is_code, _is_day)),
    )
    for rule, tests in tiers:
        fitting = [line for line in claim.lines if all(test(line, denied) for test in tests)]
        if len(fitting) == 1:
            return Found(fitting[0], f"claim number, {rule}")
        if fitting:
            numbers = ", ".join(line.number for line in fitting)
            says = f"Lines {numbers} of the claim share {rule} with the denied line."
            return Found(ambiguous=(("claim-line-ambiguous", says),))
    return Found()


def _doubted(found: Found[ClaimLine], denied: DeniedLine, adjudicated: ClaimPayment) -> Found[ClaimLine]:
    """Doubt a line that was sent with another charge than the remit answers: the answer may be to another claim.

    A payer may answer one line in several: those that carry its control number are added up.
    """
    line = found.record
    if line is None or not _charged(denied.charge) or not _charged(line.charge):
        return found
    control = squeeze(denied.line_control or "")
    parts = [part.charge for part in adjudicated.lines if control and squeeze(part.line_control) == control]
    if line.charge in (denied.charge, sum(parts, Decimal(0))):
        return found
    says = (
        f"The remit answers {denied.hcpcs} with a charge of ${denied.charge:,.2f}; line {line.number} of the claim "
        f"on file was sent with ${line.charge:,.2f}: this may be the answer to another version of the claim."
    )
    return Found(line, found.rule, (*found.ambiguous, ("charge-differs", says)))


def _charged(charge: Decimal) -> bool:
    return charge > 0


def _of_payer(claims: tuple[SubmittedClaim, ...], payer_id: str | None, book: Book) -> tuple[SubmittedClaim, ...]:
    """Keep the claims sent to the payer; when none resolves to it, those whose payer we cannot tell."""
    own = tuple(c for c in claims if book.payer_of_claim.get(id(c)) == payer_id and payer_id is not None)
    if own:
        return own
    untold = payer_id is None or book.directory.resolve(payer_id) is None
    return tuple(c for c in claims if untold or book.payer_of_claim.get(id(c)) is None)


def _version(denial: Denial, adjudicated: ClaimPayment, versions: tuple[SubmittedClaim, ...]) -> Found[SubmittedClaim]:
    """Choose the version an answer is about.

    A version sent after the answer, or one whose REF*F8 names this very answer, is not it. An answer to a
    replacement (CLP09 7, or REF*F8 of an earlier answer) is about the replacement that names the same
    original. Of what remains the latest sent counts.
    """
    base = "CLM01 equals CLP01"
    if len(versions) == 1:
        return Found(versions[0], base)
    number = squeeze(denial.remit.payer_claim_number or "")
    answered = denial.remit.paid_on or date.max
    sent = [
        c
        for c in versions
        if (c.submitted_on or date.min) <= answered and not (number and squeeze(c.original_reference) == number)
    ]
    originals = {squeeze(r.value) for r in adjudicated.references if r.qualifier == "F8"}
    replacing = [c for c in sent if c.original_reference and squeeze(c.original_reference) in originals]
    if replacing:
        return _latest(replacing, f"{base}, replacement naming the same REF*F8")
    if adjudicated.frequency == _REPLACEMENT and any(c.frequency == _REPLACEMENT for c in sent):
        return _latest([c for c in sent if c.frequency == _REPLACEMENT], f"{base}, latest replacement before the remit")
    return _latest(sent, f"{base}, latest version sent before the remit")


def _latest(candidates: list[SubmittedClaim], rule: str) -> Found[SubmittedClaim]:
    if not candidates:
        says = "Every claim on file under this number was sent after the remit: which one it answers is not known."
        return Found(ambiguous=(("claim-version-ambiguous", says),))
    last = max(c.submitted_on or date.min for c in candidates)
    latest = [c for c in candidates if (c.submitted_on or date.min) == last]
    if any(_content(c) != _content(latest[0]) for c in latest):
        files = ", ".join(sorted({c.file for c in latest}))
        says = f"Several different claims were sent under this number on one day ({files})."
        return Found(ambiguous=(("claim-version-ambiguous", says),))
    return Found(latest[0], rule)


def _content(claim: SubmittedClaim) -> tuple[object, ...]:
    lines = tuple((x.line_control, x.hcpcs, x.modifiers, x.charge, x.units, x.start_date) for x in claim.lines)
    return (claim.frequency, claim.original_reference, claim.authorizations, claim.diagnoses, lines)


def _by_member(denial: Denial, adjudicated: ClaimPayment, book: Book) -> ClaimFound:
    denied, member = denial.line, squeeze(member_id(adjudicated))
    if denied is None or not member or denied.service_date is None:
        return ClaimFound()
    claims = _of_payer(book.claims_by_member.get(member, ()), denial.remit.payer_id, book)
    fitting = [
        (claim, line)
        for claim in claims
        for line in claim.lines
        if _is_code(line, denied) and _is_day(line, denied) and _has_charge(line, denied)
    ]
    if len(fitting) == 1:
        rule = "CLP01 is no claim of ours; member id, code, date of service and charge fit one line"
        return ClaimFound(Found(fitting[0][0], rule), Found(fitting[0][1], rule), (fitting[0][0],))
    if not fitting:
        return ClaimFound()
    numbers = ", ".join(sorted({claim.claim_id for claim, _ in fitting}))
    says = f"CLP01 {denial.remit.claim_id} is no claim of ours, and several lines fit it (claims {numbers})."
    return ClaimFound(Found(ambiguous=(("claim-ambiguous", says),)))


def ambiguities(found: ClaimFound) -> Ambiguities:
    """Return what was ambiguous about the claim, then about its line."""
    return (*found.claim.ambiguous, *found.line.ambiguous)


def _is_code(line: ClaimLine, denied: DeniedLine) -> bool:
    return line.hcpcs.strip().upper() == (denied.hcpcs or "").strip().upper()


def _has_modifiers(line: ClaimLine, denied: DeniedLine) -> bool:
    return {m.upper() for m in line.modifiers} == {m.upper() for m in denied.modifiers}


def _is_day(line: ClaimLine, denied: DeniedLine) -> bool:
    if denied.service_date is None or line.start_date is None:
        return False
    return line.start_date <= denied.service_date <= (line.end_date or line.start_date)


def _has_charge(line: ClaimLine, denied: DeniedLine) -> bool:
    return line.charge == denied.charge
