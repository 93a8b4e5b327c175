"""How a treatment ended, read before the drug ("progressed on ...") and after it ("... stopped for colitis")."""

import re
from functools import cache
from typing import NamedTuple

from tools.chart.facts.data import OutcomeRow, ToxicityRow, read_rows
from tools.chart.facts.treatment_words import before


class Ending(NamedTuple):
    """An outcome ("" = none is said) with its reason and level; `at` is where its words begin."""

    outcome: str = ""
    reason: str = ""
    response: str = ""
    toxicity: str = ""
    at: int = 0

    def values(self) -> dict[str, str]:
        """Return the slots that are filled."""
        slots = {"outcome": self.outcome, "reason": self.reason, "response": self.response, "toxicity": self.toxicity}
        return {name: text for name, text in slots.items() if text}


_PROGRESSED = before(
    r"(?:(?-i:PD)|progress(?:ed|ing)|(?:progression|POD|relapse|recurrence)(?:\s+of\s+(?:the\s+)?(?:\w+\s+)?disease)?"
    r"|progressive\s+disease|failed|failure\s+of|relapsed|recurred|refractory)"
    r"(?:\s+(?:(?:on|in|by|of)\s+)?(?:\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/(?:\d{1,2}/)?\d{4}|[A-Z][a-z]+\s+\d{4}))?"
    r"\s*(?:through|on|after|despite|following|to|while\s+(?:on|receiving)|during|with|of|from)?"
)
_INTOLERANT = before(
    r"(?:intoleran(?:t|ce)|(?:unable|not\s+able)\s+to\s+tolerate|(?:could|did|does|can)\s+not\s+tolerate|cannot\s+tolerate"
    r"|allerg(?:y|ic|ies)|hypersensitivity(?:\s+reaction)?|(?:allergic|anaphylactic)\s+reaction"
    r"|anaphylaxis)\s*(?:to|of|from|with|on)?"
)
_STOPPED = before(r"stopped|discontinued|taken\s+off|came\s+off|off")
_TOXIC_LINK = (
    r"(?:\s*\(?grade\s+\d\)?)?\s+(?:from|due\s+to|after|secondary\s+to|on|with|caused\s+by|attributed\s+to|to)"
)
_DENIED = re.compile(
    r"\b(?:no|not|without|never|denies|absent|no\s+known|no\s+evidence\s+of|risk\s+of|if|until|upon|in\s+case\s+of|at|possible|suspected"
    r"|(?:watch(?:ing)?|monitor\w*|evaluat\w+|assess\w*|concern\w*|worr\w+)\s+for|question\s+of"
    r"|before|has\s+not|have\s+not|hasn't)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_NO_CLOCK = r"(?!\s*(?:at\s*)?\d{1,2}:\d{2})"
"""An infusion that stops at an hour is no treatment that ends."""
_STOPPED_FOR = re.compile(
    r"\b(?P<verb>discontinued|stopped|d/c'?d|dc'd|ceased|withdrawn|abandoned|aborted|ended|switched)\b"
    rf"{_NO_CLOCK}(?:\s+early)?"
    r"(?:\s+(?:in\s+|on\s+)?[\d/-]+)?(?:\s+(?:in|on|after)\s+[^.;,]{1,30}?)?\s*(?:after(?=\s+grade)|due\s+to|for|because\s+of|secondary\s+to|owing\s+to|2/2)\s+"
    r"(?P<reason>[^.;,()]{3,60})",
    re.IGNORECASE,
)
_REFRACTORY = re.compile(r"-(?:refractory|resistant)\b", re.IGNORECASE)
_REASON = re.compile(
    r"[^.;,()]{0,30}?\b(?:due\s+to|for|because\s+of|secondary\s+to|owing\s+to)\s+(?P<reason>[^.;,()]{3,60})",
    re.IGNORECASE,
)
_ENDED = re.compile(rf"\b(?:discontinued|stopped|d/c'?d|dc'd|ceased)\b{_NO_CLOCK}", re.IGNORECASE)
_UNSURE_LEAD = re.compile(
    r"\b(?:no|not|without|after|following|upon|at|at\s+time\s+of|if|before|absent|unless|for|or|and/or|risk\s+of|any|of"
    r"|because\s+of|due\s+to|given|owing\s+to|secondary\s+to|prevent|monitor\w*|watch|evaluate|assess|time\s+to|will|may|"
    r"should|never|prior\s+to|denies|free\s+of|since|question(?:able)?|possible|concern(?:ing)?\s+for)\s+"
    r"(?:[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:because(?!\s+of)|since(?!\s+\w+\s+\d)|while|whereas|although)\b|,[^,]*,[^,]*(?P<third>,)(?!\s*(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
"""Where what follows a drug is no longer about it: another clause, or the third comma."""
_OR = re.compile(r"\s*(?:or|and/or|/)\s", re.IGNORECASE)
_RANKING = ("progression", "toxicity", "intolerance", "stopped", "completed", "response")


def ending_before(text: str) -> Ending:
    """Read the outcome that ends `text`, which leads to a drug; `Ending()` when there is none.

    A harm "from" a drug is told as `toxicity` without an outcome: that it was stopped for it is not said.
    """
    for pattern, outcome in ((_PROGRESSED, "progression"), (_INTOLERANT, "intolerance"), (_STOPPED, "stopped")):
        match = pattern.search(text)
        if match is not None and not _DENIED.search(text[: match.start()]):
            return Ending(outcome, at=match.start())
    match = _toxic_before().search(text)
    if match is not None and not _DENIED.search(text[: match.start()]):
        return Ending(toxicity=_toxicity(match["cue"]), at=match.start())
    return Ending()


def ending_after(text: str, *, dated: bool) -> Ending:
    """Read the outcome said after a drug; `dated` lets "until progression" count as something that happened."""
    if _REFRACTORY.match(text):
        return Ending("progression")
    text = _about_the_drug(text)
    stopped = _STOPPED_FOR.search(text)
    found: dict[str, Ending] = {}
    if stopped is not None and not _UNSURE_LEAD.search(text[: stopped.start()]):
        ending = reason_ending(stopped["reason"].strip())
        found[ending.outcome] = ending
        text = text[: stopped.start()] + " " * (stopped.end() - stopped.start()) + text[stopped.end() :]
    for match in _outcome_words().finditer(text):
        lead = text[: match.start()]
        until = _UNTIL.search(lead)
        unsure = not dated if until else _UNSURE_LEAD.search(lead)
        if unsure or _OR.match(text, match.end()):
            continue
        row = _outcome_rows()[re.sub(r"\s+", " ", match.group()).casefold()]
        response = row.level if row.outcome == "response" else ""
        found.setdefault(row.outcome, Ending(row.outcome, response=response, at=match.start()))
    ended = _ENDED.search(text)
    if ended is not None and not _UNSURE_LEAD.search(text[: ended.start()]):
        found.setdefault("stopped", Ending("stopped", at=ended.start()))
    return _foremost(found)


def reason_after(text: str) -> str:
    """Return the reason that follows a drug that was stopped (" for pneumonitis in 04/2025"), "" when none does."""
    match = _REASON.match(text)
    return match["reason"].strip() if match else ""


def reason_ending(reason: str) -> Ending:
    """Tell what a stated reason for stopping makes of the outcome: progression, toxicity, or stopped for it."""
    word = _outcome_words().search(reason)
    if word is not None and _outcome_rows()[re.sub(r"\s+", " ", word.group()).casefold()].outcome == "progression":
        return Ending("progression", reason=reason)
    harm = _toxicity(reason)
    return Ending("toxicity", reason=reason, toxicity=harm) if harm else Ending("stopped", reason=reason)


def _about_the_drug(text: str) -> str:
    end = _ELSEWHERE.search(text)
    if end is None:
        return text
    return text[: end.start("third") if end["third"] else end.start()]


def _foremost(found: dict[str, Ending]) -> Ending:
    response = found["response"].response if "response" in found else ""
    for outcome in _RANKING:
        if outcome in found:
            return found[outcome]._replace(response=response)
    return Ending()


@cache
def _outcome_rows() -> dict[str, OutcomeRow]:
    return {row.words.casefold(): row for row in read_rows("outcomes.csv", OutcomeRow)}


@cache
def _outcome_words() -> re.Pattern[str]:
    rows = sorted(_outcome_rows().values(), key=lambda row: -len(row.words))
    written = [(row, re.escape(row.words).replace(r"\ ", r"\s+")) for row in rows]
    choices = "|".join(f"(?-i:{words})" if row.cased else words for row, words in written)
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])(?!\s+(?:score|free|risk|rate))", re.IGNORECASE)


@cache
def _toxicities() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = sorted(read_rows("toxicities.csv", ToxicityRow), key=lambda row: -len(row.words))
    return tuple((re.compile(rf"\b{re.escape(row.words)}\b", re.IGNORECASE), row.toxicity) for row in rows)


def _toxicity(text: str) -> str:
    return next((toxicity for pattern, toxicity in _toxicities() if pattern.search(text)), "")


@cache
def _toxic_before() -> re.Pattern[str]:
    rows = sorted(read_rows("toxicities.csv", ToxicityRow), key=lambda row: -len(row.words))
    choices = "|".join(re.escape(row.words) for row in rows)
    return before(rf"(?:{choices}){_TOXIC_LINK}")
