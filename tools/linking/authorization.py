"""The authorization that governs a denied line."""

from collections.abc import Iterable
from datetime import date

from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.practice import Authorization
from tools.denials.identity import squeeze
from tools.linking.book import Book
from tools.linking.families import drug_family
from tools.linking.found import Ambiguities, Found

Named = tuple[tuple[str, tuple[str, ...]], ...]
"""Authorization numbers by where they stand: (rule text, numbers), in order of trust."""


def named_numbers(claim: SubmittedClaim | None, line: ClaimLine | None, remitted: Iterable[str]) -> Named:
    """Gather the authorization numbers on the line, on the claim, and on the remit, in that order."""
    return (
        ("REF*G1 of the claim line (2400)", line.authorizations if line is not None else ()),
        ("REF*G1 of the claim (2300)", claim.authorizations if claim is not None else ()),
        ("REF*G1 of the remit", tuple(remitted)),
    )


def find_authorization(
    named: Named, payer_id: str, member: str, hcpcs: str, on: date | None, book: Book
) -> tuple[Found[Authorization], str]:
    """Find the authorization of a line; returns the row, and the number even when none of its rows fits.

    First the numbers that the claim or the remit names, if they belong to this payer and member; then the
    member's rows for the code in force on the date of service, for the code on any date, for another
    product of the same drug. An approved row outranks others of its tier; several numbers that remain are
    ambiguous and not chosen between. Status does not matter otherwise: a denied or voided authorization is
    often the story.
    """
    rows = book.authorizations_by_member.get((payer_id, squeeze(member)), ()) if member else ()
    noted: Ambiguities = ()
    for rule, numbers in named:
        found, number, says = _by_number(rule, numbers, rows, hcpcs, on, book)
        noted += says
        if number or found.ambiguous:
            return Found(found.record, found.rule, (*noted, *found.ambiguous)), number
    for rule, fitting in _tiers(rows, hcpcs, on, book):
        found = _choose(rule, fitting, on)
        if found.record is not None or found.ambiguous:
            number = found.record.auth_number if found.record is not None else ""
            return Found(found.record, found.rule, (*noted, *found.ambiguous)), number
    return Found(ambiguous=noted), ""


def _by_number(
    rule: str, numbers: tuple[str, ...], rows: tuple[Authorization, ...], hcpcs: str, on: date | None, book: Book
) -> tuple[Found[Authorization], str, Ambiguities]:
    """Join a named number: its row for the code, else for the same drug, else the number alone."""
    wanted = {squeeze(n) for n in numbers if n.strip()}
    own = [row for row in rows if squeeze(row.auth_number) in wanted]
    foreign = [n for n in numbers if squeeze(n) in book.authorizations_by_number and squeeze(n) not in _numbers(own)]
    says = tuple(
        ("authorization-of-another", f"{rule} names {n}, which on file belongs to another member or payer.")
        for n in foreign
    )
    if not own:
        return Found(), "", says
    about = [r for r in own if _is_code(r, hcpcs)] or [r for r in own if _is_family(r, hcpcs, on, book)]
    if len(_numbers(about or own)) > 1:
        return _choose(rule, about or own, on), "", says
    number = (about or own)[0].auth_number
    if not about:
        only = own[0] if len(own) == 1 else None
        return Found(only, f"{rule}; the authorization is for another service"), number, says
    return Found(_best(about, on), rule), number, says


def _tiers(
    rows: tuple[Authorization, ...], hcpcs: str, on: date | None, book: Book
) -> Iterable[tuple[str, list[Authorization]]]:
    coded = [row for row in rows if _is_code(row, hcpcs)]
    family = [row for row in rows if _is_family(row, hcpcs, on, book)]
    base = "payer, member and code"
    yield f"{base}, in force on the date of service", [r for r in coded if in_force(r, on)]
    yield f"{base}, not in force on the date of service", coded
    same_drug = "payer, member and another product of the same drug"
    yield f"{same_drug}, in force on the date of service", [r for r in family if in_force(r, on)]


def _choose(rule: str, rows: list[Authorization], on: date | None) -> Found[Authorization]:
    """Choose among rows of one tier: the only number, the only approved one, the last to end before the service."""
    if not rows:
        return Found()
    approved = [row for row in rows if row.status == "approved"]
    for candidates, suffix in ((rows, ""), (approved, "; the only approved one")):
        if len(_numbers(candidates)) == 1:
            return Found(_best(candidates, on), rule + suffix)
    pool = approved or rows
    ended = {row.end_date for row in pool if row.end_date is not None and on is not None and row.end_date < on}
    if ended and all(row.end_date in ended for row in pool):
        last = [row for row in pool if row.end_date == max(ended)]
        if len(_numbers(last)) == 1:
            return Found(_best(last, on), f"{rule}; the last to end before it")
    names = ", ".join(sorted({row.auth_number for row in pool}))
    says = f"Authorizations {names} fit equally ({rule}); none was chosen."
    return Found(ambiguous=(("authorization-ambiguous", says),))


def _best(rows: list[Authorization], on: date | None) -> Authorization:
    """Return the row of one number to show: approved before others, in force before not, then as filed."""
    return min(rows, key=lambda r: (r.status != "approved", not in_force(r, on)))


def in_force(row: Authorization, on: date | None) -> bool:
    """Tell whether a row's window holds the day; a blank end is open, and an unknown day is in no window."""
    if on is None:
        return False
    return (row.start_date is None or row.start_date <= on) and (row.end_date is None or on <= row.end_date)


def _is_code(row: Authorization, hcpcs: str) -> bool:
    return hcpcs.strip().upper() in {code.upper() for code in row.hcpcs}


def _is_family(row: Authorization, hcpcs: str, on: date | None, book: Book) -> bool:
    if on is None:
        return False
    family = drug_family(hcpcs, on, book.hcpcs)
    return family is not None and any(drug_family(code, on, book.hcpcs) == family for code in row.hcpcs)


def _numbers(rows: Iterable[Authorization]) -> set[str]:
    return {squeeze(row.auth_number) for row in rows}
