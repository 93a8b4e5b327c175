"""Encounters of a bundle: those that are inpatient stays."""

from knowledge.types.chart import Stay
from tools.chart.node import Node

_INPATIENT_CLASS = ("IMP", "ACUTE", "NONAC", "INPATIENT")
"""Encounter classes of a stay (HL7 ActCode); OBSENC is observation, an outpatient status."""


def read_encounter(resource: Node, name: str) -> Stay | None:
    """Read an Encounter of an inpatient class with the day it began; None for any other."""
    coded = resource.child("class")
    codes = [coded.text("code"), *(part.text("code") for part in coded.children("coding"))]
    if not any(code.upper() in _INPATIENT_CLASS for code in codes if code):
        return None
    period = resource.child("period")
    start = period.day("start")
    if start is None or resource.text("status") in ("cancelled", "entered-in-error", "planned"):
        return None
    return Stay(resource=name, start=start, end=period.day("end"), quote="")
