"""Facts about hospital stays told in the chart: an Encounter of an inpatient class, or a document with its dates."""

from datetime import timedelta

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact
from tools.chart.stays import stays

WINDOW_DAYS = 3
"""Outpatient services of the days before an admission count with the stay (payment window, CARC 60)."""


@check
def inpatient_stay_overlaps(q: Inquiry) -> Fact:
    """Whether the chart tells of a stay that covers the day of service, or began up to three days after it."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("admission and discharge dates",))
    for stay in stays(chart):
        if stay.start - timedelta(days=WINDOW_DAYS) <= served <= (stay.end or stay.start):
            span = f"{day(stay.start)} to {day(stay.end) or 'an unstated day'}"
            evidence = sources.chart(q, stay.resource, stay.quote or f"Inpatient {span}", quote=stay.quote or None)
            says = f"{stay.resource} tells of a stay from {span}"
            return yes(says, evidence, stay=span, hcpcs=q.hcpcs, service_date=day(served))
    return unknown("Nothing tells of a stay around the day", missing=("admission and discharge dates",))
