"""The text layer of PDF reports: read in page order when every glyph is known, else not at all."""

import io

import pikepdf
import pytest

from tools.chart.pdf_text import pdf_text


def made(content: str, *, font: str = "/Type1", base: str = "/Courier", encoding: str = "/WinAnsiEncoding") -> bytes:
    """Write a PDF of one page with one simple font and this content stream."""
    pdf = pikepdf.new()
    face = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name(font), BaseFont=pikepdf.Name(base),
    )  # fmt: skip
    if encoding:
        face["/Encoding"] = pikepdf.Name(encoding)
    pdf.add_blank_page(page_size=(612, 792))
    page = pdf.pages[0]
    page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=face))
    page.obj["/Contents"] = pdf.make_stream(content.encode("latin-1"))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("BT /F1 10 Tf 12 TL 60 700 Td (HER2 IHC 3+.) Tj T* (ISH not done.) Tj ET", "HER2 IHC 3+.\nISH not done."),
        ("BT /F1 10 Tf 60 700 Td [(KRAS ) -20 (G12D)] TJ ET", "KRAS G12D"),
        ("BT /F1 10 Tf 60 700 Td [(KRAS) -700 (G12D)] TJ ET", "KRAS G12D"),
        ("BT /F1 10 Tf 1 0 0 1 60 680 Tm (second) Tj 1 0 0 1 60 700 Tm (first) Tj ET", "first\nsecond"),
        ("BT /F1 10 Tf 1 0 0 1 300 700 Tm (85%) Tj 1 0 0 1 60 700 Tm (FRalpha) Tj ET", "FRalpha   85%"),
        ("q 2 0 0 2 0 0 cm BT /F1 10 Tf 12 TL 30 300 Td (ER 90%) ' ET Q", "ER 90%"),
        ("BT /F1 10 Tf 60 700 Td (1.8 \\(ratio\\)) Tj ET", "1.8 (ratio)"),
    ],
)
def test_text_is_read_line_by_line(content: str, text: str) -> None:
    assert pdf_text(made(content)) == text


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 ...", b"not a pdf", made("0 0 10 10 re f"), made("BT 60 700 Td (no font) Tj ET"),
     made("BT /F1 10 Tf 60 700 Td (abc) Tj ET", base="/ABCDEF+Subset", encoding=""),
     made("BT /F1 10 Tf 60 700 Td (abc) Tj ET", font="/Type0")],
)  # fmt: skip
def test_a_file_whose_text_is_not_sure_gives_none(data: bytes) -> None:
    assert pdf_text(data) == ""


def test_a_truncated_file_does_not_raise() -> None:
    whole = made("BT /F1 10 Tf 60 700 Td (HER2 IHC 3+) Tj ET")
    for end in range(0, len(whole), 37):
        assert pdf_text(whole[:end]) in ("", "HER2 IHC 3+")
