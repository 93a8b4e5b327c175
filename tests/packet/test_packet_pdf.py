"""The packet as a reader of the file sees it: pages, links, bookmarks, stability, foreign documents."""

import io
import zlib

import pikepdf
import pytest
from seed_letter import content, evidence, exhibits

from knowledge.types.letters import Exhibit, ExhibitPassage
from tools.packet.letter import bates_prefix, render_letter
from tools.packet.packet import build_packet


def foreign_pdf(pages: int = 2, *, rotate: int = 0, landscape: bool = False) -> bytes:
    pdf = pikepdf.new()
    size = (792, 612) if landscape else (612, 792)
    for number in range(pages):
        pdf.add_blank_page(page_size=size)
        page = pdf.pages[-1]
        page.obj.Contents = pdf.make_stream(f"0.9 g 50 50 400 400 re f % page {number}".encode())
        if rotate:
            page.obj.Rotate = rotate
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def embedding(data: bytes, **changes: object) -> Exhibit:
    base = Exhibit(
        key="chart:outside",
        title="Pathology report",
        source="DocumentReference/path-1",
        proves="Histology",
        pdf=data,
        passages=(ExhibitPassage(quote="adenocarcinoma, moderately differentiated", evidence="E9"),),
    )
    return base.model_copy(update=changes)


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def test_same_input_gives_the_same_bytes() -> None:
    one = build_packet(content(), (*exhibits(), embedding(foreign_pdf())), evidence())
    two = build_packet(content(), (*exhibits(), embedding(foreign_pdf())), evidence())
    assert one.packet == two.packet
    assert one.letter == two.letter
    assert one.packet_sha256 == two.packet_sha256


def test_another_date_gives_other_bytes() -> None:
    other = content(date=content().date.replace(day=2))
    assert build_packet(content(), (), ()).packet != build_packet(other, (), ()).packet


def test_letter_alone_is_archival_accessible_and_carries_its_fonts() -> None:
    with opened(render_letter(content(), exhibits(), evidence())) as pdf:
        meta = pdf.open_metadata()
        assert meta["pdfaid:part"] == "2"
        assert meta["pdfaid:conformance"] == "A"
        assert meta["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)


def test_pages_are_us_letter() -> None:
    with opened(build_packet(content(), exhibits(), evidence()).packet) as pdf:
        assert {tuple(int(v) for v in page.mediabox) for page in pdf.pages} == {(0, 0, 612, 792)}


def test_every_exhibit_is_bookmarked_and_begins_where_the_packet_says() -> None:
    packet = build_packet(content(), (*exhibits(), embedding(foreign_pdf())), evidence())
    with opened(packet.packet) as pdf:
        assert len(pdf.pages) == packet.pages
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles[0].startswith("RE: ")
    assert titles[1:] == [
        *(f"Exhibit {n} – {e.title}" for n, e in enumerate(exhibits(), start=1)),
        "Exhibit 7 – Pathology report",
    ]
    assert list(packet.first_pages.values()) == [3, 4, 5, 6, 7, 8, 9]
    assert packet.pages == 11


def link_pages(pdf: pikepdf.Pdf, page: int) -> list[int]:
    numbers = {p.obj.objgen: i for i, p in enumerate(pdf.pages, start=1)}
    found = []
    for note in pdf.pages[page - 1].obj.get("/Annots", []):
        destination = note.get("/Dest", note.get("/A", {}).get("/D") if "/A" in note else None)
        if isinstance(destination, pikepdf.String | pikepdf.Name):
            destination = pikepdf.NameTree(pdf.Root.Names.Dests)[str(destination)]
        found.append(numbers[destination[0].objgen])
    return found


def test_citations_link_to_the_page_of_their_exhibit() -> None:
    with opened(build_packet(content(), exhibits(), evidence()).packet) as pdf:
        assert set(link_pages(pdf, 1)) == {3, 4, 5, 6, 7, 8}
        assert set(link_pages(pdf, 2)) == {3, 4, 5, 6, 7, 8}


def test_foreign_pages_are_laid_into_numbered_pages_without_claiming_archival() -> None:
    packet = build_packet(content(), (embedding(foreign_pdf(3, landscape=True)),), ())
    assert {f.code for f in packet.findings} == {"evidence-without-exhibit", "not-archival"}
    with opened(packet.packet) as pdf:
        cover = packet.first_pages["chart:outside"]
        assert packet.pages == cover + 3
        assert "pdfaid:part" not in pdf.open_metadata()
        assert all("/XObject" in pdf.pages[n].obj.Resources for n in range(cover, packet.pages))


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7 nothing", b"plain text", b"%PDF-1.4\n" + b"\x00" * 5000],
    ids=["header only", "not a pdf", "zeroes"],
)
def test_unreadable_document_is_replaced_by_a_page_that_says_so(data: bytes) -> None:
    packet = build_packet(content(paragraphs=(), tables=()), (embedding(data),), ())
    assert [f.code for f in packet.findings] == ["document-not-embedded"]
    assert "Pathology report" in packet.findings[0].says
    assert packet.first_pages == {"chart:outside": packet.pages}


def test_small_file_that_unpacks_to_gigabytes_is_refused() -> None:
    with opened(foreign_pdf(1)) as pdf:
        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(b"q Q " * 2_500_000) for _ in range(6)) + packer.flush()
        pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, packed, Filter=pikepdf.Name.FlateDecode)
        buffer = io.BytesIO()
        pdf.save(buffer, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert len(buffer.getvalue()) < 1_000_000
    packet = build_packet(content(paragraphs=(), tables=()), (embedding(buffer.getvalue()),), ())
    assert [f.code for f in packet.findings] == ["document-not-embedded"]


def test_document_that_was_cut_off_is_embedded_as_far_as_it_goes_and_reported() -> None:
    packet = build_packet(content(paragraphs=(), tables=()), (embedding(foreign_pdf()[:300]),), ())
    assert [f.code for f in packet.findings] == ["document-repaired", "not-archival"]


def test_locked_document_is_refused() -> None:
    with opened(foreign_pdf()) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    packet = build_packet(content(paragraphs=(), tables=()), (embedding(buffer.getvalue()),), ())
    assert "password" in packet.findings[0].says


def test_scripts_attachments_and_open_actions_of_a_foreign_document_stay_behind() -> None:
    with opened(foreign_pdf(1)) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('evil-script')"))
        pdf.Root.OpenAction = pdf.make_indirect(script)
        pdf.Root.AA = pikepdf.Dictionary(WC=script)
        pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("x"), script]))
        pdf.attachments["payload.exe"] = b"evil-attachment"
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        pdf.pages[0].obj.Annots = pdf.make_indirect(
            pikepdf.Array(
                [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)]
            )
        )
        buffer = io.BytesIO()
        pdf.save(buffer)
    packet = build_packet(content(paragraphs=(), tables=()), (embedding(buffer.getvalue()),), ())
    assert [f.code for f in packet.findings] == ["not-archival"]
    with opened(packet.packet) as out:
        plain = io.BytesIO()
        out.save(
            plain,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    for trace in (b"evil-script", b"evil-attachment", b"/JavaScript", b"/OpenAction", b"/EmbeddedFile"):
        assert trace not in plain.getvalue()


def test_passage_that_does_not_stand_in_its_exhibit_is_reported() -> None:
    wrong = exhibits()[3].model_copy(update={"passages": (ExhibitPassage(quote="never written", evidence="E4"),)})
    packet = build_packet(content(), (*exhibits()[:3], wrong, *exhibits()[4:]), evidence())
    assert [(f.code, f.exhibit) for f in packet.findings] == [("passage-not-found", "chart:note")]


def test_cited_evidence_without_exhibit_is_reported() -> None:
    packet = build_packet(content(), exhibits()[1:], evidence())
    assert [f.code for f in packet.findings] == ["evidence-without-exhibit"]
    assert "E1" in packet.findings[0].says


def test_markup_in_data_is_shown_and_not_run() -> None:
    hostile = '#read("/etc/passwd") *bold* $x^2$ ]] @label <tag> \\ #set text(red) // no'
    packet = build_packet(content(subject=hostile, ask=hostile), exhibits(), evidence())
    with opened(packet.packet) as pdf, pdf.open_outline() as outline:
        assert outline.root[0].title == f"RE: {hostile}"


@pytest.mark.parametrize(
    ("denial_id", "prefix"),
    [
        ("d-7f3a91c2", "OVT-7F3A91C2"),
        ("", "OVT-0"),
        ("abc", "OVT-ABC"),
        ("deadbeef0123456789", "OVT-23456789"),
    ],
)
def test_bates_prefix_comes_from_the_denial_id(denial_id: str, prefix: str) -> None:
    assert bates_prefix(denial_id) == prefix
