"""PDFs from elsewhere: take their pages and nothing else, or say why not."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pikepdf
import pikepdf.settings

from tools.packet.foreign_marks import Found, draw_marks, find_quotes, page_words

MAX_BYTES = 60_000_000
MAX_PAGES = 400
# Bytes that one stream, or one page's content, may unpack to.
MAX_DECODED = 48_000_000
# The longest edge a PDF page may have, in points (PDF 32000-1, annex C).
MAX_EDGE = 14_400

# What qpdf and its binding raise on a broken file.
_FAULTS = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    OverflowError,
)


class ForeignPdfRefused(ValueError):
    """This document could not be embedded: {reason}."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This document could not be embedded: {reason}.")


@dataclass(frozen=True)
class Slot:
    """Where one foreign page goes: the packet page (from 0) and whose page (from 0) is laid into it."""

    page: int
    document: pikepdf.Pdf
    source: int


@dataclass(frozen=True)
class Foreign:
    """The bare pages of a document, and whether it was damaged and could only be read by repairing it.

    `pages` are the numbers (from 1) of those taken over, of `total`; `found` tells on which of them (its place in
    `pages`, from 0) each passage stands and was marked; `words` is what their text layer says.
    """

    document: pikepdf.Pdf
    repaired: bool
    pages: tuple[int, ...]
    total: int
    found: Mapping[str, int]
    words: str


def open_foreign(data: bytes, quotes: Sequence[tuple[str, str]] = (), *, whole: bool = True) -> Foreign:
    """Open an embedded PDF and return its pages as bare pictures, form fields and notes flattened in.

    Only page contents are taken over, so scripts, attachments, open actions and links stay behind. `quotes` (evidence
    id and words) are marked where the text layer has them. Unless `whole`, the pages without any are left out once
    every one of them was found; the first page, which says whose document it is, always goes.
    Raises ForeignPdfRefused for what is not a readable, unlocked PDF of reasonable size.
    """
    _limit_decoding()
    if len(data) > MAX_BYTES:
        raise ForeignPdfRefused(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            return _taken(pdf, quotes, whole)
    except ForeignPdfRefused:
        raise
    except pikepdf.PasswordError as error:
        raise ForeignPdfRefused("it is locked with a password") from error
    except _FAULTS as error:
        raise ForeignPdfRefused("it is damaged or is not a PDF") from error


def _taken(pdf: pikepdf.Pdf, quotes: Sequence[tuple[str, str]], whole: bool) -> Foreign:
    count = len(pdf.pages)
    if not 0 < count <= MAX_PAGES:
        raise ForeignPdfRefused(f"it has {count} pages; between 1 and {MAX_PAGES} can be embedded")
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        _read_contents(page)
    words = [page_words(page) for page in pdf.pages]
    found = find_quotes(words, quotes)
    needed = {0, *(one.page for one in found)}
    all_found = bool(quotes) and {id_ for id_, _ in quotes} == {one.evidence for one in found}
    kept = sorted(needed) if all_found and not whole else list(range(count))
    return Foreign(
        document=_bare(pdf, kept, found),
        repaired=bool(pdf.get_warnings()),
        pages=tuple(number + 1 for number in kept),
        total=count,
        found={one.evidence: kept.index(one.page) for one in reversed(found)},
        words=" ".join(words[number].text for number in kept).strip(),
    )


def _bare(pdf: pikepdf.Pdf, kept: Sequence[int], found: Sequence[Found]) -> pikepdf.Pdf:
    bare = pikepdf.new()
    for number in kept:
        page = pdf.pages[number]
        draw_marks(page, [one for one in found if one.page == number])
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        width, height = right - left, top - bottom
        if int(page.obj.get("/Rotate", 0)) % 180:
            width, height = height, width
        if not (0 < width <= MAX_EDGE and 0 < height <= MAX_EDGE):
            raise ForeignPdfRefused("a page has no area, or an absurd one")
        bare.add_blank_page(page_size=(width, height))
        _lay_over(bare, bare.pages[-1], page, pikepdf.Rectangle(0, 0, width, height))
    buffer = io.BytesIO()
    bare.save(buffer, deterministic_id=True)
    return pikepdf.open(buffer)


def _read_contents(page: pikepdf.Page) -> None:
    """Decode the page's content once: what cannot be decoded is refused now, not laid in as a blank page."""
    contents = page.obj.get("/Contents")
    if contents is None:
        return
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if sum(len(stream.read_bytes()) for stream in streams) > MAX_DECODED:
        raise ForeignPdfRefused("a page's content is absurdly large")


@cache
def _limit_decoding() -> None:
    # qpdf's limits hold for the whole process; without them a small file may unpack to gigabytes.
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_DECODED, run_length_max_memory=MAX_DECODED, png_max_memory=MAX_DECODED
    )


def _lay_over(out: pikepdf.Pdf, under: pikepdf.Page, page: pikepdf.Page, rect: pikepdf.Rectangle) -> None:
    # pikepdf's own add_overlay draws a random resource name, which would make every packet differ.
    form = out.copy_foreign(page.as_form_xobject())
    name = under.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Document)
    placed = under.calc_form_xobject_placement(form, name, rect, allow_shrink=True, allow_expand=True)
    under.contents_add(b"q\n", prepend=True)
    under.contents_add(b"Q\n/Artifact BMC\n" + placed + b"EMC\n")


def lay_in(packet: bytes, slots: Sequence[Slot], frame: pikepdf.Rectangle) -> bytes:
    """Return `packet` with each foreign page scaled into `frame` (points) of its page, byte-stable."""
    with pikepdf.open(io.BytesIO(packet)) as out:
        for slot in slots:
            _lay_over(out, out.pages[slot.page], slot.document.pages[slot.source], frame)
        buffer = io.BytesIO()
        out.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return buffer.getvalue()
