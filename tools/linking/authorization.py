"""The authorization that governs a denied line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.practice import Authorization
from tools.denials.identity import squeeze
from tools.linking.book import Book
from tools.linking.families import drug_family
from tools.linking.found import Ambiguities, Found

ON_LINE = "REF*G1 of the claim line (2400)"
SAME_DRUG = "another product of the same drug"
FOR_ANOTHER = "the authorization is for another service"

Named = tuple[tuple[str, tuple[str, ...]], ...]
"""Authorization numbers by where they stand: (rule text, numbers), in order of trust."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The line that an authorization is wanted for.

    `siblings` are the codes of the other lines of the claim: a number on the claim may be meant for one of them.
    """

    hcpcs: str
    on: date | None
    named: Named
    siblings: tuple[str, ...]


def named_numbers(claim: SubmittedClaim | None, line: ClaimLine | None, remitted: Iterable[str]) -> Named:
    """Gather the authorization numbers on the line, on the claim, and on the remit, in that order."""
    return (
        (ON_LINE, line.authorizations if line is not None else ()),
        ("REF*G1 of the claim (2300)", claim.authorizations if claim is not None else ()),
        ("REF*G1 of the remit", tuple(remitted)),
    )


def find_authorization(
    named: Named,
    payer_id: str,
    member: str,
    hcpcs: str,
    on: date | None,
    book: Book,
    siblings: tuple[str, ...] = (),
) -> tuple[Found[Authorization], str]:
    """Find the authorization of a line; returns the row, and the number even when none of its rows fits.

    A number that the claim or the remit names counts first, if it belongs to this payer and member and is for the
    code or another product of the same drug. Then the member's row for the code in force on the date of service;
    then a named number that is for another service; then rows for the code on any date, and for another
    product of the drug. An approved row outranks others of its tier; several numbers that remain are ambiguous and
    not chosen between. Status does not matter otherwise: a denied or voided authorization is often the story.

    `named` are the numbers by place (`named_numbers`), `siblings` the codes of the claim's other lines.
    """
    wanted = _Wanted(hcpcs, on, named, siblings)
    rows = book.authorizations_by_member.get((payer_id, squeeze(member)), ()) if member else ()
    noted = _foreign(wanted, rows, book)
    for rule, fitting in _tiers(wanted, rows, book):
        found = _choose(rule, fitting, wanted.on)
        if found.record is not None or found.ambiguous:
            number = found.record.auth_number if found.record is not None else ""
            row = found.record if not rule.endswith(FOR_ANOTHER) or len(fitting) == 1 else None
            return Found(row, found.rule, (*noted, *found.ambiguous)), number
    return Found(ambiguous=noted), ""


def _foreign(wanted: _Wanted, rows: tuple[Authorization, ...], book: Book) -> Ambiguities:
    """Say which named numbers are on file for another member or payer."""
    own = _numbers(rows)
    return tuple(
        ("authorization-of-another", f"{rule} names {number}, which on file belongs to another member or payer.")
        for rule, numbers in wanted.named
        for number in numbers
        if squeeze(number) in book.authorizations_by_number and squeeze(number) not in own
    )


def _tiers(wanted: _Wanted, rows: tuple[Authorization, ...], book: Book) -> Iterable[tuple[str, list[Authorization]]]:
    coded = [row for row in rows if _is_code(row, wanted.hcpcs)]
    family = [row for row in rows if _is_family(row, wanted.hcpcs, wanted.on, book)]
    named = [(rule, {squeeze(n) for n in numbers if n.strip()}) for rule, numbers in wanted.named]
    for rule, numbers in named:
        yield rule, [row for row in coded if squeeze(row.auth_number) in numbers]
        yield f"{rule}; {SAME_DRUG}", [row for row in family if squeeze(row.auth_number) in numbers]
    base = "payer, member and code"
    yield f"{base}, in force on the date of service", [r for r in coded if in_force(r, wanted.on)]
    for rule, numbers in named:
        other = [row for row in rows if squeeze(row.auth_number) in numbers]
        if rule == ON_LINE or not _is_for_sibling(other, wanted, book):
            yield f"{rule}; {FOR_ANOTHER}", other
    yield f"{base}, not in force on the date of service", coded
    yield (
        f"payer, member and {SAME_DRUG}, in force on the date of service",
        [row for row in family if in_force(row, wanted.on)],
    )


def _is_for_sibling(rows: list[Authorization], wanted: _Wanted, book: Book) -> bool:
    """Tell whether a number on the claim is meant for another drug of it; an administration goes with its drug."""
    if wanted.on is None or book.hcpcs.lookup(wanted.hcpcs, wanted.on) is None:
        return False
    return any(_is_code(row, sibling) for row in rows for sibling in wanted.siblings)


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
