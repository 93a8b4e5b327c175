"""Write the file around one claim: fresh control numbers, its hierarchy counted anew, true trailers."""

from knowledge.types.corrections import ControlNumbers, DiffRow
from tools.corrected_claim.order import Segment
from tools.corrected_claim.source import ClaimSource

_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_WHY = "A file of one claim with its own control numbers, date and counts"


def write_file(
    source: ClaimSource,
    sent: list[list[Segment]],
    claim: list[Segment],
    control: ControlNumbers,
) -> tuple[bytes, list[DiffRow]]:
    """Return the bytes of an interchange that holds the one claim, and the rows of what its envelope changed.

    `sent` are the claim's levels as they are to stand, `claim` its segments.

    Delimiters, sender, receiver and every segment of the header and of the claim's levels stay as sent.
    BHT03-05 get a batch number and moment of their own, since a receiver drops a batch it has seen. HL04 says
    whether a level below follows in this file.
    """
    rows: list[DiffRow] = []
    header = _header(source, control, rows)
    levels = _levels(sent, rows)
    body = [*header, *(segment for level in levels for segment in level), *claim]
    reference = control.transaction
    ending = [
        ["SE", str(len(body) + 1), reference],
        ["GE", "1", str(control.group)],
        ["IEA", "1", f"{control.interchange:09d}"],
    ]
    group = _replaced(
        "GS",
        source.group,
        {4: _day(control), 5: _clock(control), 6: str(control.group)},
        rows,
    )
    segments = [_isa(source, control, rows), group, *body, *ending]
    element = source.interchange.delimiters.element
    separator = source.interchange.separator.decode("latin-1")
    text = "".join(element.join(segment) + separator for segment in segments)
    return text.encode("latin-1"), rows


def _day(control: ControlNumbers) -> str:
    return control.date.strftime("%Y%m%d")


def _clock(control: ControlNumbers) -> str:
    return control.time.strftime("%H%M")


def _isa(source: ClaimSource, control: ControlNumbers, rows: list[DiffRow]) -> Segment:
    """Write the ISA in its fixed widths, whatever the width in the file sent."""
    fields = [field.strip().ljust(width) for field, width in zip(source.interchange.isa, _ISA_WIDTHS, strict=True)]
    fields[15] = source.interchange.delimiters.component
    fresh = {
        9: control.date.strftime("%y%m%d"),
        10: _clock(control),
        13: f"{control.interchange:09d}",
    }
    return _replaced("ISA", ["ISA", *fields], fresh, rows)


def _header(source: ClaimSource, control: ControlNumbers, rows: list[DiffRow]) -> list[Segment]:
    batch = control.batch or f"{control.interchange:09d}{control.transaction}"
    fresh = {
        "ST": {2: control.transaction},
        "BHT": {3: batch, 4: _day(control), 5: _clock(control)},
    }
    return [_replaced(segment[0], segment, fresh.get(segment[0], {}), rows) for segment in source.header]


def _levels(levels: list[list[Segment]], rows: list[DiffRow]) -> list[list[Segment]]:
    written: list[list[Segment]] = []
    last = len(levels)
    for number, level in enumerate(levels, start=1):
        parent = str(number - 1) if number > 1 else ""
        fresh = {1: str(number), 2: parent, 4: "1" if number < last else "0"}
        written.append([_replaced("HL", level[0], fresh, rows), *level[1:]])
    return written


def _replaced(tag: str, segment: Segment, fresh: dict[int, str], rows: list[DiffRow]) -> Segment:
    new = list(segment)
    for index, value in sorted(fresh.items()):
        new += [""] * (index + 1 - len(new))
        if new[index] != value:
            rows.append(
                DiffRow(
                    part="envelope",
                    loop="envelope" if tag != "HL" else "hierarchy",
                    segment=tag,
                    element=f"{tag}{index:02d}",
                    before=new[index],
                    after=value,
                    why=_WHY,
                )
            )
            new[index] = value
    return new
