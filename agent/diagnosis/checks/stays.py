"""Facts about hospital stays told in the chart's documents."""

import re
from datetime import date, datetime, timedelta

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact

DATE = r"(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|[A-Z][a-z]+ \d{1,2}, \d{4})"
ADMITTED = re.compile(rf"\badmi(?:tted|ssion)\b[^.\n]{{0,40}}?{DATE}", re.IGNORECASE)
DISCHARGED = re.compile(rf"\bdischarged?\b[^.\n]{{0,40}}?{DATE}", re.IGNORECASE)
WINDOW_DAYS = 3
"""Outpatient services of the days before an admission count with the stay (payment window, CARC 60)."""


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day, no time of day
        except ValueError:
            continue
    return None


@check
def inpatient_stay_overlaps(q: Inquiry) -> Fact:
    """Whether a document tells of a stay that covers the day of service, or began up to three days after it."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("admission and discharge dates",))
    for document in chart.documents:
        admitted, discharged = ADMITTED.search(document.text), DISCHARGED.search(document.text)
        start = _day(admitted.group(1)) if admitted else None
        end = _day(discharged.group(1)) if discharged else None
        if admitted is None or start is None:
            continue
        if start - timedelta(days=WINDOW_DAYS) <= served <= (end or start):
            says = f"{document.kind} tells of a stay from {day(start)} to {day(end) or 'an unstated day'}"
            evidence = sources.chart(q, document.resource, says, quote=admitted.group(0))
            span = f"{day(start)} to {day(end) or 'an unstated day'}"
            return yes(says, evidence, stay=span, hcpcs=q.hcpcs, service_date=day(served))
    return unknown("No document tells of a stay around the day", missing=("admission and discharge dates",))
