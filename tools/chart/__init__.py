"""Reading a patient's chart: FHIR resources and plain sentences, each fact with the resource it stands in."""

from tools.chart.bundle import read_chart

__all__ = ["read_chart"]
