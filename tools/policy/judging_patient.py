"""Disease, stage, performance status, age and earlier treatment against what a policy asks."""

import re
from datetime import date

from knowledge.types.chart import Condition
from knowledge.types.criteria import (
    AgeRule,
    Answer,
    DiagnosisRule,
    Disease,
    Outcome,
    PerformanceRule,
    StageRule,
)
from tools.policy.facts import CaseFacts
from tools.policy.settling import Weighed, settle

_CANCER = re.compile(r"C(?!7[789])|D0|D37|D4[0-9]")
"""Primary tumours; a code of metastases does not say which disease is treated."""
_STAGE = re.compile(r"\bstage\s*[:=]?\s*(?P<stage>(?:IV|I{1,3})[ABC]?[1-3]?|[0-4][ABC]?[1-3]?)(?![\w.])", re.IGNORECASE)
_OTHER_SYSTEMS = ("R-ISS", "TNM")
"""Names of stages whose numbers are not those policies mean."""
_TRIPLE_NEGATIVE = "triple-negative breast cancer"
_NODES = "lymph nodes"
_ROMAN = ("0", "I", "II", "III", "IV")


def judge_diagnosis(rule: DiagnosisRule, facts: CaseFacts) -> Answer:
    """Find the disease among the diagnoses of the chart; the claim's own codes and the chart together can refute it."""
    asked = " or ".join(disease.name for disease in rule.diseases)
    unsure: Condition | None = None
    cancers: list[Condition] = []
    for condition in facts.conditions():
        if _CANCER.match(condition.icd10):
            cancers.append(condition)
        for disease in rule.diseases:
            told = _is(disease, condition, facts)
            if told:
                return _of(condition, "met", f"{asked}: {condition.icd10} {condition.text}".strip())
            if told is None:
                unsure = condition
    if unsure is not None:
        says = f"{asked}: {unsure.icd10} {unsure.text} may be it; the record does not tell".strip()
        return _of(unsure, "not_determinable", says)
    claimed = [code.replace(".", "").upper() for code in facts.diagnoses if _CANCER.match(code.upper())]
    elsewhere = claimed and not any(code.startswith(disease.icd10) for code in claimed for disease in rule.diseases)
    if cancers and elsewhere and all(disease.icd10[0].startswith("C") for disease in rule.diseases):
        other = cancers[-1]
        return _of(
            other, "not_met", f"{asked}: chart and claim name another disease, {other.icd10} {other.text}".strip()
        )
    return Answer(outcome="not_determinable", says=f"{asked}: not found among the diagnoses of the chart")


def _is(disease: Disease, condition: Condition, facts: CaseFacts) -> bool | None:
    """Tell whether a condition is the disease; None when its code fits and its words do not tell."""
    if not condition.icd10.startswith(disease.icd10):
        return False
    if not disease.words:
        return True
    if disease.name == _TRIPLE_NEGATIVE and (told := _triple_negative(facts)) is not None:
        return told
    histologies = [f"{item.name} {item.quote}" for item in facts.about("histology") if item.polarity != "negative"]
    texts = [text.lower() for text in (condition.text, *histologies)]
    fits = any(word in text for text in texts for word in disease.words)
    against = any(_stands_alone(word, text) for text in texts for word in disease.against)
    return None if fits == against else fits


def _triple_negative(facts: CaseFacts) -> bool | None:
    """Tell triple-negative disease by its receptors; None unless each has results that agree.

    HER2 counts as negative unless it is 3+ or amplified; a receptor below 1 % is negative (ASCO/CAP 2020, 2023).
    """
    signs: list[bool] = []
    for names in (("ER", "HR"), ("PR", "HR"), ("HER2",)):
        found = [item for item in facts.about("biomarker") if item.name in names]
        best = min((item.rank for item in found), default=None)
        polarities = {item.polarity for item in found if item.rank == best}
        if len(polarities) != 1 or not polarities <= {"positive", "negative"}:
            return None
        signs.append(polarities == {"negative"})
    return all(signs)


def _stands_alone(word: str, text: str) -> bool:
    """Tell whether a word stands in a text other than after "non-" ("small cell" is not said by "non-small cell")."""
    return re.search(rf"(?<!non-)(?<!non )(?<!\w){re.escape(word)}", text) is not None


def judge_stage(rule: StageRule, facts: CaseFacts) -> Answer:
    """Compare the stage by the date of service; spread is also read from codes of metastases."""
    asked = " or ".join(
        (
            *(f"stage {name}" for name in (*rule.stages, *(f"{name} (unresectable)" for name in rule.conditional))),
            *rule.extents,
        )
    )
    wants_spread = "metastatic" in rule.extents or "advanced" in rule.extents or "IV" in rule.stages
    for condition in facts.conditions():
        if wants_spread and re.match(r"C7[789]|C7B", condition.icd10) and not condition.icd10.startswith("C77"):
            return _of(condition, "met", f"{asked}: {condition.icd10} {condition.text}".strip())
    weighed = [
        Weighed(_by_stage(rule, _stage_in(item.values.get("stage", ""), item.quote)), item)
        for item in facts.about("stage")
        if item.name not in _OTHER_SYSTEMS
    ]
    if weighed and (answer := _staged(weighed, asked)).outcome == "met":
        return answer
    for condition in facts.conditions():
        said = f"{condition.stage} {condition.text}".lower()
        if _CANCER.match(condition.icd10) and any(_is_said(extent, said) for extent in rule.extents):
            return _of(condition, "met", f"{asked}: {condition.icd10} {condition.stage or condition.text}".strip())
    if weighed:
        return _staged(weighed, asked)
    if wants_spread:
        spread = [item for item in facts.about("metastasis") if item.polarity == "positive" and item.name != _NODES]
        if spread:
            return settle([Weighed("met", item) for item in spread], asked)
    for condition in facts.conditions():
        stage = _stage_in(condition.stage, f"stage {condition.stage}") or _stage_in("", condition.text)
        outcome = _by_stage(rule, stage)
        if outcome is not None and _CANCER.match(condition.icd10):
            return _of(condition, outcome, f"{asked}: {condition.stage or condition.text}")
    return Answer(outcome="not_determinable", says=f"{asked}: no stage is charted by the date of service")


def _is_said(extent: str, text: str) -> bool:
    """Tell whether a problem list names an extent ("recurrent") without denying it."""
    return re.search(rf"(?<!non-)(?<!non )(?<!not )(?<!no )(?<!\w){extent}(?!\w)", text) is not None


def _staged(weighed: list[Weighed], asked: str) -> Answer:
    """Take the latest of the best sources where it meets: a disease moves up; it is refuted only by all of them.

    A stage of the problem list is a structured entry of the clinic: it can meet, it cannot refute.
    """
    best = min(item.statement.rank for item in weighed)
    latest = max(item.statement.day or date.min for item in weighed if item.statement.rank == best)
    newest = [item for item in weighed if item.statement.rank == best and item.statement.day == latest]
    answer = settle(newest, asked, enough_to_meet=4)
    return answer if answer.outcome == "met" else settle(weighed, asked, enough_to_meet=4)


def _stage_in(written: str, text: str) -> str:
    """Return a stage in roman numerals ("IIIB"), "" when there is none or two different ones."""
    direct = re.fullmatch(r"(?:stage\s*)?((?:IV|I{1,3})[ABC]?[1-3]?|[0-4][ABC]?[1-3]?)", written.strip(), re.IGNORECASE)
    found = {direct[1].upper()} if direct else {match["stage"].upper() for match in _STAGE.finditer(text)}
    if len(found) != 1:
        return ""
    stage = found.pop()
    return _ROMAN[int(stage[0])] + stage[1:] if stage[0].isdigit() else stage


def _by_stage(rule: StageRule, stage: str) -> Outcome | None:
    """Compare one stage. Without asked stages, only the ends of the scale say something of the spread."""
    if not stage:
        return None
    base = re.sub(r"[ABC1-3]+$", "", stage)
    if any(stage.startswith(asked) if asked in _ROMAN[:1] else _within(stage, asked) for asked in rule.stages):
        return "met"
    if any(_within(stage, asked) or _within(asked, base) for asked in rule.conditional):
        return None
    if any(_within(asked, base) and asked != base for asked in rule.stages) and stage == base:
        return None  # "stage III" charted, IIIB asked for
    if base == "IV" and ("metastatic" in rule.extents or "advanced" in rule.extents):
        return "met"
    if rule.extents and (set(rule.extents) != {"metastatic"} or base == "III"):
        return None
    return "not_met"


def _within(stage: str, asked: str) -> bool:
    """Tell whether `stage` is `asked` or a part of it: IIIB is within III, IV is not within I."""
    return re.fullmatch(rf"{asked}[ABC]?[1-3]?", stage) is not None


def judge_performance(rule: PerformanceRule, facts: CaseFacts) -> Answer:
    """Compare the latest performance status by the date of service."""
    scale = "karnofsky" if rule.karnofsky_at_least is not None else "ecog"
    bounds = {"at most": rule.ecog_at_most, "at least": rule.ecog_at_least or rule.karnofsky_at_least}
    asked = " ".join((scale.upper(), *(f"{name} {bound}" for name, bound in bounds.items() if bound is not None)))
    found = [item for item in facts.about("performance") if scale in f"{item.name} {item.quote}".lower()]
    latest = max((item.day for item in found if item.day), default=None)
    weighed = [Weighed(_by_status(rule, item.values), item) for item in found if item.day == latest]
    return settle(weighed, asked)


def _by_status(rule: PerformanceRule, values: object) -> Outcome | None:
    numbers = sorted(int(value) for value in dict(values).values() if re.fullmatch(r"\d{1,3}", value))  # type: ignore[call-overload]
    if not numbers:
        return None
    low, high = numbers[0], numbers[-1]
    if rule.karnofsky_at_least is not None:
        return "met" if low >= rule.karnofsky_at_least else "not_met" if high < rule.karnofsky_at_least else None
    if rule.ecog_at_most is not None:
        return "met" if high <= rule.ecog_at_most else "not_met" if low > rule.ecog_at_most else None
    least = rule.ecog_at_least or 0
    return "met" if low >= least else "not_met" if high < least else None


def judge_age(rule: AgeRule, facts: CaseFacts) -> Answer:
    """Compare the age on the date of service."""
    born = facts.chart.person.birth_date if facts.chart else None
    asked = " ".join(
        text
        for text in (
            "age",
            f"at least {rule.at_least}" if rule.at_least is not None else "",
            f"at most {rule.at_most}" if rule.at_most is not None else "",
        )
        if text
    )
    if born is None or facts.chart is None:
        return Answer(outcome="not_determinable", says=f"{asked}: no birth date is charted")
    age = _years(born, facts.on)
    fits = (rule.at_least is None or age >= rule.at_least) and (rule.at_most is None or age <= rule.at_most)
    says = f"{asked}: {age} years on {facts.on}"
    return Answer(outcome="met" if fits else "not_met", says=says, source=facts.chart.person.resource, day=born)


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _of(condition: Condition, outcome: Outcome, says: str) -> Answer:
    quote = condition.text or condition.stage or None
    return Answer(
        outcome=outcome, says=says, quote=quote, source=condition.resource, day=condition.onset or condition.recorded
    )
