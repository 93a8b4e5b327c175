"""The text in which a fact's quote stands, so that anyone can check it."""

from knowledge.types.chart import Chart, ClinicalFact, UnreadMention


def source_text(chart: Chart, fact: ClinicalFact | UnreadMention) -> str | None:
    """Return the field of the resource a fact cites; None when the chart does not hold it.

    Of several resources or documents under one id, the one in which the quote stands at its place is meant.
    """
    held = [
        *chart.documents,
        *chart.reports,
        *chart.conditions,
        *chart.observations,
        *chart.prior_treatments,
        *chart.doses,
    ]
    texts = [
        str(_field(item, fact.field)) for item in held if item.resource == fact.resource and hasattr(item, fact.field)
    ]
    return next((text for text in texts if text[fact.start : fact.end] == fact.quote), texts[0] if texts else None)


def _field(item: object, name: str) -> object:
    value = getattr(item, name)
    return getattr(value, "value", value)
