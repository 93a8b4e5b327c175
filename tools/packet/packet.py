"""Build the packet: letter, index and exhibits as one numbered, bookmarked, cross-linked PDF."""

import hashlib
from collections.abc import Sequence

import pikepdf

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, LetterContent
from knowledge.types.practice import Frozen
from tools.packet.citations import cited_ids, exhibit_target, resolve
from tools.packet.exhibits import ExhibitLayout, ForeignPages, lay_out
from tools.packet.foreign import Foreign, ForeignPdfRefused, Slot, lay_in, open_foreign
from tools.packet.form_pages import PlacedForm, place_forms
from tools.packet.forms import FilledForm
from tools.packet.letter import letter_data, render_letter
from tools.packet.necessary import necessary
from tools.packet.told import PacketFinding, pages_left_out, told_of, told_of_law
from tools.packet.typesetting import Typeset, typeset

# The free area of a frame page in typst/exhibit.typ, in points: below its head, above its foot.
FRAME = pikepdf.Rectangle(36, 62, 576, 740)


class Packet(Frozen):
    """The finished work product. `first_pages` maps exhibit keys to their first packet page (from 1)."""

    letter: bytes
    letter_sha256: str
    packet: bytes
    packet_sha256: str
    pages: int
    first_pages: dict[str, int]
    findings: tuple[PacketFinding, ...] = ()


def build_packet(
    content: LetterContent,
    exhibits: Sequence[Exhibit],
    evidence: Sequence[Evidence] = (),
    forms: Sequence[FilledForm] = (),
) -> Packet:
    """Return letter and packet as PDF with their hashes; identical input gives identical bytes.

    `forms` are its first pages, then the letter. Exhibits keep their order and are numbered from 1. `evidence` lets a
    citation find its exhibit by `Evidence.exhibit` where no passage or list of the exhibit names it. A PDF that cannot
    be embedded is replaced by a page that says so, and reported. Without PDFs from elsewhere the packet is PDF/A-2a
    and PDF/UA-1; with them it is tagged and claims neither, which is reported.
    Raises TypesettingError when the content cannot be laid out.
    """
    exhibits = [
        necessary(one.model_copy(update={"whole": one.whole or content.kind == "records_response"})) for one in exhibits
    ]
    opened, findings = _open_all(exhibits)
    layouts = _layouts(exhibits, opened)
    findings += _lost(exhibits, layouts)
    findings += _uncovered(content, exhibits, evidence)
    findings += told_of(exhibits, {n: one for n, one in opened.items() if isinstance(one, Foreign)})
    findings += told_of_law(content, evidence)
    placed, refused = place_forms(forms)
    findings += refused
    laid, packet = _compose(content, exhibits, evidence, layouts, opened, placed)
    before = laid.pages["letter:start"] - 1
    letter = render_letter(content, exhibits, evidence, pages=laid.pages, total=laid.total, offset=before)
    return Packet(
        letter=letter,
        letter_sha256=hashlib.sha256(letter).hexdigest(),
        packet=packet,
        packet_sha256=hashlib.sha256(packet).hexdigest(),
        pages=laid.total,
        first_pages={e.key: laid.pages[exhibit_target(n)] for n, e in enumerate(exhibits, start=1)},
        findings=tuple(findings),
    )


def _open_all(exhibits: Sequence[Exhibit]) -> tuple[dict[int, Foreign | str], list[PacketFinding]]:
    """Open every embedded PDF; a refusal stands in for its document as the sentence to print."""
    opened: dict[int, Foreign | str] = {}
    findings = []
    for number, exhibit in enumerate(exhibits, start=1):
        if not exhibit.pdf:
            continue
        named = f"Exhibit {number}, {exhibit.title} ({exhibit.source}):"
        try:
            quotes = [(passage.evidence, passage.quote) for passage in exhibit.passages]
            foreign = open_foreign(exhibit.pdf, quotes, whole=exhibit.whole)
        except ForeignPdfRefused as refusal:
            opened[number] = str(refusal)
            says = f"{named} {refusal} Attach the original by hand."
            findings.append(PacketFinding(code="document-not-embedded", exhibit=exhibit.key, says=says))
            continue
        opened[number] = foreign
        if foreign.repaired:
            says = f"{named} the file is damaged and was repaired to be read. Compare it with the original."
            findings.append(PacketFinding(code="document-repaired", exhibit=exhibit.key, says=says))
    return opened, findings


def _layouts(exhibits: Sequence[Exhibit], opened: dict[int, Foreign | str]) -> list[ExhibitLayout]:
    layouts = []
    for number, exhibit in enumerate(exhibits, start=1):
        document = opened.get(number, "")
        if isinstance(document, str):
            layouts.append(lay_out(number, exhibit, notice=document))
        else:
            pages = ForeignPages(document.pages, document.total, document.found)
            told = (*exhibit.left_out, *([pages_left_out(document)] if pages_left_out(document) else []))
            layouts.append(lay_out(number, exhibit.model_copy(update={"left_out": told}), foreign=pages))
    return layouts


def _lost(exhibits: Sequence[Exhibit], layouts: Sequence[ExhibitLayout]) -> list[PacketFinding]:
    return [
        PacketFinding(
            code="passage-not-found",
            exhibit=exhibit.key,
            says=f"The passage of {passage.evidence} does not stand in {exhibit.title}: {passage.quote!r}.",
        )
        for exhibit, layout in zip(exhibits, layouts, strict=True)
        for passage in layout.lost
    ]


def _uncovered(
    content: LetterContent, exhibits: Sequence[Exhibit], evidence: Sequence[Evidence]
) -> list[PacketFinding]:
    places = resolve(exhibits, evidence, ())
    cited = [id_ for p in content.paragraphs for id_ in (*cited_ids(p.text), *p.evidence)]
    cited += [id_ for t in content.tables for id_ in t.evidence] + list(cited_ids(content.ask))
    return [
        PacketFinding(
            code="evidence-without-exhibit",
            exhibit="",
            says=f"The letter cites {id_}, which no exhibit of the packet shows.",
        )
        for id_ in dict.fromkeys(cited)
        if id_ not in places
    ]


def _compose(
    content: LetterContent,
    exhibits: Sequence[Exhibit],
    evidence: Sequence[Evidence],
    layouts: Sequence[ExhibitLayout],
    opened: dict[int, Foreign | str],
    forms: Sequence[PlacedForm],
) -> tuple[Typeset, bytes]:
    passages = [target for layout in layouts for target in layout.targets]
    frames = [target for layout in layouts for target in layout.frames]
    frames += [target for form in forms for target in form.frames]
    starts = [exhibit_target(number) for number in range(1, len(exhibits) + 1)]
    data = letter_data(content, exhibits, resolve(exhibits, evidence, passages))
    data |= {
        "pages": {},
        "linked": True,
        "total": None,
        "exhibits": [layout.data for layout in layouts],
        "targets": ["letter:start", *starts, *passages, *frames],
        "forms": [form.data for form in forms],
        "offset": 0,
    }
    laid = typeset(data, content.date, archival=not frames)
    slots = [
        Slot(page=laid.pages[frame] - 1, document=document.document, source=index)
        for number, document in opened.items()
        if not isinstance(document, str)
        for index, frame in enumerate(layouts[number - 1].frames)
    ]
    slots += [
        Slot(page=laid.pages[frame] - 1, document=form.document, source=index)
        for form in forms
        if form.document is not None
        for index, frame in enumerate(form.frames)
    ]
    return laid, lay_in(laid.pdf, slots, FRAME) if slots else laid.pdf
