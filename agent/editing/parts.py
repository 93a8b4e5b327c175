"""The parts of a letter that a person may change on a page, and how they stand by the evidence while they are typed."""

from collections.abc import Sequence

from pydantic import Field

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from knowledge.types.practice import Frozen
from tools.packet.verification import Unsupported, verify
from tools.packet.word.editing import Edited, edit_of
from tools.packet.word.explaining import FailedSentence, explain
from tools.packet.word.outline import shown


class LetterPart(Frozen):
    """A paragraph: its heading (blank = it continues the section before) and its text with the marks of evidence."""

    heading: str = Field(default="", max_length=300)
    text: str = Field(max_length=20_000)


class LetterParts(Frozen):
    """What of a letter may be changed. A paragraph whose text is blank is taken out."""

    subject: str = Field(max_length=1_000)
    request: str = Field(max_length=5_000)
    paragraphs: tuple[LetterPart, ...] = Field(max_length=200)
    closing: str = Field(default="", max_length=5_000)


class Checked(Frozen):
    """How an edited letter stands: `stands` = every word of it does, `changed` = it differs from the one opened.

    `places` tells, for each paragraph of the parts, its number in the letter (0 = taken out).
    """

    stands: bool
    changed: bool
    faults: tuple[Unsupported, ...] = ()
    sentences: tuple[FailedSentence, ...] = ()
    places: tuple[int, ...] = ()


def parts_of(content: LetterContent) -> LetterParts:
    """Return the parts of a letter as a person gets them to change."""
    return LetterParts(
        subject=content.subject,
        request=content.ask,
        paragraphs=tuple(LetterPart(heading=one.heading, text=shown(one)) for one in content.paragraphs),
        closing=content.closing,
    )


def applied(before: LetterContent, parts: LetterParts) -> Edited:
    """Return the letter with the parts in place of its own.

    Raises:
        WordRefused: a part that must be there is not, or is too long.
    """
    body = [(one.heading, one.text) for one in parts.paragraphs]
    return edit_of(before, subject=parts.subject, request=parts.request, body=body, closing=parts.closing)


def check(before: LetterContent, evidence: Sequence[Evidence], parts: LetterParts) -> Checked:
    """Hold edited parts against the evidence as a draft is held; the printed page is held when it is saved.

    Raises:
        WordRefused: a part that must be there is not, or is too long.
    """
    edited = applied(before, parts)
    faults = verify(edited.content, evidence, before.facts)
    counted, places = 0, []
    for one in parts.paragraphs:
        counted += bool(one.text.strip())
        places.append(counted if one.text.strip() else 0)
    return Checked(
        stands=not faults,
        changed=bool(edited.diff),
        faults=faults,
        sentences=explain(faults, edited.content, evidence),
        places=tuple(places),
    )
