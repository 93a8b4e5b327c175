"""The texts of a chart that may state clinical facts, each with its field, its day and the rank of its source."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from knowledge.types.chart import Chart, Document, Report
from tools.chart.facts.data import RankRow, read_rows
from tools.chart.sentences import Sentence, sentences

PROBLEM_LIST = 4
LONGEST_SENTENCE = 600
"""Characters: what runs longer is no sentence a pattern can be sure of."""

_UNSURE = ("preliminary", "superseded", "registered", "partial", "entered-in-error", "cancelled")
_WIDE_LINE = 60
_FAMILY_HEADING = re.compile(r"^[ \t]*(?:family\s+(?:medical\s+)?history|family\s+hx|fhx?)\b", re.IGNORECASE)
_ANY_HEADING = re.compile(r"^[ \t]*[A-Z][A-Za-z/ ]{2,40}:")


class Passage(NamedTuple):
    """A text with its place. `label` names what the text is a value of ("HER2 IHC") and is not part of it.

    `unsure` says why nothing in it may be believed ("" when it may).
    """

    resource: str
    field: str
    text: str
    label: str
    day: date | None
    rank: int
    source: str
    unsure: str = ""


@cache
def _ranks() -> tuple[tuple[re.Pattern[str], RankRow], ...]:
    rows = read_rows("source_ranks.csv", RankRow)
    return tuple((re.compile(rf"\b{re.escape(row.words.strip())}", re.IGNORECASE), row) for row in rows)


@cache
def rank_of(kind: str) -> tuple[int, str]:
    """Return the rank of a document's kind and what it is: 0 a paper that is no chart evidence, 3 when unknown."""
    for pattern, row in _ranks():
        if pattern.search(kind):
            return row.rank, row.source
    return 3, "other note"


def passages(chart: Chart) -> Iterator[Passage]:
    """Give every text of the chart that may state a fact, documents first."""
    for document in chart.documents:
        rank, source = rank_of(document.kind or document.title)
        if rank and document.text:
            yield Passage(document.resource, "text", document.text, "", document.day, rank, source, _doubt(document))
    for report in chart.reports:
        if report.conclusion:
            rank, source = rank_of(report.kind) if _is_ranked(report.kind) else (1, "pathology or laboratory report")
            if rank:
                yield Passage(
                    report.resource, "conclusion", report.conclusion, "", report.day, rank, source, _doubt(report)
                )
    for condition in chart.conditions:
        believed = "" if condition.status not in ("entered-in-error", "refuted") else condition.status
        day = condition.recorded or condition.onset
        for field, text, label in (("text", condition.text, ""), ("stage", condition.stage, "")):
            if text:
                yield Passage(condition.resource, field, text, label, day, PROBLEM_LIST, "problem list", believed)


def unreadable(chart: Chart) -> Iterator[Document]:
    """Give the documents that may hold evidence but have no text to read (a scanned report)."""
    for document in chart.documents:
        if not document.text and document.content and rank_of(document.kind or document.title)[0]:
            yield document


def cut(text: str) -> Iterator[tuple[Sentence, bool]]:
    """Cut a text into sentences, each with whether it stands under a heading of family history.

    A full line without a stop goes on in the next line, whatever that begins with.
    """
    held: Sentence | None = None
    of_family = False
    before = 0
    for sentence in sentences(text):
        gap = text[before : sentence.start]
        if held is not None and _goes_on(text, held, gap, sentence):
            held = Sentence(text[held.start : sentence.end], held.start, sentence.end)
        else:
            if held is not None:
                yield held, of_family
            of_family = _family_section(sentence.text, gap, inside=of_family)
            held = sentence
        before = sentence.end
    if held is not None:
        yield held, of_family


def _goes_on(text: str, held: Sentence, gap: str, sentence: Sentence) -> bool:
    width = held.end - (text.rfind("\n", 0, held.end) + 1)
    return (
        gap.count("\n") == 1
        and not gap.strip()
        and width >= _WIDE_LINE
        and held.text[-1] not in ".!?:;"
        and sentence.text[0] not in "-*•"
    )


def _family_section(text: str, gap: str, *, inside: bool) -> bool:
    if _FAMILY_HEADING.match(text):
        return True
    if gap.count("\n") >= 2 or ("\n" in gap and _ANY_HEADING.match(text)):
        return False
    return inside


def _doubt(source: Document | Report) -> str:
    return f"the document is {source.status}" if source.status in _UNSURE else ""


def _is_ranked(kind: str) -> bool:
    return any(pattern.search(kind) for pattern, _ in _ranks())
