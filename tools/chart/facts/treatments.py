"""Treatment history: which drugs were given, in which line, when, and how that ended."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.chart.facts.lexicon import Mention
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.outcomes import Ending, ending_after, ending_before, reason_after, reason_ending
from tools.chart.facts.partial_dates import Period, earliest, period
from tools.chart.facts.scope import Spoiler, spoiler
from tools.chart.facts.treatment_words import (
    CONTRAINDICATED,
    CONTRAINDICATED_AFTER,
    DOSE,
    GIVEN_AFTER,
    HISTORY,
    LINE,
    LIST_GOES_ON,
    NAIVE_AFTER,
    NEVER,
    ONGOING,
    PLAN_AFTER,
    PLAN_BEFORE,
    PRESENT_AFTER,
    PRIOR,
    REFUSED,
    SETTING,
    STARTED_AFTER,
    TOGETHER,
    WRITTEN_LINES,
)

_OWN: tuple[Spoiler, ...] = ("conditional", "planned", "historical", "negated")
"""Cues that the patterns of treatment words look for themselves."""
_ENDS = re.compile(r"completed|finished", re.IGNORECASE)
_NEXT_COMMA = re.compile(r",(?!\s*(?:19|20)\d\d\b)")
_NEW_THOUGHT = re.compile(r"[:,;]|\b(?:given|because|since|due\s+to)\b", re.IGNORECASE)


class _Group(NamedTuple):
    mentions: list[Mention]
    before: str
    between: str
    after: str
    lead: str


class _Status(NamedTuple):
    status: str
    ending: Ending
    from_cue: bool = False


def read_treatments(line: Line) -> Iterator[Reading]:
    """Give the treatments the sentence reports of the past or as running, with outcome, line and dates.

    A drug that is planned, offered, weighed or asked for gives none, and neither does one of a relative. "Never
    received" and "contraindicated" are facts of their own.
    """
    drugs = [mention for mention in line.mentions if mention.entry.kind in ("drug", "regimen")]
    if not drugs:
        return
    spoiled = "family" if line.of_family else spoiler(line.text, 0, 1, allow=_OWN)
    last: _Status | None = None
    for group in _groups(line.text, drugs):
        status = None if spoiled else _status(group, last, line)
        if status is None:
            if HISTORY.search(group.before) or HISTORY.search(group.after[:120]):
                yield Missed("treatment", _name(group.mentions), spoiled or "history not sure")
            last = None
            continue
        last = status
        yield _found(group, status)


def drugs_of(mentions: list[Mention]) -> tuple[str, ...]:
    """Return the drugs that mentions of drugs and regimens name, sorted."""
    return tuple(sorted({drug for mention in mentions for drug in mention.entry.drugs}))


def _name(mentions: list[Mention]) -> str:
    return " + ".join(dict.fromkeys(mention.entry.name for mention in mentions))


def _groups(text: str, drugs: list[Mention]) -> Iterator[_Group]:
    clusters: list[list[Mention]] = []
    for mention in drugs:
        if clusters and _joined(text, clusters[-1], mention):
            clusters[-1].append(mention)
        else:
            clusters.append([mention])
    clusters = [part for cluster in clusters for part in _parted(text, cluster)]
    for index, cluster in enumerate(clusters):
        before = clusters[index - 1][-1].end if index else 0
        following = clusters[index + 1][0].start if index + 1 < len(clusters) else len(text)
        lead = text[before : cluster[0].start]
        after = text[cluster[-1].end : following].split(";", 1)[0]
        yield _Group(cluster, lead.rsplit(";", 1)[-1], lead, after, text[: cluster[0].start])


def _parted(text: str, cluster: list[Mention]) -> list[list[Mention]]:
    """Part two drugs with only a comma between them: that may as well be the end of a clause."""
    if len(cluster) == 2 and DOSE.sub(" ", text[cluster[0].end : cluster[1].start]).strip() == ",":
        return [[cluster[0]], [cluster[1]]]
    return [cluster]


def _joined(text: str, cluster: list[Mention], mention: Mention) -> bool:
    between = DOSE.sub(" ", text[cluster[-1].end : mention.start])
    if TOGETHER.fullmatch(between) is None:
        return False
    if cluster[-1].entry.kind == mention.entry.kind == "drug":
        return True
    both = cluster[-1].entry.kind == mention.entry.kind
    return not both and "," not in between


def _status(group: _Group, last: _Status | None, line: Line) -> _Status | None:
    before, after = group.before, group.after
    if NAIVE_AFTER.match(after) or (before and NEVER.search(before)):
        return _Status("never", Ending())
    if CONTRAINDICATED_AFTER.match(after) or (before and CONTRAINDICATED.search(before)):
        return _Status("contraindicated", Ending())
    if PLAN_AFTER.match(after) or (before and REFUSED.search(before)):
        return None
    ended = ending_before(before) if before else Ending()
    if (ended.outcome or ended.toxicity) and not PLAN_BEFORE.search(_NEW_THOUGHT.split(before[: ended.at])[-1]):
        reason = reason_after(after) if ended.outcome == "stopped" else ""
        return _Status("prior", reason_ending(reason) if reason else ended, from_cue=True)
    if PLAN_BEFORE.search(before):
        return None
    said = period(before.rsplit(",", 1)[-1] + " ~ " + after)
    dated = _is_past(said, line)
    if dated is None:
        return None
    ended = ending_after(after, dated=dated)
    if STARTED_AFTER.match(after) or PRESENT_AFTER.match(after):
        return _Status("ongoing", Ending())
    if last is not None and last.from_cue and LIST_GOES_ON.fullmatch(DOSE.sub(" ", group.between)):
        carried = last.ending if re.fullmatch(r"\s*,?\s*(?:and\s+)?", group.between) else Ending()
        return _Status(last.status, ended if ended.outcome else carried, from_cue=True)
    return _by_cue(group, ended, dated=dated)


def _by_cue(group: _Group, ended: Ending, *, dated: bool) -> _Status | None:
    before, after = group.before, group.after
    prior = PRIOR.search(before) if before else None
    if prior is not None and prior["cue"].lower() in ("after", "following") and PLAN_BEFORE.search(group.lead):
        return None
    if prior is not None:
        done = GIVEN_AFTER.match(after)
        finished = prior["cue"].lower() in ("completed", "finished") or (
            done is not None and _ENDS.search(done.group())
        )
        completed = finished and not ended.outcome
        return _Status("prior", Ending("completed") if completed else ended, from_cue=True)
    if before and ONGOING.search(before):
        return _Status("prior" if ended.outcome and ended.outcome != "response" else "ongoing", ended)
    given = GIVEN_AFTER.match(after)
    if given or ended.outcome:
        completed = given is not None and not ended.outcome and _ENDS.search(given.group()) is not None
        return _Status("prior", Ending("completed") if completed else ended)
    if dated and LINE.search(before[-60:] + "~" + after[:30]):
        return _Status("prior", ended)
    said = period(after)
    return _Status("prior", ended) if said.start and said.stop else None


def _is_past(said: Period, line: Line) -> bool | None:
    """Tell whether a date is stated; None when one lies after the day of the note, which is a plan."""
    days = [day for written in said if written and (day := earliest(written)) is not None]
    if line.day is not None and any(day > line.day for day in days):
        return None
    return bool(days)


def _found(group: _Group, status: _Status) -> Found:
    values = {"drugs": "; ".join(drugs_of(group.mentions)), "status": status.status}
    regimens = [mention.entry.name for mention in group.mentions if mention.entry.kind == "regimen"]
    if regimens:
        values["regimen"] = " + ".join(dict.fromkeys(regimens))
    values.update(status.ending.values())
    near = group.before[-70:]
    number = LINE.search(near.rsplit(",", 1)[-1]) or LINE.match(group.after)
    if number is not None:
        written = re.sub(r"\D", "", number.group()) or WRITTEN_LINES[number["word"].lower()]
        values["line"] = written
    settings = SETTING.findall(near.rsplit(",", 1)[-1])
    if settings:
        values["setting"] = settings[-1].lower().replace("-", "")
    if status.status not in ("never", "contraindicated"):
        said = period(near.rsplit(",", 1)[-1] + " ~ " + _NEXT_COMMA.split(group.after)[0])
        values.update({key: text for key, text in said._asdict().items() if text})
        later = period(group.after).stop
        if later and "stop" not in values:
            values["stop"] = later
    never = status.status in ("never", "contraindicated")
    return Found("treatment", _name(group.mentions), values, "negative" if never else "positive")
