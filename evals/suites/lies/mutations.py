"""Turn right sentences into lies: each function tells one kind, from figures, words and people of the practices."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from evals.suites.lies import inventions
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterCase
from tools.packet.arguing import ArgumentSentence
from tools.packet.printing import day

Truths = tuple[ArgumentSentence, ...]


@dataclass(frozen=True)
class Ground:
    """What a lie is made from: its case, the right sentences there, and those of another case."""

    case: LetterCase
    truths: Truths
    other: LetterCase
    other_truths: Truths
    chance: random.Random


Lies = Iterator[ArgumentSentence]

_DOSE = re.compile(r"\b(\d+(?:\.\d+)?) (mg|units|kg|m2|days|weeks|mg/dL)\b")
_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2}), (\d{4})"
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_CODE = re.compile(r"\b([A-Z])(\d{4})\b")
_MONEY = re.compile(r"\$([\d,]+)\.(\d\d)")
_UNIT_FOR = {"mg": "mcg", "units": "mg", "kg": "lb", "m2": "kg", "days": "weeks", "weeks": "days", "mg/dL": "g/dL"}
_NEGATION = re.compile(r"\b(?:not|no|without|denies|never) ", re.IGNORECASE)
_ROLES = (("received", "discarded"), ("bills", "discarded"), ("was approved", "was denied"),
          ("was denied", "was approved"),
          ("order", "administration"), ("weight", "height"), ("denied", "approved"), ("given", "billed"))  # fmt: skip
_DISGUISED = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _changed(one: ArgumentSentence, text: str) -> Lies:
    if text != one.text:
        yield one.model_copy(update={"text": text})


def _outside(one: ArgumentSentence) -> bool:
    return '"' not in one.text


def changed_dose(one: ArgumentSentence, ground: Ground) -> Lies:
    """Another figure before the unit: ten times as much, one more, or another figure of the same evidence."""
    for match in list(_DOSE.finditer(one.text))[:2]:
        figure = match[1]
        more = f"{figure}5" if "." in figure else f"{int(figure) + 1}0"
        for new in (more, str(int(float(figure)) + 1), *_figures(one, ground, match)):
            yield from _changed(one, one.text[: match.start(1)] + new + one.text[match.end(1) :])


def _figures(one: ArgumentSentence, ground: Ground, match: re.Match[str]) -> list[str]:
    known = [m[1] for item in ground.case.evidence for m in _DOSE.finditer(item.says) if m[2] == match[2]]
    said = {m[1] for m in _DOSE.finditer(one.text)}
    return sorted({figure for figure in known if float(figure) not in {float(s) for s in said}})[:2]


def changed_unit(one: ArgumentSentence, _ground: Ground) -> Lies:
    """The same figure in another unit."""
    for match in list(_DOSE.finditer(one.text))[:1]:
        yield from _changed(one, one.text[: match.start(2)] + _UNIT_FOR[match[2]] + one.text[match.end(2) :])


def shifted_date(one: ArgumentSentence, ground: Ground) -> Lies:
    """A day, a month or a year beside, or another date of the case."""
    if not _outside(one):
        return
    for match in list(_DATE.finditer(one.text))[:2]:
        found = date(int(match[3]), _MONTHS.index(match[1]) + 1, int(match[2]))
        moved = [day(found + timedelta(days=1)), day(found + timedelta(days=31)), day(found + timedelta(days=365))]
        elsewhere = sorted(
            {m[0] for t in ground.truths for m in _DATE.finditer(t.text)} - {m[0] for m in _DATE.finditer(one.text)}
        )
        elsewhere += [fact.value for fact in ground.case.facts if fact.label == "Date of birth"]
        for new in (*moved[: 1 + ground.chance.randrange(3)], *elsewhere[:2]):
            yield from _changed(one, one.text[: match.start()] + new + one.text[match.end() :])


def swapped_dates(one: ArgumentSentence, _ground: Ground) -> Lies:
    """Two dates of a sentence in each other's place."""
    found = list(_DATE.finditer(one.text))
    if _outside(one) and len(found) == 2 and found[0][0] != found[1][0]:
        first, second = found
        text = one.text[: first.start()] + second[0] + one.text[first.end() : second.start()] + first[0]
        yield from _changed(one, text + one.text[second.end() :])


def changed_code(one: ArgumentSentence, ground: Ground) -> Lies:
    """Another code: a digit off, or that of another case."""
    for match in list(_CODE.finditer(one.text))[:1]:
        off = f"{match[1]}{(int(match[2]) + 1) % 10_000:04}"
        foreign = [m[0] for t in ground.other_truths for m in _CODE.finditer(t.text)]
        known = " ".join(f"{e.says} {e.quote}" for e in ground.case.evidence)
        for new in (off, *[code for code in foreign if code not in known][:1]):
            yield from _changed(one, one.text.replace(match[0], new, 1))


def changed_amount(one: ArgumentSentence, _ground: Ground) -> Lies:
    """Another amount of money."""
    for match in list(_MONEY.finditer(one.text))[:1]:
        yield from _changed(one, one.text.replace(match[0], f"${match[1]}1.{match[2]}", 1))
        yield from _changed(one, one.text.replace(match[0], f"${match[1]}.{(int(match[2]) + 7) % 100:02}", 1))


def invented(one: ArgumentSentence, ground: Ground) -> Lies:
    """A study, an organisation, an outcome or an approval, as a sentence of its own or behind a right one."""
    for lie in ground.chance.sample(inventions.ALL, 3):
        yield one.model_copy(update={"text": lie})
    behind = ground.chance.choice(inventions.BEHIND)
    if one.text.endswith("."):
        yield one.model_copy(update={"text": f"{one.text[:-1]}{behind}."})


def wrong_policy(one: ArgumentSentence, ground: Ground) -> Lies:
    """Another policy's id, or a section that the words do not stand in."""
    match = re.search(r"(?i)policy ([A-Z]{3,4}-\S+?) asks", one.text)
    if match:
        yield from _changed(one, one.text.replace(match[1], f"{match[1]}9", 1))
        if ground.other.criteria and ground.other.criteria.policy_id != match[1]:
            yield from _changed(one, one.text.replace(match[1], ground.other.criteria.policy_id, 1))
    section = re.search(r"its section ([^,]+),", one.text)
    if section:
        for new in ("Exclusions and limits", "4.2", "Renewal"):
            yield from _changed(one, one.text.replace(section[1], new, 1))


def other_patient(one: ArgumentSentence, ground: Ground) -> Lies:
    """What is right of another patient, cited to this one's evidence; or this one's fact under another's name."""
    mine = " ".join(f"{e.says} {e.quote or ''} {' '.join(e.values.values())}" for e in ground.case.evidence)
    for told in ground.chance.sample(ground.other_truths, min(2, len(ground.other_truths))):
        quoted = re.findall(r'"([^"]*)"', told.text)
        if told not in ground.truths and not any(" ".join(q.split()) in " ".join(mine.split()) for q in quoted):
            yield one.model_copy(update={"section": told.section, "text": told.text})
    name = next((f.value for f in ground.other.facts if f.label == "Patient"), "")
    own = next((f.value for f in ground.case.facts if f.label == "Patient"), "")
    if name and name != own and "the patient" in one.text.casefold():
        yield from _changed(one, re.sub(r"(?i)the patient", name, one.text, count=1))


def altered_quote(one: ArgumentSentence, ground: Ground) -> Lies:
    """A quotation with a word left out, a word added, a digit changed, or its two ends joined."""
    match = re.search(r'"([^"]{16,})"', one.text)
    if match is None:
        return
    words = match[1].split()
    at = ground.chance.randrange(1, max(2, len(words) - 1))
    forms = [" ".join([*words[:at], "confirmed", *words[at:]]), f"{match[1].rstrip('.')} with complete response"]
    if len(words) > 4:
        forms.append(" ".join([words[0], words[1], *words[-1:]]))
        forms.append(" ".join([*words[:2], *words[3:]]))
    forms += [re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), match[1], count=1)]
    source = " ".join(e.quote or "" for e in ground.case.evidence)
    for form in forms:
        if form not in " ".join(source.split()):
            yield from _changed(one, one.text.replace(match[1], form, 1))


def dropped_negation(one: ArgumentSentence, _ground: Ground) -> Lies:
    """What the record denies, told as if it stood there: in the quotation, cut out of it, or in plain words."""
    match = re.search(r'The chart states "([^"]*)"', one.text)
    turn = _NEGATION.search(match[1]) if match else None
    if match is None or turn is None:
        return
    rest = match[1][turn.end() :].rstrip(".")
    if len(re.findall(r"[a-z]{4,}", rest)) < 2 or _NEGATION.search(rest):
        return
    yield one.model_copy(update={"text": f'The chart states "{match[1][: turn.start()]}{rest}."'})
    yield one.model_copy(update={"text": f'The chart states "{rest}".'})
    yield one.model_copy(update={"text": f"The chart shows {rest}."})


def wrong_outcome(one: ArgumentSentence, ground: Ground) -> Lies:
    """A criterion called met that was not found so, or by evidence that does not answer it."""
    standing = ground.case.criteria
    if standing is None or one.section != "criteria":
        return
    charts = [e for e in ground.case.evidence if e.kind == "chart" and e.quote and '"' not in e.quote]
    for row in standing.rows:
        asked = " ".join(row.text.split())
        wrong = [e for e in charts if row.outcome != "met" or e.id not in row.chart_evidence][:1]
        for item in wrong:
            text = f'The criterion "{asked}" is met by "{" ".join((item.quote or "").split())}".'
            yield one.model_copy(update={"text": text, "evidence": (row.policy_evidence, item.id)})
    if standing.outcome != "met":
        yield one.model_copy(update={"text": f"The criteria of policy {standing.policy_id} are met."})
    else:
        yield one.model_copy(update={"text": f"The criteria of policy {standing.policy_id} are not met."})


def wrong_payer(one: ArgumentSentence, ground: Ground) -> Lies:
    """Another payer in the place of the one that denied."""
    if ground.other.payer_name != ground.case.payer_name and ground.case.payer_name in one.text:
        yield from _changed(one, one.text.replace(ground.case.payer_name, ground.other.payer_name, 1))
    if ground.other.payer_name != ground.case.payer_name:
        yield one.model_copy(update={"text": f"{ground.other.payer_name} approved the drug."})


def wrong_citation(one: ArgumentSentence, ground: Ground) -> Lies:
    """A right sentence under evidence that does not say it, under none, or under an id nothing has."""
    figures = set(re.findall(r"\d[\d.,]*|\"[^\"]+\"", one.text))
    for item in ground.case.evidence:
        if item.id not in one.evidence and not _says_any(item, one, figures):
            yield one.model_copy(update={"evidence": (item.id,)})
            break
    yield one.model_copy(update={"evidence": ()})
    yield one.model_copy(update={"evidence": ("E999",)})


def _says_any(item: Evidence, one: ArgumentSentence, figures: set[str]) -> bool:
    text = " ".join(f"{item.says} {item.quote or ''}".split()).casefold()
    words = {word for word in re.findall(r"[a-z]{5,}", one.text.casefold())}
    return any(word in text for word in words) or any(figure.strip('"').casefold() in text for figure in figures)


def disguised_digits(one: ArgumentSentence, _ground: Ground) -> Lies:
    """Digits of another script, and letters that only look like ours."""
    if any(char.isdigit() for char in one.text):
        yield from _changed(one, one.text.translate(_DISGUISED))
        yield from _changed(one, re.sub(r"\d", lambda d: chr(0xFF10 + int(d[0])), one.text, count=2))
        yield from _changed(one, re.sub(r"0", "\u041e", one.text, count=1))
        yield from _changed(one, re.sub(r"(\d)", "\\1\u200b", one.text, count=1))


def swapped_role(one: ArgumentSentence, _ground: Ground) -> Lies:
    """What was ordered called given, what was given discarded, what was denied approved."""
    if _outside(one):
        for word, instead in _ROLES:
            if re.search(rf"\b{word}\b", one.text):
                yield from _changed(one, re.sub(rf"\b{word}\b", instead, one.text, count=1))


KINDS: tuple[tuple[str, Callable[[ArgumentSentence, Ground], Lies]], ...] = tuple(
    (function.__name__.replace("_", " "), function)
    for function in (
        changed_dose, changed_unit, shifted_date, swapped_dates, changed_code, changed_amount, invented, wrong_policy,
        other_patient, altered_quote, dropped_negation, wrong_outcome, wrong_payer, wrong_citation, disguised_digits,
        swapped_role,
    )
)  # fmt: skip
"""Every kind of lie by name."""
