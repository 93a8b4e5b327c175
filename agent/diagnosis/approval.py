"""What an approval's letter asks for before more is approved: in its own words, for a person to answer."""

import re

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry
from knowledge.types.diagnosis import Remedy, ReviewReason

MORE = re.compile(r"\b(?:further|additional|more|continu\w+|extension\w*|extend\w*|renew\w*|re-?authoriz\w+)\b", re.I)
CONDITION = re.compile(r"\b(?:needs?|requires?|required|must|subject to|only (?:with|after|if))\b", re.I)


def condition_of_more(q: Inquiry, remedy: Remedy) -> ReviewReason | None:
    """Return a reason for review when the letter of the approval sets a condition for more of what it approved.

    A request that leaves the payer's own condition unanswered (a new scan, a response to treatment) is refused;
    whether it is met is a clinical question. None when the remedy asks for no authorization or no letter is charted.
    """
    row, chart = q.case.authorization, q.case.chart
    if remedy != "authorization_fix" or row is None or not row.document or chart is None:
        return None
    letter = next((d for d in chart.documents if d.resource.rpartition("/")[2] == row.document), None)
    if letter is None:
        return None
    for sentence in re.split(r"(?<=[.;])\s+", " ".join(letter.text.split())):
        if MORE.search(sentence) and CONDITION.search(sentence):
            sources.document(q, letter)
            return ReviewReason(code="clinical-judgement", says=f"The approval says: {sentence.strip()}")
    return None
