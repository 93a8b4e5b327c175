"""The short clinical history of a clinical letter: each statement from one entry of the chart, cited; nothing else.

What a reviewer reads first: the diagnosis billed and its stage, the line of therapy, what was given before with its
dates and what came of it, and what is ordered now. Age, sex and whatever else the chart holds stay there. What the
chart does not state plainly is left out, and the person who reviews the letter is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from agent.diagnosis.case import Case
from agent.diagnosis.printed import day
from knowledge.codes import load_codes
from knowledge.types.chart import Chart, ClinicalFact, Condition
from knowledge.types.diagnosis import Category, Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent, LetterKind, Paragraph
from tools.chart.facts import Vocabulary, best, prior_lines, read_clinical, vocabulary
from tools.chart.find import conditions_on, order_in_force
from tools.chart.matching import DrugAsked
from tools.packet.necessary import protected_in
from tools.packet.normalising import collapsed
from tools.packet.printing import dates_in_words
from tools.packet.support import support_of
from tools.packet.verification import unsupported_in

HEADING = "Clinical history"
CLINICAL: frozenset[Category] = frozenset({"medical_necessity", "step_therapy", "non_covered"})
"""Categories whose letters argue from the chart."""

_ARGUED: frozenset[LetterKind] = frozenset({"reconsideration", "appeal"})
_PRIOR, _LONGEST = 3, 300
"""Earlier treatments told, the latest; characters of a quote."""

_ELEMENTS = ("diagnosis", "stage", "line of therapy", "earlier treatment", "response to it", "current regimen")


@dataclass(frozen=True)
class _Told:
    """What the chart states of one element, or of several at once: the sentence without citation, what it stands on."""

    elements: tuple[str, ...]
    text: str
    evidence: Evidence


def history_evidence(case: Case, diagnosis: Diagnosis) -> tuple[Evidence, ...]:
    """Return what a clinical history rests on, H1 and on; () where the letter argues from no chart."""
    return tuple(told.evidence for told in _told(case, diagnosis))


def with_history(content: LetterContent, case: Case, diagnosis: Diagnosis) -> tuple[LetterContent, tuple[str, ...]]:
    """Return a clinical letter with its history, and what of it the chart does not tell; any other as it is.

    It stands behind the opening. What the letter quotes already is not said again, and a statement that its own entry
    of the chart does not carry is not said.
    """
    if diagnosis.category not in CLINICAL or content.kind not in _ARGUED or case.chart is None:
        return content, ()
    if any(paragraph.heading == HEADING for paragraph in content.paragraphs):
        return content, ()
    written = " ".join(paragraph.text for paragraph in content.paragraphs)
    told = [one for one in _told(case, diagnosis) if not _unsaid(one)]
    fresh = [one for one in told if not (one.evidence.quote and one.evidence.quote in written)]
    lacking = [element for element in _ELEMENTS if element not in _stated(told)]
    note = (f"Clinical history: the chart does not state plainly: {', '.join(lacking)}",) if lacking else ()
    if not fresh:
        return content, note
    text = " ".join(f"{one.text} [{one.evidence.id}]." for one in fresh)
    history = Paragraph(heading=HEADING, text=text, evidence=tuple(one.evidence.id for one in fresh))
    at = _behind_opening(content)
    paragraphs = (*content.paragraphs[:at], history, *content.paragraphs[at:])
    return content.model_copy(update={"paragraphs": paragraphs}), note


def _behind_opening(content: LetterContent) -> int:
    first = content.paragraphs[0].heading if content.paragraphs else ""
    for at, paragraph in enumerate(content.paragraphs):
        if paragraph.heading and paragraph.heading != first:
            return at
    return len(content.paragraphs)


def _unsaid(told: _Told) -> bool:
    return bool(unsupported_in(f"{told.text}.", support_of([told.evidence])))


def _stated(told: list[_Told]) -> set[str]:
    found = (one.evidence.values for one in told if "earlier treatment" in one.elements)
    answered = any(values.get("outcome") or values.get("response") for values in found)
    return {element for one in told for element in one.elements} | ({"response to it"} if answered else set())


def _told(case: Case, diagnosis: Diagnosis) -> tuple[_Told, ...]:
    chart, line = case.chart, case.denial.line
    served = (line.service_date if line else None) or (case.line.start_date if case.line else None)
    if chart is None or served is None or diagnosis.category not in CLINICAL:
        return ()
    facts = _facts(_Same(chart), served.year)
    parts = [*_diagnosis(case, chart, facts, served), *_treatments(case, chart, facts, served)]
    once = _once(one for one in parts if _fit(one.evidence.quote))
    return tuple(
        _Told(one.elements, one.text, one.evidence.model_copy(update={"id": f"H{number}"}))
        for number, one in enumerate(once, start=1)
    )


def _once(parts: Iterator[_Told]) -> list[_Told]:
    """Say the same words of one entry once, for all that they state."""
    kept: dict[tuple[str, str], _Told] = {}
    for one in parts:
        key = (one.evidence.source, one.evidence.quote or one.text)
        before = kept.get(key)
        if before is not None:
            values = {**before.evidence.values, **one.evidence.values}
            stands_on = before.evidence.model_copy(update={"values": values})
            one = _Told((*before.elements, *one.elements), before.text, stands_on)
        kept[key] = one
    return list(kept.values())


def _diagnosis(case: Case, chart: Chart, facts: tuple[ClinicalFact, ...], served: date) -> Iterator[_Told]:
    condition = _billed(case, chart, served)
    if condition is None:
        return
    code = f"{condition.icd10[:3]}.{condition.icd10[3:]}".rstrip(".")
    since = f", known since {day(condition.onset)}" if condition.onset else ""
    named = f"{condition.text} ({code})" if condition.text else code
    says = f"Diagnosis: {named}{since}"
    yield _Told(("diagnosis",), dates_in_words(says), _evidence(chart, condition.resource, says, None))
    if condition.stage:
        said = f'Stage as charted: "{condition.stage}"'
        yield _Told(("stage",), said, _evidence(chart, condition.resource, said, condition.stage))
        return
    found = best([fact for fact in facts if fact.topic == "stage" and (fact.day is None or fact.day <= served)])
    if found.state == "stated" and found.fact is not None:
        yield _quoted("stage", "Stage as charted", chart, found.fact)


def _billed(case: Case, chart: Chart, served: date) -> Condition | None:
    """Return the chart's entry of the first diagnosis the line points to that is charted by the same code."""
    claim, line = case.claim, case.line
    codes = claim.diagnoses if claim is not None else ()
    pointers = line.diagnosis_pointers if line is not None and line.diagnosis_pointers else range(1, len(codes) + 1)
    pointed = [codes[at - 1].replace(".", "").upper() for at in pointers if 0 < at <= len(codes)]
    held = {condition.icd10: condition for condition in conditions_on(chart, served)}
    return next((held[code] for code in pointed if code in held), None)


def _treatments(case: Case, chart: Chart, facts: tuple[ClinicalFact, ...], served: date) -> Iterator[_Told]:
    line = case.line or case.denial.line
    code = (line.hcpcs if line else "") or ""
    row = load_codes().hcpcs.lookup(code, served) if code else None
    names = tuple(name for name in ((row.generic, row.brand) if row else ()) if name)
    earlier = [fact for fact in prior_lines(facts, before=served) if fact.values.get("status") == "prior"]
    numbered = [fact for fact in facts if fact.topic == "treatment" and fact.values.get("line") and _by(fact, served)]
    if numbered:
        last = max(numbered, key=lambda fact: (fact.day or date.min, fact.resource, fact.start))
        yield _quoted("line of therapy", "Line of therapy as charted", chart, last)
    for fact in earlier[-_PRIOR:]:
        yield _quoted("earlier treatment", f"Earlier treatment, {fact.name}{_dates(fact)}", chart, fact)
    held = order_in_force(chart, DrugAsked(hcpcs=code, names=names), served).order
    if held is not None and held.text and held.ordered_on is not None:
        named = f"Current regimen, {held.drug or code} ordered on {day(held.ordered_on)}"
        said = f'{named}: "{collapsed(held.text)}"'
        yield _Told(
            ("current regimen",), dates_in_words(said), _evidence(chart, held.resource, said, collapsed(held.text))
        )


def _by(fact: ClinicalFact, served: date) -> bool:
    return fact.day is None or fact.day <= served


def _dates(fact: ClinicalFact) -> str:
    """Return the days of a treatment that the chart gives in full; a month or a year alone stands in the quote."""
    found = []
    for slot, word in (("start", "from"), ("stop", "to")):
        written = fact.values.get(slot, "")
        if len(written) == len("2026-01-01"):
            found.append(f"{word} {written}")
    return f" {' '.join(found)}" if found else ""


def _quoted(element: str, lead: str, chart: Chart, fact: ClinicalFact) -> _Told:
    quote = collapsed(fact.quote)
    alone = quote.casefold() == fact.name.casefold()
    said = lead if alone else f'{lead}: "{quote}"'
    kept = _evidence(chart, fact.resource, said, None if alone else quote, fact.values)
    return _Told((element,), dates_in_words(said) if alone else f'{dates_in_words(lead)}: "{quote}"', kept)


def _evidence(
    chart: Chart, resource: str, says: str, quote: str | None, values: dict[str, str] | None = None
) -> Evidence:
    return Evidence(
        id="H0",
        kind="chart",
        source=f"{chart.file} {resource}",
        quote=quote,
        says=says,
        values=values or {},
        exhibit=f"chart:{resource}",
    )


def _fit(quote: str | None) -> bool:
    """Tell whether a quote may stand in a letter: short, no quotation within it, of nothing specially protected."""
    return quote is None or (len(quote) <= _LONGEST and not set(quote) & set('"“”') and not protected_in(quote))


class _Same:
    """A chart by its identity: read once while it is at hand."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def __hash__(self) -> int:
        return id(self.chart)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.chart is self.chart


@lru_cache(maxsize=16)
def _facts(held: _Same, year: int) -> tuple[ClinicalFact, ...]:
    return read_clinical(held.chart, _words(year)).facts


@lru_cache(maxsize=8)
def _words(year: int) -> Vocabulary:
    return vocabulary(load_codes().hcpcs, date(year, 1, 1))
