"""Infusion times as nurses write them: "0935-1135", "start 9:35 a.m., end 11:35", "09:35 → 11:35", "over 90 min".

Times belong to the drug named before them, or, where a line begins with the times, to the drug after. What is planned
for another day, or said of another time, is not told apart here: give only what was written on the day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

_HALF = r"(?:\s*(?P<half{n}>[ap])\.?\s?m\b\.?)?"
_HOURS_SAID = r"(?:\s*(?:h|hrs?|hours)\b)?"
_COLON = (
    r"(?<![\d:./])(?P<h{n}>[01]?\d|2[0-3])[:.h](?P<m{n}>[0-5]\d)(?!\d|\s*(?:mg|ml|kg|%|m2))(?::[0-5]\d)?" + _HOURS_SAID
)
_MILITARY = (
    r"(?<![\d:./])(?P<mh{n}>[01]\d|2[0-3])(?P<mm{n}>[0-5]\d)(?!\d|[-/]\d\d?[-/]|\s*(?:mg|mcg|ml|units?|ns|d5w)\b)"
    + _HOURS_SAID
)
_BARE = r"(?<![\d:./])(?P<b{n}>1[0-2]|[1-9])(?=\s*[ap]\.?\s?m\b)"


def _clock(n: str) -> str:
    return f"(?:{_COLON}|{_MILITARY}|{_BARE}){_HALF}".replace("{n}", n)


_CLOCK = re.compile(_clock("1"), re.IGNORECASE)
_DILUENT = re.compile(
    r"\b(?:in|with|into|mixed\s+in)\s+(?:\d+\s*ml\s+)?(?:of\s+)?(?:[\d.]+\s*%\s*)?"
    r"(?:d5w|ns\b|normal\s+saline|saline|sodium\s+chloride|dextrose(?:\s+5)?|lactated\s+ringer\w*)",
    re.IGNORECASE,
)
"""What a drug is mixed in, which is no infusion of its own."""

_SECOND = _clock("2").replace(r"(?<![\d:./])", r"(?<![\d:.])")
_SPAN = re.compile(
    rf"{_clock('1')}\s*(?:-{{1,2}}>?|–|—|→|=>|\||/|\bto\b|\buntil\b|\btill?\b|\bthrough\b|\bthru\b|\band\s+(?:ended|stopped)\s+at\b)"
    rf"\s*{_SECOND}",
    re.IGNORECASE,
)
_AT = r"(?:\s*(?:time|at|@))?\s*[:=|-]?\s*(?:at\s+|@\s*)?"
_START = re.compile(
    rf"\b(?:infusion\s+)?(?:start(?:ed)?|begun|began|begin|hung|spiked|initiated|commenced|on\s+at|time\s+in)(?:\s+(?!at\b)[a-z]{{4,}}){{0,2}}{_AT}{_clock('1')}",
    re.IGNORECASE,
)
_STOP = re.compile(
    rf"\b(?:infusion\s+)?(?:stop(?:ped)?|end(?:ed)?|complet(?:e|ed|ion)|finish(?:ed)?|done|taken\s+down|down|off|time\s+out"
    rf"|disconnected|infused\s+by){_AT}{_clock('1')}",
    re.IGNORECASE,
)
_NO_STOP = re.compile(
    r"\b(?:stop|end|finish|off|completion)(?:\s*time)?\s*[:=|-]?\s*(?:_{2,}|-{2,}|\?+|n/?a\b|blank\b|none\b|unknown\b"
    r"|(?:was\s+)?not\s+(?:recorded|documented|charted|noted|written|entered)|(?:is\s+)?missing\b)"
    r"|\bno\s+(?:stop|end)(?:\s*time)?\b",
    re.IGNORECASE,
)
_PHRASE = r"(?:[^.;,:\d]|\d+(?:\.\d+)?\s*(?:mg|mcg|ml|g)\b){0,60}?"
_LOGGED_START = re.compile(
    rf"{_clock('1')}{_PHRASE}\b(?:start(?:ed)?|begun|began|hung|spiked|initiated)\b", re.IGNORECASE
)
_LOGGED_STOP = re.compile(
    rf"{_clock('1')}{_PHRASE}\b(?:stop(?:ped)?|end(?:ed)?|complete[d]?|finished|infused|down)\b", re.IGNORECASE
)
"""A log writes the time first: "1015 carboplatin stopped"."""

_OVER = re.compile(
    r"\b(?:over|infused\s+in|ran\s+(?:for\s+)?|x|for)\s*(?P<n>\d{1,3}(?:\.\d+)?)\s*(?P<unit>min(?:ute)?s?\.?|h(?:ou)?rs?\.?|h)\b",
    re.IGNORECASE,
)
_DAY = 24 * 60


@dataclass(slots=True)
class NotedRun:
    """What a note says of one drug's infusion: pieces with start and stop (minutes of the day), or what is missing.

    `start` without a stop is a start alone; `minutes_said` is a duration the note gives ("over 90 min"), which is no
    start and no stop; `begin` and `end` are the place of its words in the text. `unread`: times stand beside it that
    were not read, so that what it lacks is not known.
    """

    drug: str
    begin: int
    end: int
    pieces: list[tuple[int, int]] = field(default_factory=list)
    start: int | None = None
    stop: int | None = None
    stop_blank: bool = False
    minutes_said: int | None = None
    unread: bool = False

    @property
    def minutes(self) -> int | None:
        """Minutes run, pauses left out; None without start and stop, or where the times cross."""
        spans = sorted(self.pieces)
        if not spans and self.start is not None and self.stop is not None:
            spans = [(self.start, self.stop)]
        if not spans or any(stop <= start for start, stop in spans):
            return None
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            return None
        return sum(stop - start for start, stop in spans)

    @property
    def fault(self) -> str:
        """Say what keeps the times from counting; "" when they count."""
        if self.minutes is not None:
            return ""
        if self.pieces or (self.start is not None and self.stop is not None):
            return "the stop is not after the start"
        if self.start is not None:
            return "it has a start and no stop"
        return "it has a stop and no start" if self.stop is not None else "it has neither start nor stop"


def runs_in(text: str, drugs: Iterable[str]) -> tuple[NotedRun, ...]:
    """Read every infusion a note tells of the drugs named; a drug without any time is given with its fault."""
    flat = _DILUENT.sub(lambda match: " " * len(match[0]), text.replace("\n", " "))
    found: dict[str, NotedRun] = {}
    for begin, end in _sentences(flat, _mentions(flat, drugs)):
        piece = flat[begin:end]
        named = _mentions(piece, drugs)
        if not named:
            continue
        _read(piece, begin, named, found)
    return tuple(found.values())


def _mentions(text: str, drugs: Iterable[str]) -> list[tuple[int, str]]:
    """Find each drug where it is named, the longest name where two begin at one place."""
    places: dict[int, str] = {}
    for drug in drugs:
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(drug)}(?![A-Za-z])", text, re.IGNORECASE):
            if len(drug) > len(places.get(match.start(), "")):
                places[match.start()] = drug
    return sorted(places.items())


def _sentences(text: str, named: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """Cut a note at the last sentence end before each drug but the first: times go with the drug before them.

    Where a time stands between that end and the drug, the end is a cut only in a note that names times first.
    """
    if not named:
        return []
    ends = [match.end() for match in re.finditer(r"[.;|]\s+(?=\S)|\s{3,}", text)]
    first = _CLOCK.search(text)
    leading = first is not None and first.start() < named[0][0]
    cuts = [0]
    for (before, _), (place, _) in pairwise(named):
        end = max((end for end in ends if before < end <= place), default=None)
        if end is not None and end > cuts[-1] and (leading or _CLOCK.search(text[end:place]) is None):
            cuts.append(end)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _read(piece: str, offset: int, named: list[tuple[int, str]], found: dict[str, NotedRun]) -> None:
    for place, drug in named:
        run = found.setdefault(drug.casefold(), NotedRun(drug, offset + place, offset + place + len(drug)))
        run.end = max(run.end, offset + place + len(drug))
    spans = list(_SPAN.finditer(piece))
    leading = bool(spans) and spans[0].end() <= named[0][0]
    for span in spans:
        start, stop = _time(span, "1", "2"), _time(span, "2", "2")
        owner = _owner(span.start(), span.end(), named, leading=leading)
        if start is not None and stop is not None and owner is not None:
            run = found[owner.casefold()]
            run.pieces = [*run.pieces, *([] if (start, stop) in run.pieces else [(start, stop)])]
            _widen(run, offset + span.start(), offset + span.end())
    _share(piece, spans, named, found)
    _read_alone(piece, offset, named, found, [(span.start(), span.end()) for span in spans])
    for match in _OVER.finditer(piece):
        owner = _owner(match.start(), match.end(), named, leading=False)
        if owner is not None:
            factor = 60 if match["unit"].lower().startswith("h") else 1
            found[owner.casefold()].minutes_said = int(float(match["n"]) * factor)


def _share(piece: str, spans: list[re.Match[str]], named: list[tuple[int, str]], found: dict[str, NotedRun]) -> None:
    """Give drugs named together before one span its times when they ran together, else leave the earlier unread."""
    before = [drug.casefold() for place, drug in named if spans and place < spans[0].start()]
    together = re.search(r"\b(?:concurrent\w*|together|simultaneous\w*|at\s+the\s+same\s+time)\b", piece, re.IGNORECASE)
    if len(spans) != 1 or len(before) < 2:
        return
    for drug in before[:-1]:
        if together:
            found[drug].pieces = [*found[before[-1]].pieces]
        else:
            found[drug].unread = True


def _read_alone(
    piece: str,
    offset: int,
    named: list[tuple[int, str]],
    found: dict[str, NotedRun],
    taken: list[tuple[int, int]],
) -> None:
    """Read starts and stops written apart, and stops left blank; what lies in a span already read is not read again."""
    for pattern, name in ((_START, "start"), (_STOP, "stop"), (_NO_STOP, "")):
        for match in pattern.finditer(piece):
            owner = _owner(match.end(), match.end(), named, leading=False)
            if owner is None or _overlaps(match, taken):
                continue
            if not name:
                found[owner.casefold()].stop_blank = True
            elif _take(match, name, found[owner.casefold()], offset):
                taken.append((match.start(), match.end()))
    for pattern, name in ((_LOGGED_START, "start"), (_LOGGED_STOP, "stop")):
        for match in pattern.finditer(piece):
            owner = _owner(match.end(), match.end(), named, leading=False)
            if (
                owner is not None
                and not _overlaps(match, taken)
                and _take(match, name, found[owner.casefold()], offset)
            ):
                taken.append((match.start(), match.end()))
    if any(not _overlaps(match, taken) for match in _CLOCK.finditer(piece)):
        for _, drug in named:
            found[drug.casefold()].unread = True


def _take(match: re.Match[str], name: str, run: NotedRun, offset: int) -> bool:
    """Keep a start or stop; a second one that says otherwise leaves the run unread."""
    at = _time(match, "1", "1")
    if at is None:
        return False
    if getattr(run, name) not in (None, at):
        run.unread = True
        return False
    setattr(run, name, at)
    _widen(run, offset + match.start(), offset + match.end())
    return True


def _overlaps(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return any(begin < match.end() and match.start() < end for begin, end in taken)


def _owner(start: int, end: int, named: list[tuple[int, str]], *, leading: bool) -> str | None:
    if leading:
        after = [drug for place, drug in named if place >= end]
        return after[0] if after else None
    before = [drug for place, drug in named if place <= start]
    return before[-1] if before else None


def _widen(run: NotedRun, begin: int, end: int) -> None:
    run.begin, run.end = min(run.begin, begin), max(run.end, end)


def _time(match: re.Match[str], number: str, half_of: str) -> int | None:
    """Return minutes of the day; a first time without a.m. or p.m. takes that of the second where it fits."""
    groups = match.groupdict()
    hour = groups.get(f"h{number}") or groups.get(f"mh{number}") or groups.get(f"b{number}")
    minute = groups.get(f"m{number}") or groups.get(f"mm{number}") or "0"
    if hour is None:
        return None
    own, other = groups.get(f"half{number}"), groups.get(f"half{half_of}")
    half = own or other
    at = int(hour) * 60 + int(minute)
    if half is None:
        return at
    if int(hour) > 12 or int(hour) == 0:
        return at
    turned = (int(hour) % 12 + (12 if half.lower() == "p" else 0)) * 60 + int(minute)
    if own is None and half.lower() == "p":
        # "11:10-12:40 pm": the first time is in the morning when it would otherwise come after the second.
        second = _time(match, half_of, half_of)
        return turned if second is not None and turned < second else at
    return turned
