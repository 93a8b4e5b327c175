"""Facts about the route by which a drug was given."""

import re

from agent.diagnosis import sources
from agent.diagnosis.given import is_drug, names_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact
from tools.chart.sentences import is_plain_report, sentences

VEIN = re.compile(
    r"\b(?:IV(?:PB)?|i\.v\.|intravenous(?:ly)?|by vein|infus(?:ed|ion)|drip|via (?:port|PICC))\b", re.IGNORECASE
)


@check
def drug_given_into_a_vein(q: Inquiry) -> Fact:
    """Whether the drug was given intravenously that day: so given it is not self-administered (MBPM 15, 50.2)."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not there to look in", missing=("the administration record of the day",))
    doses = [dose for dose in chart.doses if dose.day == served and is_drug(q, dose.hcpcs, dose.drug)]
    for dose in doses:
        if VEIN.search(dose.route):
            says = f"{dose.drug or q.hcpcs} was given by the route {dose.route}"
            return yes(says, sources.chart(q, dose.resource, says), route_words=says)
    for document in chart.documents:
        for sentence in sentences(document.text) if document.day == served else ():
            if names_drug(q, sentence.text) and VEIN.search(sentence.text) and is_plain_report(sentence.text):
                says = f"{document.kind} of {day(served)}: {sentence.text}"
                evidence = sources.chart(q, document.resource, says, quote=sentence.text)
                return yes(says, evidence, route_words=sentence.text)
    if any(dose.route for dose in doses):
        return no(f"{q.hcpcs} was not given into a vein")
    return unknown("No route is charted for the day", missing=("the administration record with its route",))
