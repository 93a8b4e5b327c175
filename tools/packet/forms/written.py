"""What a field's box shows: text set at the largest size at which all of it stays inside, or nothing."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
import yaml

FACE = "OvtHelv"
_SIZE, _SMALLEST, _STEP = 10.0, 5.5, 0.5
_LINE, _EDGE = 1.2, 2.0


@dataclass(frozen=True)
class Box:
    """The inside of a field in points; `cells` > 0: one letter a cell."""

    width: float
    height: float
    multiline: bool = False
    cells: int = 0


@cache
def _widths() -> dict[str, int]:
    data = yaml.safe_load((Path(__file__).parent / "face.yaml").read_text("utf-8"))
    listed = {chr(data["first"] + at): width for at, width in enumerate(data["widths"])}
    return {**listed, "": data["other"]}


def width_of(text: str, size: float) -> float:
    """Return how wide a text runs at a size, in points."""
    widths = _widths()
    return sum(widths.get(char, widths[""]) for char in text) * size / 1000


def add_face(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Add the plain face to a form, so that what is written does not depend on what the form happens to carry."""
    face = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    return pdf.make_indirect(face)


def written(box: Box, text: str) -> bytes | None:
    """Return the content that shows `text` inside a box; None when it does not fit at the smallest size."""
    if box.cells:
        return _celled(box, text)
    size = _SIZE
    while size >= _SMALLEST:
        lines = _lines(text, size, box.width - 2 * _EDGE) if box.multiline else [text]
        wide = all(width_of(line, size) <= box.width - 2 * _EDGE for line in lines)
        high = len(lines) * size * (_LINE if box.multiline else 1) <= box.height - (_EDGE if box.multiline else 0)
        if wide and high:
            return _set(box, lines, size)
        size -= _STEP
    return None


def _lines(text: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _set(box: Box, lines: list[str], size: float) -> bytes:
    first = box.height - _EDGE - size if box.multiline else (box.height - size) / 2 + size * 0.22
    parts = [b"/Tx BMC q BT", b"/%s %g Tf 0 g %g TL" % (FACE.encode(), size, size * _LINE)]
    parts.append(b"%.2f %.2f Td" % (_EDGE, first))
    parts += [b"%s Tj T*" % pikepdf.String(line.encode("cp1252").decode("latin-1")).unparse() for line in lines]
    return b"\n".join([*parts, b"ET Q EMC"])


def _celled(box: Box, text: str) -> bytes | None:
    cell = box.width / box.cells
    size = min(_SIZE, box.height - _EDGE)
    if len(text) > box.cells or any(width_of(char, size) > cell for char in text):
        return None
    low = (box.height - size) / 2 + size * 0.22
    parts = [b"/Tx BMC q BT /%s %g Tf 0 g" % (FACE.encode(), size)]
    for at, char in enumerate(text):
        middle = (at + 0.5) * cell - width_of(char, size) / 2
        shown = pikepdf.String(char.encode("cp1252").decode("latin-1")).unparse()
        parts.append(b"1 0 0 1 %.2f %.2f Tm %s Tj" % (middle, low, shown))
    return b"\n".join([*parts, b"ET Q EMC"])
