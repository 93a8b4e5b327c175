"""How many lines of treatment came before, and how soon the disease progressed after the last of one."""

import re
from datetime import date
from typing import NamedTuple

from knowledge.types.criteria import Answer, PriorTherapyRule
from tools.chart.facts.partial_dates import earliest
from tools.chart.facts.passages import cut, rank_of
from tools.chart.facts.scope import spoiler
from tools.chart.sentences import is_of_family
from tools.policy.facts import CaseFacts, Statement, generics
from tools.policy.judging_course import supportive_drugs
from tools.policy.settling import Weighed, settle

_ADJUVANT = re.compile(r"\b(?:neo-?)?adjuvant\b|\bperioperative\b", re.IGNORECASE)
_SAME_LINE_DAYS = 35
"""Regimens that begin so close together are parts of one line."""
_MONTH = 30.44
_STATED = re.compile(
    r"\b(?P<kind>[a-z-]*?(?:platinum|carboplatin|cisplatin|oxaliplatin)(?:[\s-]+(?:based|containing))?)[\s-]+(?:resistant|refractory)\b"
    r"|\b(?P<number>\d{1,3})\s+(?P<unit>days?|weeks?|months?)\s+(?:after|from|since|of|following)\s+(?:the\s+|her\s+|his\s+)?(?:last\s+|final\s+|completing\s+|completion\s+of\s+"
    r"|(?:last|final)\s+dose\s+of\s+)*(?P<drug>[a-z-]+)"
    r"|\bplatinum[\s-]free\s+interval\s*(?:of|is|was|:|=)?\s*(?P<free>\d{1,3}(?:\.\d)?)\s*(?P<free_unit>days?|weeks?|months?|mo\b)"
    r"|\bplatinum[\s-]+sensitive\b",
    re.IGNORECASE,
)


class _Line(NamedTuple):
    start: date | None
    stop: date | None
    drugs: frozenset[str]
    adjuvant: bool
    ended: bool
    item: Statement


def judge_lines(rule: PriorTherapyRule, facts: CaseFacts, asked: str) -> Answer:
    """Count the lines of treatment that ended before this course: by their numbers, else by their dates.

    Too few is never a refusal, since a chart need not hold them all; too many is one where they are numbered.
    """
    least = rule.lines or 0
    lines = _lines(facts)
    numbered = sorted(
        (int(line.item.values["line"]), line)
        for line in lines
        if line.ended and line.item.values.get("line", "").isdigit()
    )
    highest = numbered[-1] if numbered else None
    total = max((highest[0] if highest else 0), len(lines))
    metastatic = [line for line in lines if not line.adjuvant]
    shown = highest[1] if highest and highest[0] >= total else lines[-1] if lines else None
    if shown is None:
        return settle([], asked)
    if rule.most_lines is not None and highest is not None and highest[0] > rule.most_lines:
        return settle([Weighed("not_met", highest[1].item)], asked)
    if rule.most_lines is not None and total > rule.most_lines:
        return settle([Weighed(None, shown.item)], asked)
    enough = total >= least and len(metastatic) >= (rule.metastatic_lines or 0)
    return settle([Weighed("met" if enough else None, shown.item)], asked, enough_to_meet=4)


def _lines(facts: CaseFacts) -> list[_Line]:
    """Gather earlier lines, oldest first, each once; supportive drugs, the drug itself and its course are none."""
    own, supportive, began = facts.drug_names(), supportive_drugs(), facts.course_began()
    found: list[_Line] = []
    for item in facts.about("treatment", undated=False):
        drugs = _drugs(item) - supportive
        start = earliest(item.values.get("start", "")) if item.values.get("start") else None
        stop = earliest(item.values.get("stop", "")) if item.values.get("stop") else None
        ended = bool(item.values.get("outcome")) or (stop is not None and stop <= began)
        if item.values.get("status") != "prior" or not drugs or drugs & own or not ended:
            continue
        if start is not None and start >= began:
            continue
        setting = f"{item.values.get('setting', '')} {item.quote}"
        found.append(_Line(start, stop, drugs, _ADJUVANT.search(setting) is not None, ended, item))
    found.sort(key=lambda line: (line.start is None, line.start or date.min, -len(line.drugs), line.item.rank))
    kept: list[_Line] = []
    for line in found:
        same = next((at for at, other in enumerate(kept) if _is_same(line, other)), None)
        if same is None:
            kept.append(line)
        elif not kept[same].item.values.get("line") and line.item.values.get("line"):
            kept[same] = line._replace(adjuvant=line.adjuvant or kept[same].adjuvant)
    return kept


def _is_same(line: _Line, other: _Line) -> bool:
    if line.start is not None and other.start is not None:
        # A month alone ("07/2023") stands for its first day.
        return abs((line.start - other.start).days) <= _SAME_LINE_DAYS
    numbers = {item.item.values["line"] for item in (line, other) if item.item.values.get("line")}
    return len(numbers) < 2 and (line.drugs <= other.drugs or other.drugs <= line.drugs)


def judge_interval(rule: PriorTherapyRule, facts: CaseFacts, asked: str) -> Answer:
    """Tell whether the disease progressed so soon after the last platinum; the newest statement counts."""
    months = rule.within_months or 6
    wanted = facts.meant(rule.drugs) | {"platinum"}
    found: list[tuple[date, str, str, bool, int]] = []
    for source, day, text, rank in _texts(facts):
        for sentence, _ in cut(text):
            if is_of_family(sentence.text):
                continue
            for match in _STATED.finditer(sentence.text):
                told = _told(match, months, wanted)
                if told is not None and not spoiler(sentence.text, match.start(), match.end()):
                    found.append((day or date.min, source, sentence.text, told, rank))
    if not found:
        return settle([], asked)
    last = max(item[0] for item in found)
    newest = [item for item in found if item[0] == last]
    outcomes = {item[3] for item in newest}
    day, source, quote, told, rank = newest[-1]
    shown = day if day != date.min else None
    if len(outcomes) > 1:
        return Answer(
            outcome="not_determinable", says=f"{asked}: the chart says both", quote=quote, source=source, day=shown
        )
    says = f'{asked}: "{" ".join(quote.split())}"{f" ({shown})" if shown else ""}'
    outcome = "met" if told else "not_met" if rank <= 2 else "not_determinable"
    return Answer(outcome=outcome, says=says, quote=quote, source=source, day=shown)


def _texts(facts: CaseFacts) -> list[tuple[str, date | None, str, int]]:
    listed: list[tuple[str, date | None, str, int]] = []
    for condition in facts.conditions():
        listed.append((condition.resource, condition.recorded or condition.onset, condition.text, 4))
    for treatment in facts.chart.prior_treatments if facts.chart else ():
        if treatment.text and (treatment.end or treatment.start or facts.on) <= facts.on:
            listed.append((treatment.resource, treatment.end or treatment.start, treatment.text, 2))
    for document in facts.documents():
        rank = rank_of(document.kind or document.title)[0]
        if rank:
            listed.append((document.resource, document.day, document.text, rank))
    return listed


def _told(match: re.Match[str], months: int, wanted: frozenset[str]) -> bool | None:
    """Tell whether a passage says that the interval was short enough; None when it is about something else."""
    if match["kind"]:
        return True if months >= 6 else None
    if match["free"]:
        return _days(match["free"], match["free_unit"]) < months * _MONTH
    if match["number"]:
        if match["drug"].lower() not in wanted:
            return None
        return _days(match["number"], match["unit"]) <= months * _MONTH
    return False if months <= 6 else None


def _days(number: str, unit: str) -> float:
    each = 1.0 if unit.lower().startswith("d") else 7.0 if unit.lower().startswith("w") else _MONTH
    return float(number) * each


def _drugs(item: Statement) -> frozenset[str]:
    written = ", ".join((item.name, item.values.get("drugs", "").replace(";", ", "), item.values.get("drug", "")))
    known = generics(written)
    return known or frozenset(part.strip().lower() for part in item.values.get("drugs", "").split(";") if part.strip())
