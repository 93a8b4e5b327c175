"""Name a provider by role and NPI: loops 2310 of the claim, 2420 of a line."""

import re
from collections.abc import Sequence

from knowledge.types.corrections import SetProvider
from tools.corrected_claim.draft import Draft, element, same_case
from tools.corrected_claim.order import Segment, loop_end

_LAST, _FIRST, _MIDDLE = 60, 35, 25  # NM103, NM104, NM105
_NPI = re.compile(r"[0-9]{10}")
_CLAIM_ORDER = ("DN", "P3", "82", "77", "DQ", "PW", "45")
_LINE_ORDER = ("82", "QB", "77", "DQ", "DK", "DN", "P3", "PW", "45")
_AFTER = frozenset({"SBR", "SVD", "LQ", "LX"})


def set_provider(draft: Draft, change: SetProvider) -> None:
    """Write NM1 of the role, in place of the one there or where the guide has it.

    A PRV (taxonomy) stays, and is told when the person changes. A REF beneath belongs to the person it was sent with
    and goes with them. Raises CorrectionRefused for an NPI that is not ten digits, a blank name, an ordering
    provider (DK) for the claim as a whole, and several NM1 of the role.
    """
    if change.line is None:
        within, start, loop = draft.head, loop_end("2300", draft.head), "2310"
        order: tuple[str, ...] = _CLAIM_ORDER
    else:
        line = draft.line(change.line)
        within, loop, order = line.segments, f"2420 line {line.number}", _LINE_ORDER
        start = loop_end("2410", line.segments, loop_end("2400", line.segments))
    _check(draft, change, loop)
    end = next((at for at in range(start, len(within)) if within[at][0] in _AFTER), len(within))
    if change.line is None:
        _tell_of_lines(draft, change)
    named = [segment for segment in within[start:end] if segment[0] == "NM1" and element(segment, 1) == change.role]
    if len(named) > 1:
        what = f"{len(named)} providers of role {change.role} stand there"
        raise draft.refusal("several-providers", what, "a person must say which one is replaced", loop)
    if named:
        _replace(draft, change, loop, within, named[0])
        return
    model = next((segment for segment in within[start:end] if segment[0] == "NM1"), [])
    last, first, middle = _written(change, element(model, 3) or _person_sent(draft))
    segment = ["NM1", change.role, "1", last, first, middle, "", "", "XX", change.npi]
    at = _place(within, start, end, change.role, order)
    draft.insert(loop, within, segment, change, at=at)


def _tell_of_lines(draft: Draft, change: SetProvider) -> None:
    """A line's own provider goes before the claim's, so one that differs is worth a look."""
    for line in draft.lines:
        for segment in line.segments:
            if segment[:2] == ["NM1", change.role] and element(segment, 9) != change.npi:
                says = f"the line keeps NPI {element(segment, 9)} as {change.role}, which goes before the claim's"
                draft.note("warning", "line-provider-differs", says, line.loop)


def _replace(draft: Draft, change: SetProvider, loop: str, within: list[Segment], segment: Segment) -> None:
    other = element(segment, 9) != change.npi
    if not other and element(segment, 3):
        draft.note("info", "already-so", f"NPI {change.npi} is named already", loop)
        return
    sent = element(segment, 3) or _person_sent(draft)
    wanted = ("1", *_written(change, sent), "", "", "XX", change.npi)
    for index, value in enumerate(wanted, start=2):
        if value or element(segment, index):
            draft.set(loop, segment, index, value, change)
    at = next(place for place, candidate in enumerate(within) if candidate is segment) + 1
    beneath: list[Segment] = []
    while at < len(within) and within[at][0] in ("PRV", "REF", "N2", "N3", "N4", "PER"):
        beneath.append(within[at])
        at += 1
    for each in beneath:
        if each[0] == "PRV":
            says = f"the taxonomy {element(each, 3)} stays as sent: check that it is that of {change.last}"
            draft.note("info", "taxonomy-as-sent", says, loop)
        else:
            draft.take_out(loop, within, each, change)


def _written(change: SetProvider, sent: str) -> tuple[str, str, str]:
    return (same_case(sent, change.last), same_case(sent, change.first), same_case(sent, change.middle))


def _person_sent(draft: Draft) -> str:
    """Return a name as the sender writes names: the subscriber's."""
    return next((element(s, 3) for s in draft.levels[1] if s[0] == "NM1" and element(s, 1) == "IL"), "")


def _place(within: Sequence[Segment], start: int, end: int, role: str, order: tuple[str, ...]) -> int:
    """Return where the role's loop belongs: before the first provider that comes after it."""
    later = order[order.index(role) + 1 :]
    return next((at for at in range(start, end) if within[at][0] == "NM1" and element(within[at], 1) in later), end)


def _check(draft: Draft, change: SetProvider, loop: str) -> None:
    if change.role == "DK" and change.line is None:
        what = "an ordering provider (DK) stands on a line, never on the claim"
        raise draft.refusal("provider-misplaced", what, "name the line", loop)
    if _NPI.fullmatch(change.npi) is None:
        what = f"{change.npi!r} is no NPI (ten digits)"
        raise draft.refusal("npi-malformed", what, "give it as the registry has it", loop)
    if not _check_digit(change.npi):
        draft.note("warning", "npi-check-digit", f"NPI {change.npi} has a wrong check digit: look it up", loop)
    draft.check_value(change.last, _LAST, "last name", loop)
    draft.check_value(change.first, _FIRST, "first name", loop)
    if change.middle:
        draft.check_value(change.middle, _MIDDLE, "middle name", loop)


def _check_digit(npi: str) -> bool:
    """Tell whether the last digit is the Luhn digit over 80840 and the NPI (45 CFR 162.406)."""
    total = 24  # what 80840 adds
    for at, digit in enumerate(reversed(npi)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
