"""Plain statements in notes: each found by one sure pattern, with its sentence as the quote.

A sentence that denies, plans, supposes or speaks of a relative gives nothing, and neither does one with two
drugs or two doses: whatever cannot be read surely stays unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from knowledge.types.chart import Chart, Document, TextFact
from tools.chart.matching import names_in
from tools.chart.sentences import Sentence, is_of_family, is_plain_report, is_supposed, sentences
from tools.chart.statements import NO_WASTE, authorization_number, order_change, planned_change, statements

LONGEST_SENTENCE = 600
"""Characters: what runs longer is no sentence a pattern can be sure of."""

_NEEDS_ITS_DRUG = ("dose-given", "dose-ordered")
_ISO_DAY = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])")
_US_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")


def read_notes(chart: Chart, drug_names: Iterable[str] = ()) -> tuple[TextFact, ...]:
    """Read every text document of a chart; see `read_note`."""
    names = tuple(drug_names)
    return tuple(fact for document in chart.documents for fact in read_note(document, names))


def read_note(document: Document, drug_names: Iterable[str] = ()) -> tuple[TextFact, ...]:
    """Read one document's plain statements, in order of place.

    Names: `order-changed` (amount, unit, interval_days, and from_amount, from_unit, from_interval_days when said),
    `change-planned` (the same, where the note decides a change), `dose-given` and `dose-ordered` (amount, unit, drug),
    `waste` (amount, unit), `no-waste`, `infusion-times` (start, stop as HH:MM), `authorization-mentioned` (number),
    `drug-mentioned` (drug). `drug` is present when the sentence names one of `drug_names`, `date` when it names one
    day; one that names two drugs or two days gives no dose. With `drug_names`, a dose given or ordered must name its
    drug. A dose of another time ("last cycle") is not read.
    """
    names = tuple(drug_names)
    return tuple(
        fact
        for sentence in sentences(document.text)
        if len(sentence.text) <= LONGEST_SENTENCE
        for fact in _facts(document, sentence, names)
    )


def _facts(document: Document, sentence: Sentence, names: tuple[str, ...]) -> Iterator[TextFact]:
    if is_of_family(sentence.text):
        return
    drugs = names_in(sentence.text, names)
    for name, values in (
        *(("drug-mentioned", {"drug": drug}) for drug in drugs),
        *_of_any_drug(sentence.text),
        *_of_one_drug(sentence.text, drugs, names),
    ):
        yield _fact(document, sentence, name, values)


def _of_any_drug(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    if NO_WASTE.search(text) and not is_supposed(text):
        yield "no-waste", {}
    number = authorization_number(text)
    if number and is_plain_report(text):
        yield "authorization-mentioned", {"number": number}


def _of_one_drug(text: str, drugs: tuple[str, ...], names: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    days = _days(text)
    if len(drugs) > 1 or len(days) > 1:
        return
    named = {**({"drug": drugs[0]} if drugs else {}), **({"date": days[0]} if days else {})}
    rest = NO_WASTE.sub("", text)
    change, planned = order_change(rest), planned_change(rest)
    if change:
        yield "order-changed", {**change, **named}
    elif planned:
        yield "change-planned", {**planned, **named}
    elif is_plain_report(rest):
        for name, values in statements(rest):
            if drugs or not names or name not in _NEEDS_ITS_DRUG:
                yield name, {**values, **named}


def _fact(document: Document, sentence: Sentence, name: str, values: Mapping[str, str]) -> TextFact:
    return TextFact(
        resource=document.resource,
        name=name,
        values=dict(values),
        quote=sentence.text,
        start=sentence.start,
        end=sentence.end,
        day=document.day,
    )


def _days(text: str) -> tuple[str, ...]:
    """Return the days a sentence names, as YYYY-MM-DD, without repeats."""
    written = _ISO_DAY.findall(text)
    written += [f"{year}-{int(month):02}-{int(day):02}" for month, day, year in _US_DAY.findall(text)]
    return tuple(dict.fromkeys(written))
