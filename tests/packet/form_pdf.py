"""A payer's PDF form as it might come: text fields, a tall one, a tiny one, one of cells, a box to tick. Invented."""

import io

import pikepdf
from pikepdf import Dictionary, Name, String

_MULTILINE, _COMB = 1 << 12, 1 << 24


def form_pdf(*, xfa: bool = False) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    page = pdf.pages[0]
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    rows = {
        "Member Name": (700, 300, 18, 0),
        "Member ID": (660, 300, 18, 0),
        "Reason": (480, 300, 100, _MULTILINE),
        "Tiny": (400, 20, 18, 0),
        "NPI": (360, 200, 18, _COMB),
    }
    fields = [
        pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String(name),
                Rect=[200, y, 200 + width, y + height],
                Ff=flags,
                F=4,
                DA=String("/F1 0 Tf 0 g"),
                P=page.obj,
                **({"MaxLen": 10} if flags == _COMB else {}),
            )
        )
        for name, (y, width, height, flags) in rows.items()
    ]
    looks = {}
    for state, drawn in (("Yes", b"q 2 2 m 12 12 l S Q"), ("Off", b"q Q")):
        stream = pdf.make_stream(drawn)
        stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, pikepdf.Array([0, 0, 14, 14])
        looks[state] = stream
    box = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("Box1"), Rect=[200, 320, 214, 334], F=4
    )
    box.AS = box.V = Name.Off
    box.AP = Dictionary(N=Dictionary(**looks))
    fields.append(pdf.make_indirect(box))
    page.obj.Contents = pdf.make_stream(b"BT /F1 16 Tf 60 740 Td (Provider Dispute Form) Tj ET")
    page.obj.Annots = pdf.make_indirect(pikepdf.Array(fields))
    acroform = Dictionary(Fields=pikepdf.Array(fields), DR=Dictionary(Font=Dictionary(F1=font)), DA=String("/F1 0 Tf"))
    if xfa:
        acroform.XFA = String("<xdp/>")
    pdf.Root.AcroForm = pdf.make_indirect(acroform)
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
