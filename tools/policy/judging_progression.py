"""Progression shown by imaging after the last treatment before: the scan tells how that treatment ended.

A scan of the half year after the last dose (the interval by which disease counts as refractory to a platinum, as FDA
labels and guidelines use it), with nothing else given in between.
"""

import re
from datetime import date, timedelta

from knowledge.types.criteria import Answer
from tools.chart.facts.passages import cut
from tools.chart.facts.scope import spoiler
from tools.policy.facts import CaseFacts

_WITHIN = timedelta(days=183)
_IMAGING = re.compile(r"\b(?:CT|PET|MRI|MR|scan|imaging|radiolog\w+|tomograph\w+)\b", re.IGNORECASE)
_PROGRESSED = re.compile(
    r"(?<!no )(?<!without )\b"
    r"(?:(?:disease |interval |clear |definite )*progression|progressive disease)\b"
    r"(?![\s-]*free)",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\bno\b|\bnot\b|\bwithout\b|\bversus\b|\bvs\b|\?|\bor\b|possib|probab|suspic|suggest|mixed|pseudo|cannot|may\b"
    r"|concern|if\b|unlikely",
    re.IGNORECASE,
)


def progression_after(last: date, facts: CaseFacts, asked: str) -> Answer | None:
    """Find an imaging report after `last`, the end of the last treatment, that plainly says progression."""
    for document in facts.documents():
        kind = document.kind or document.title
        if document.day is None or not last < document.day <= min(facts.on, last + _WITHIN):
            continue
        if not _IMAGING.search(kind):
            continue
        for sentence, of_family in cut(document.text):
            match = _PROGRESSED.search(sentence.text)
            if match is None or of_family or _UNSURE.search(sentence.text):
                continue
            if spoiler(sentence.text, match.start(), match.end()) is None:
                says = (
                    f'{asked}: it ended on {last}, and "{" ".join(sentence.text.split())}" ({kind} of {document.day})'
                )
                return Answer(outcome="met", says=says, quote=sentence.text, source=document.resource, day=document.day)
    return None
