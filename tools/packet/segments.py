"""Read a quoted X12 segment for what it supports: which element is an amount, a quantity, a code."""

import re
from collections.abc import Iterator
from datetime import date

from tools.packet.statements import Statement, decimal_key

# Element position (from 1) to unit ("*" = any), by segment (005010X221A1, X222A2, X214). Unlisted elements support
# identifiers and dates only, so that the "198" of a reason code never supports 198 units.
_NUMBERS: dict[str, dict[int, str]] = {
    "AMT": {2: "$"},
    "BPR": {2: "$"},
    "CLM": {2: "$"},
    "CLP": {3: "$", 4: "$", 5: "$"},
    "CTP": {4: "*"},
    "MEA": {3: "*"},
    "PLB": {4: "$", 6: "$", 8: "$", 10: "$"},
    "QTY": {2: "*"},
    "STC": {4: "$"},
    "SV1": {2: "$", 4: "units"},
    "SV2": {3: "$", 5: "units"},
    "SVC": {2: "$", 3: "$", 5: "units", 7: "units"},
    "SVD": {2: "$", 5: "units"},
}
_SEGMENT = re.compile(r"^[A-Z][A-Z0-9]{1,2}([^\w\s])")
_COMPACT = re.compile(r"(?:19|20)\d{6}")


def looks_like_segments(text: str) -> bool:
    """Tell whether `text` begins as an X12 segment does ("CAS*CO*198")."""
    return bool(_SEGMENT.match(text.strip()))


def segment_statements(text: str) -> Iterator[Statement]:
    """Yield what the segments of `text` state; segments end with "~" or a line break."""
    for raw in re.split(r"[~\n\r]+", text):
        segment = raw.strip()
        begin = _SEGMENT.match(segment)
        if begin is None:
            continue
        elements = segment.split(begin.group(1))
        if elements[0] == "CAS":
            yield from _adjustments(elements)
            continue
        units = _NUMBERS.get(elements[0], {})
        for position, element in enumerate(elements[1:], start=1):
            if position in units and (key := decimal_key(element)) is not None:
                yield Statement("number", key, element, units[position])
            else:
                yield from _element(element)


def _adjustments(elements: list[str]) -> Iterator[Statement]:
    group = elements[1] if len(elements) > 1 else ""
    yield Statement("code", group, group)
    for at in range(2, len(elements), 3):
        reason, amount, quantity = [*elements[at : at + 3], "", ""][:3]
        if reason:
            yield Statement("reason", f"{group}-{reason}", f"{group}-{reason}")
            yield Statement("code", reason, reason)
        for figure, unit in ((amount, "$"), (quantity, "units")):
            if figure and (key := decimal_key(figure)) is not None:
                yield Statement("number", key, figure, unit)


def _element(element: str) -> Iterator[Statement]:
    if not element:
        return
    yield Statement("code", element.upper(), element)
    for part in re.split(r"[^\w.-]+", element):
        if part:
            yield Statement("code", part.upper(), part)
            yield Statement("name", part.casefold(), part)
        for compact in _COMPACT.findall(part):
            try:
                day = date(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
            except ValueError:
                continue
            yield Statement("date", day.isoformat(), compact)
