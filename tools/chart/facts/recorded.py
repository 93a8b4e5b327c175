"""Clinical facts of structured records: observations, medication statements and administrations."""

from collections.abc import Iterator
from typing import NamedTuple

from knowledge.types.chart import Chart, ClinicalFact, DoseGiven, Observation, PriorTreatment, UnreadMention
from tools.chart.facts.biomarkers import read_biomarkers
from tools.chart.facts.line import Found, Line, Missed
from tools.chart.facts.measurements import measurement_rows, read_measurements
from tools.chart.facts.outcomes import Ending, ending_after
from tools.chart.facts.staging import read_performance, read_stage, read_tnm
from tools.chart.facts.treatment_words import LINE, SETTING, WRITTEN_LINES
from tools.chart.facts.vocabulary import Vocabulary
from tools.chart.quantity import UNITS

_LABORATORY = (1, "pathology or laboratory report")
_RECORD = (1, "administration record")
_LIST = (2, "medication list")
_UNSURE = ("preliminary", "registered", "cancelled", "entered-in-error")


class _Place(NamedTuple):
    resource: str
    field: str
    quote: str


def recorded(chart: Chart, words: Vocabulary) -> Iterator[ClinicalFact | UnreadMention]:
    """Give the facts of a chart's records; the quote is the whole field the fact stands in."""
    for observation in chart.observations:
        yield from _of_observation(observation, words)
    for statement in chart.prior_treatments:
        fact = _of_statement(statement, words)
        if fact is not None:
            yield fact
    yield from _of_doses(chart.doses, words)


def _of_observation(observation: Observation, words: Vocabulary) -> Iterator[ClinicalFact | UnreadMention]:
    measured = _measurement(observation)
    if measured is not None:
        yield measured
        return
    value = observation.value
    said = observation.words or (f"{value.value} {value.unit}".strip() if value is not None else "")
    if not observation.text or not said:
        return
    joined = f"{observation.text}: {said}"
    line = Line(joined, tuple(words.lexicon.find(joined)), observation.day)
    field, quote = ("words", observation.words) if observation.words else ("value", str(value.value) if value else "")
    place = _Place(observation.resource, field, quote)
    readings = [
        *read_biomarkers(line),
        *read_stage(line),
        *read_tnm(line),
        *read_performance(line),
        *read_measurements(line),
    ]
    names = {reading.name for reading in readings if isinstance(reading, Found)}
    for reading in readings:
        if isinstance(reading, Missed) and any(name.endswith(reading.name) for name in names):
            continue  # A heading ("RAS") whose members were read.
        if isinstance(reading, Missed) or observation.status in _UNSURE:
            why = reading.why if isinstance(reading, Missed) else f"the observation is {observation.status}"
            yield UnreadMention(
                resource=place.resource,
                topic=reading.topic,
                name=reading.name,
                quote=place.quote,
                field=place.field,
                start=0,
                end=len(place.quote),
                day=observation.day,
                why=why,
            )
        else:
            yield _fact(
                reading._replace(values={**reading.values, "label": observation.text}), place, observation, _LABORATORY
            )


def _measurement(observation: Observation) -> ClinicalFact | None:
    value, text = observation.value, observation.text.casefold()
    if value is None or observation.status in _UNSURE:
        return None
    for row in measurement_rows().values():
        if observation.loinc == row.loinc or (
            not observation.loinc and text in {alias.casefold() for alias in row.aliases}
        ):
            known = {pair.split("=", 1)[0].casefold(): pair.split("=", 1)[1] for pair in row.units}
            unit = known.get(value.unit.casefold(), UNITS.get(value.unit, value.unit))
            place = _Place(observation.resource, "value", str(value.value))
            found = Found("measurement", row.name, {"value": f"{value.value:f}", "unit": unit})
            return _fact(found, place, observation, _LABORATORY)
    return None


def _of_statement(statement: PriorTreatment, words: Vocabulary) -> ClinicalFact | None:
    mentions = [m for m in words.lexicon.find(statement.drug) if m.entry.kind in ("drug", "regimen")]
    drugs = tuple(sorted({drug for mention in mentions for drug in mention.entry.drugs}))
    if not statement.drug:
        return None
    ending = ending_after(statement.text, dated=statement.end is not None)
    if not ending.outcome and statement.status == "completed":
        ending = Ending("completed")
    if not ending.outcome and statement.status == "stopped":
        ending = Ending("stopped")
    both = f"{statement.drug} {statement.text}"
    number, setting = LINE.search(both), SETTING.search(both)
    regimens = dict.fromkeys(mention.entry.name for mention in mentions if mention.entry.kind == "regimen")
    slots = {
        "drugs": "; ".join(drugs or (statement.drug,)),
        "status": "ongoing" if statement.status == "active" and statement.end is None else "prior",
        "regimen": " + ".join(regimens),
        "line": _number(number.group(), number["word"]) if number else "",
        "setting": setting.group().lower().replace("-", "") if setting else "",
        "start": statement.start.isoformat() if statement.start else "",
        "stop": statement.end.isoformat() if statement.end else "",
        **ending.values(),
    }
    name = " + ".join(dict.fromkeys(mention.entry.name for mention in mentions)) or statement.drug
    found = Found("treatment", name, {key: text for key, text in slots.items() if text}, "positive")
    from_text = ending.outcome not in ("", "completed", "stopped") or ending.response
    place = (
        _Place(statement.resource, "text", statement.text)
        if from_text
        else _Place(statement.resource, "drug", statement.drug)
    )
    return _fact(found, place, statement, _LIST)


def _number(written: str, word: str | None) -> str:
    digits = "".join(character for character in written if character.isdigit())
    return digits or WRITTEN_LINES[(word or "").lower()]


def _of_doses(doses: tuple[DoseGiven, ...], words: Vocabulary) -> Iterator[ClinicalFact]:
    """Give one fact for each drug of the administration record: first and last day, and how many doses."""
    by_name: dict[str, list[DoseGiven]] = {}
    names: dict[str, str] = {}
    for dose in doses:
        if dose.status in ("completed", "") and dose.day is not None and dose.drug:
            if dose.drug not in names:
                mentions = [m for m in words.lexicon.find(dose.drug) if m.entry.kind == "drug"]
                names[dose.drug] = mentions[0].entry.name if len(mentions) == 1 else dose.drug
            name = names[dose.drug]
            by_name.setdefault(name, []).append(dose)
    for name, given in by_name.items():
        days = sorted(dose.day for dose in given if dose.day is not None)
        first = min(given, key=lambda dose: (str(dose.day), dose.resource))
        values = {
            "drugs": name,
            "status": "given",
            "start": days[0].isoformat(),
            "last": days[-1].isoformat(),
            "doses": str(len(given)),
        }
        place = _Place(first.resource, "drug", first.drug)
        yield _fact(Found("treatment", name, values, "positive"), place, first, _RECORD)


def _fact(
    found: Found, place: _Place, source: Observation | PriorTreatment | DoseGiven, rank: tuple[int, str]
) -> ClinicalFact:
    day = source.start if isinstance(source, PriorTreatment) else source.day
    return ClinicalFact(
        resource=place.resource,
        topic=found.topic,
        name=found.name,
        values=found.values,
        polarity=found.polarity,
        day=day,
        quote=place.quote,
        field=place.field,
        start=0,
        end=len(place.quote),
        rank=rank[0],
        source=rank[1],
    )
