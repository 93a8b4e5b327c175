"""Typeset data to PDF with typst: fixed fonts, fixed clock, no system files, data never markup."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

TEMPLATES = Path(__file__).parent / "typst"

# Archival and accessible at once; a packet that carries foreign pages cannot promise either of them.
ARCHIVAL: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]


class TypesettingError(ValueError):
    """The letter could not be typeset. Its content holds something the template cannot lay out."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"The letter could not be typeset: {detail}. Its content holds something the template cannot lay out."
        )


@dataclass(frozen=True)
class Typeset:
    """A finished PDF, its number of pages, and the page (from 1) on which each labelled target stands."""

    pdf: bytes
    total: int
    pages: Mapping[str, int]


@cache
def _fonts() -> typst.Fonts:
    # Only the fonts inside the typst wheel: the same bytes on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def typeset(data: Mapping[str, Any], day: date, *, archival: bool = True) -> Typeset:
    """Return the PDF of `data` laid out by `packet.typ`, byte-identical for identical input.

    `day` becomes the creation date (midnight UTC). `archival` asks for PDF/A-2a and PDF/UA-1.
    Raises TypesettingError when typst refuses.
    """
    compiler = typst.Compiler(
        input=TEMPLATES / "packet.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
    )
    try:
        pdf = compiler.compile(
            format="pdf",
            pdf_standards=list(ARCHIVAL) if archival else [],
            timestamp=datetime.combine(day, time(), tzinfo=UTC),
        )
        found = json.loads(compiler.query("<report>", field="value", one=True))
    except typst.TypstError as error:
        raise TypesettingError(error.message) from error
    if not isinstance(pdf, bytes):
        raise TypesettingError("typst returned no document")
    return Typeset(pdf=pdf, total=int(found["total"]), pages={t: int(page) for t, page in found["pages"]})
