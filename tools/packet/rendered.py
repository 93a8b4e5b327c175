"""Hold the finished PDF of a letter against content and evidence: nothing added on the way, nothing lost."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, LetterContent
from tools.packet.citations import without_markers
from tools.packet.normalising import collapsed
from tools.packet.printing import dates_in_words
from tools.packet.reading_back import page_texts
from tools.packet.verification import Unsupported, administrative, verify_text

# Where the letter's own text ends and its index of exhibits begins.
_INDEX = "Enclosures Exhibit Document What it shows Page"
_HYPHENED = re.compile(r"\w+(?:-\w+)+")
_CITATION = re.compile(r"\s*\[\s*Ex\.[^\]]*\]\s*")


def verify_rendered(letter: bytes, content: LetterContent, evidence: Sequence[Evidence]) -> tuple[Unsupported, ...]:
    """Return what the letter's PDF says beyond its evidence, and what of its content it does not show.

    `letter` is a PDF made by render_letter or build_packet from `content`. Kind "character" marks lost text.
    """
    text = " ".join(page_texts(letter)).partition(_INDEX)[0]
    for number, heading in enumerate(_headings(content), start=1):
        text = text.replace(f"{number}. {heading}", heading, 1)
    text = _rejoined(text, content)
    given = tuple(Field(label="", value=value) for value in administrative(content))
    found = verify_text(text, evidence, (*content.facts, *given))
    return (*found, *_lost(text, content))


def _rejoined(text: str, content: LetterContent) -> str:
    """Put together what the page broke after a hyphen, where the content has that very word ("NSH-" "RX-118")."""
    cells = [cell for table in content.tables for row in table.rows for cell in (table.title, *row)]
    written = " ".join([content.subject, content.ask, content.closing, *cells, *(p.text for p in content.paragraphs)])
    for word in sorted(set(_HYPHENED.findall(written)), key=lambda one: (-len(one), one)):
        broken = r"-\s*".join(re.escape(part) for part in word.split("-"))
        text = re.sub(rf"(?<!\w){broken}(?!\w)", word, text)
    return text


def _headings(content: LetterContent) -> tuple[str, ...]:
    """Return the headings as they are numbered: one for paragraphs that follow each other under it, again where not."""
    return tuple(heading for heading, _ in groupby(p.heading for p in content.paragraphs if p.heading))


def _lost(text: str, content: LetterContent) -> Iterator[Unsupported]:
    shown = _squeezed(_CITATION.sub(" ", text))
    cells = [cell for table in content.tables for row in table.rows for cell in row]
    wanted = [f.value for f in content.facts]
    wanted += [content.subject, content.ask, content.closing, content.signature.name, *cells]
    wanted += [p.text for p in content.paragraphs]
    for piece in wanted:
        # Dates of data are printed in words; those of a quotation stay as quoted.
        forms = (dates_in_words(without_markers(piece)), without_markers(piece))
        plain = forms[0]
        if not any(_squeezed(form) in shown for form in forms):
            says = "the finished page does not show this"
            yield Unsupported(kind="character", text=plain[:80], where="rendered letter", says=says)


def _squeezed(text: str) -> str:
    # Where pieces of a line were set apart there may be a blank more or less.
    return collapsed(text).replace(" ", "").replace("\u200b", "").casefold()
