"""Find one claim in the 837P it was sent in: its envelope, its hierarchy, its segments, byte for byte."""

from collections.abc import Sequence

from msgspec import Struct

from tools.corrected_claim.order import Segment
from tools.corrected_claim.refusal import CorrectionRefused
from tools.x12.interchanges import Interchange
from tools.x12.transactions import Transaction, open_file, raw_segments, select_transactions

_GUIDE = "005010X222"
_ASK = "get the file again from the system that sent it"
_ELSEWHERE = "correct this claim in the system that made it"


class ClaimSource(Struct, frozen=True):
    """One claim and what it needs around it. Texts are latin-1, so that encoding gives back the bytes sent.

    `group` is the GS. `header` runs from ST to the last segment before the first HL; `levels` are the claim's
    own hierarchy, outermost first (billing provider, subscriber, then the patient when the patient is another
    person), each from its HL to the last segment before its claims. `where` names the claim's spot for
    people.
    """

    interchange: Interchange
    group: Segment
    header: list[Segment]
    levels: list[list[Segment]]
    claim: list[Segment]
    where: str


def find_claim(data: bytes, file: str, claim_id: str) -> ClaimSource:
    """Find the claim whose CLM01 is `claim_id` in an 837P (005010X222).

    Raises CorrectionRefused when it is not there, there more than once, when the file is cut off or has no
    envelope, and when the claim is not a professional one of that guide.
    """
    opened = open_file(data, file)
    if opened.truncated is not None:
        raise CorrectionRefused("truncated", opened.truncated.says, file, _ASK)
    found: list[tuple[Transaction, list[Segment], int]] = []
    for transaction in select_transactions(opened, "837")[0]:
        segments = _segments(transaction)
        found += [
            (transaction, segments, at)
            for at, segment in enumerate(segments)
            if segment[0] == "CLM" and _element(segment, 1) == claim_id
        ]
    if not found:
        what = f"no claim {claim_id!r} is in this file"
        raise CorrectionRefused("claim-not-found", what, file, "name the 837P it was sent in")
    if len(found) > 1:
        spots = ", ".join(f"segment {transaction.segment + at}" for transaction, _, at in found)
        what = f"claim {claim_id!r} stands {len(found)} times in this file ({spots})"
        raise CorrectionRefused("claim-found-twice", what, file, "a person must say which one was adjudicated")
    transaction, segments, at = found[0]
    where = f"{file}, segment {transaction.segment + at} (CLM*{claim_id})"
    _check(transaction, len(segments), where)
    return _source(transaction, segments, at, where)


def _element(segment: Sequence[str], index: int) -> str:
    return segment[index] if index < len(segment) else ""


def _segments(transaction: Transaction) -> list[Segment]:
    mark = transaction.interchange.delimiters.element
    return [text.split(mark) for text in raw_segments(transaction) if text.strip()]


def _check(transaction: Transaction, count: int, where: str) -> None:
    if not transaction.interchange.isa or not transaction.group or not transaction.opening:
        what = "the file has no ISA, GS and ST, so sender and receiver of a corrected file are unknown"
        raise CorrectionRefused("no-envelope", what, where, _ASK)
    declared = _element(transaction.closing or (), 1).strip()
    if declared.lstrip("0") != str(count + 1):
        what = f"SE01 says {declared!r} segments and {count + 1} are there: text is missing or was added"
        raise CorrectionRefused("truncated", what, where, _ASK)
    guide = _element(transaction.opening, 3) or _element(transaction.group, 7)
    if not guide.startswith(_GUIDE):
        what = f"the transaction follows {guide!r}, not the professional claim guide {_GUIDE}"
        raise CorrectionRefused("not-professional", what, where, _ELSEWHERE)


def _source(transaction: Transaction, segments: list[Segment], at: int, where: str) -> ClaimSource:
    levels = [_level(segments, position) for position in _ancestry(segments, at, where)]
    after = (place for place in range(at + 1, len(segments)) if segments[place][0] in ("CLM", "HL"))
    claim = segments[at : next(after, len(segments))]
    lines = [place for place, segment in enumerate(claim) if segment[0] == "LX"]
    if not lines or any(_tag(claim, place + 1) != "SV1" for place in lines):
        what = "the claim has no service lines of the form LX, SV1"
        raise CorrectionRefused("not-professional", what, where, _ELSEWHERE)
    first_level = next(place for place, segment in enumerate(segments) if segment[0] == "HL")
    return ClaimSource(
        transaction.interchange,
        ["GS", *transaction.group],
        segments[:first_level],
        levels,
        claim,
        where,
    )


def _tag(segments: Sequence[Segment], at: int) -> str:
    return segments[at][0] if at < len(segments) else ""


def _ancestry(segments: Sequence[Segment], at: int, where: str) -> list[int]:
    """Return the positions of the HLs above a claim, outermost first; the nearest before is the parent."""
    chain: list[int] = []
    wanted: str | None = None
    for place in range(at, 0, -1):
        segment = segments[place]
        if segment[0] == "HL" and (wanted is None or _element(segment, 1) == wanted):
            chain.insert(0, place)
            wanted = _element(segment, 2)
            if not wanted:
                break
    kinds = [_element(segments[place], 3) for place in chain]
    if kinds not in (["20", "22"], ["20", "22", "23"]):
        what = f"the levels above the claim are {kinds}, not provider (20), subscriber (22), patient (23)"
        raise CorrectionRefused("hierarchy-broken", what, where, _ASK)
    return chain


def _level(segments: Sequence[Segment], start: int) -> list[Segment]:
    end = start + 1
    while segments[end][0] not in ("HL", "CLM"):
        end += 1
    return list(segments[start:end])
