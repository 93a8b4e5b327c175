"""Hospital stays a chart tells of: Encounter resources, and sentences of summaries and notes with their dates."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.types.chart import Chart, Document, Stay
from tools.chart.facts.passages import cut, rank_of
from tools.chart.sentences import is_negated, is_of_family, is_supposed

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = (
    r"(?P<{0}>\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/])"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)"
)
_DAY_OF = (
    r"(?:\s*\(?(?:to|at|on|from|date|through|of|in|the|ward|hospital|emergency|ED|via|status|was|home|floor"
    r"|[A-Z][a-z]+|:|=)\)?)*?[\s:,=(]*"
)
_UNTIL = r"\s*(?:-|–|to|through|until|till|and discharged(?: home)?(?: on)?)\s*"
_IN_HOSPITAL = (
    r"(?:inpatient|in-patient|hospitali[sz]ed|hospitali[sz]ation|hospital stay|admission|admitted|inpatient stay)"
)
_SPAN = re.compile(rf"\b{_IN_HOSPITAL}\b{_DAY_OF}{_DATE.format('start')}{_UNTIL}{_DATE.format('end')}", re.IGNORECASE)
_ADMITTED = re.compile(
    rf"\b(?:(?:re-?)?admit(?:ted)?|(?:date of )?(?:re-?)?admission(?: date)?"
    rf"|hospitali[sz]ed since)\b{_DAY_OF}{_DATE.format('start')}",
    re.IGNORECASE,
)
_DISCHARGED = re.compile(
    rf"\b(?:discharged?|(?:date of )?discharge(?: date)?|d/c(?:'d)?|sent home|went home"
    rf"|left (?:the )?hospital)\b{_DAY_OF}{_DATE.format('end')}",
    re.IGNORECASE,
)
_NOT_INPATIENT = re.compile(
    r"\b(?:observation|obs status|outpatient status|under observation|skilled nursing|SNF|nursing facility"
    r"|hospice|rehab\w*|assisted living)\b",
    re.IGNORECASE,
)
_LONGEST = timedelta(days=120)


def stays(chart: Chart) -> tuple[Stay, ...]:
    """Return the inpatient stays of a chart, oldest first; a document that tells of no dates gives none."""
    found = [*chart.stays, *(stay for document in chart.documents for stay in _told(document))]
    return tuple(sorted(found, key=lambda stay: (stay.start, stay.resource)))


def _told(document: Document) -> Iterator[Stay]:
    if not document.text or document.day is None or not rank_of(document.kind or document.title)[0]:
        return
    parts = [part.text for part, of_family in cut(document.text) if not of_family and not is_of_family(part.text)]
    known: set[date] = set()
    for at, part in enumerate(parts):
        if is_negated(part) or is_supposed(part) or _NOT_INPATIENT.search(part):
            continue
        match = _SPAN.search(part)
        if match is None and (admitted := _ADMITTED.search(part)):
            later = next(
                (m for text in parts[at : at + 6] if (m := _DISCHARGED.search(text)) and not is_supposed(text)), None
            )
            start = _day(admitted["start"], document.day)
            end = _day(later["end"], document.day) if later else None
            quote = part
        elif match is not None:
            start, end, quote = _day(match["start"], document.day), _day(match["end"], document.day), part
        else:
            continue
        if start is None or start in known or (end is not None and not start <= end <= start + _LONGEST):
            continue
        known.add(start)
        yield Stay(resource=document.resource, start=start, end=end, quote=quote)


def _day(written: str, near: date) -> date | None:
    """Read a day; one without a year is the last such day by the day of the document."""
    text = written.lower().replace(",", "").replace(".", "")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _made(int(text[:4]), int(text[5:7]), int(text[8:]))
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?", text)
    if slashed:
        month, day_, year = int(slashed[1]), int(slashed[2]), slashed[3]
    else:
        spelled = re.fullmatch(r"([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?", text)
        if spelled is None:
            return None
        month, day_, year = _MONTHS.index(spelled[1]) + 1, int(spelled[2]), spelled[3]
    if year:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day_)
    this = _made(near.year, month, day_)
    return this if this is None or this <= near else _made(near.year - 1, month, day_)


def _made(year: int, month: int, day_: int) -> date | None:
    try:
        return date(year, month, day_)
    except ValueError:
        return None
