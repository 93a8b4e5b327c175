"""Set one page of our own from its template and its data, as PDF/A and PDF/UA."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from tools.packet.typesetting import ARCHIVAL, TypesettingError

_ROOT = Path(__file__).parents[1]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def typeset_page(template: str, data: dict[str, Any], day: date) -> bytes:
    """Return the PDF (PDF/A-2a, PDF/UA-1) of a template below tools/; identical input gives identical bytes.

    Raises:
        TypesettingError: the data cannot be laid out.
    """
    compiler = typst.Compiler(
        input=_ROOT / template,
        root=_ROOT,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
    )
    try:
        pdf = compiler.compile(
            format="pdf", pdf_standards=list(ARCHIVAL), timestamp=datetime.combine(day, time(), tzinfo=UTC)
        )
    except typst.TypstError as error:
        raise TypesettingError(error.message) from error
    if not isinstance(pdf, bytes):
        raise TypesettingError("typst returned no document")
    return pdf
