"""Questions to a chart. Where the chart gives two answers, both come back and neither is chosen."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from knowledge.types.chart import Amount, Chart, Condition, Document, DoseGiven, Observation, Order, PriorTreatment
from knowledge.types.practice import Frozen
from tools.chart.matching import DrugAsked
from tools.dosing.units import in_mg

HEIGHT, WEIGHT, BODY_SURFACE, CREATININE = "8302-2", "29463-7", "3140-1", "2160-0"
"""LOINC codes of the measurements a dose is computed from."""

_GIVEN = ("completed", "")
_NOT_GIVEN = ("not-done", "entered-in-error")
_NEVER_AN_ORDER = ("cancelled", "entered-in-error", "draft")
_NOT_IN_FORCE = ("stopped", "on-hold", "unknown", *_NEVER_AN_ORDER)
_ONLY_PLANNED = ("proposal", "plan", "option")
_OVER = ("resolved", "remission", "inactive")
_NOT_TRUE = ("entered-in-error", "refuted")


class DosesOn(Frozen):
    """What was given of one drug on one day.

    `total` is the sum of the completed administrations; `discarded` the sum of their waste when each states
    it. Either is None when unknown. `not_given` are administrations charted as not done. `contradictions`
    say why there is no total although something is charted.
    """

    given: tuple[DoseGiven, ...] = ()
    not_given: tuple[DoseGiven, ...] = ()
    total: Amount | None = None
    discarded: Amount | None = None
    contradictions: tuple[str, ...] = ()


class OrderInForce(Frozen):
    """The order a dose falls under, with the one before it; `changes` name the fields that differ.

    `rivals` are several orders of one day that differ: then `order` is None and a person must say which held.
    `stopped` is the latest order when all are stopped by now and nobody can say since when.
    """

    order: Order | None = None
    previous: Order | None = None
    changes: tuple[str, ...] = ()
    rivals: tuple[Order, ...] = ()
    stopped: Order | None = None


class Latest(Frozen):
    """The latest measurement; `rivals` when that day has different values, and then `observation` is None."""

    observation: Observation | None = None
    rivals: tuple[Observation, ...] = ()


class Mention(Frozen):
    """Words found in a document: `document.text[start:end]`."""

    document: Document
    start: int
    end: int


def doses_on(chart: Chart, drug: DrugAsked, day: date) -> DosesOn:
    """Return the administrations of a drug on a day, summed only where that is beyond doubt.

    No total when one is unfinished, lacks its amount or has another unit, or when two start at the same
    minute.
    """
    found = [dose for dose in chart.doses if dose.day == day and drug.matches(dose.hcpcs, dose.drug)]
    found.sort(key=lambda dose: dose.resource)
    not_given = tuple(dose for dose in found if dose.status in _NOT_GIVEN)
    given = tuple(dose for dose in found if dose.status not in _NOT_GIVEN)
    doubts = tuple(_dose_doubts(given))
    return DosesOn(
        given=given,
        not_given=not_given,
        total=None if doubts else _sum([dose.dose for dose in given]),
        discarded=None if doubts else _sum([dose.discarded for dose in given]),
        contradictions=doubts,
    )


def last_dose_before(chart: Chart, drug: DrugAsked, day: date) -> DoseGiven | None:
    """Return the latest completed administration of a drug before a day, None when none is charted."""
    earlier = [
        dose
        for dose in chart.doses
        if dose.day is not None and dose.day < day and dose.status in _GIVEN and drug.matches(dose.hcpcs, dose.drug)
    ]
    return max(earlier, key=lambda dose: (dose.day or day, dose.resource), default=None)


def order_in_force(chart: Chart, drug: DrugAsked, on: date) -> OrderInForce:
    """Return the latest order of a drug on or before a day that is neither stopped nor only a plan.

    Status is as of the export: an order that is stopped now still held on `on` when a later order took its place
    only afterwards. Stopped without a later order, nobody knows since when, so it does not hold. The previous order
    may be stopped: that is how orders are changed. An order without a date is not considered.
    """
    every = sorted(
        (
            order
            for order in chart.orders
            if order.ordered_on is not None
            and drug.matches(order.hcpcs, order.drug)
            and order.status not in _NEVER_AN_ORDER
            and order.intent not in _ONLY_PLANNED
        ),
        key=lambda order: (order.ordered_on or on, order.resource),
    )
    orders = [order for order in every if order.ordered_on is not None and order.ordered_on <= on]
    replaced_later = len(every) > len(orders)
    live = [order for order in orders if replaced_later or order.status not in _NOT_IN_FORCE]
    if not live:
        return OrderInForce(stopped=orders[-1] if orders else None)
    latest = [order for order in live if order.ordered_on == live[-1].ordered_on]
    if len({(order.dose, order.basis, order.interval_days) for order in latest}) > 1:
        return OrderInForce(rivals=tuple(latest))
    current = latest[-1]
    earlier = [order for order in orders if (order.ordered_on or on) < (current.ordered_on or on)]
    previous = next((o for o in orders if current.replaces and o.resource == current.replaces), None)
    previous = previous or (earlier[-1] if earlier else None)
    return OrderInForce(order=current, previous=previous, changes=_changes(previous, current))


def conditions_on(chart: Chart, day: date) -> tuple[Condition, ...]:
    """Return the diagnoses that held on a day: begun by then, not ended, not refuted. Unknown onset holds."""
    return tuple(
        condition
        for condition in chart.conditions
        if condition.status not in _NOT_TRUE
        and (condition.onset is None or condition.onset <= day)
        and (condition.abated >= day if condition.abated is not None else condition.status not in _OVER)
    )


def latest_measurement(chart: Chart, loinc: str, on: date) -> Latest:
    """Return the latest measurement with a value, on a day or before it."""
    found = [o for o in chart.observations if o.loinc == loinc and o.day is not None and o.day <= on and o.value]
    if not found:
        return Latest()
    last = max(o.day for o in found if o.day is not None)
    of_that_day = [o for o in found if o.day == last]
    if len({o.value for o in of_that_day}) > 1:
        return Latest(rivals=tuple(of_that_day))
    return Latest(observation=of_that_day[0])


def observations_named(chart: Chart, words: str, on: date) -> tuple[Observation, ...]:
    """Return measurements whose text holds `words` (a biomarker's name) up to a day, newest first."""
    asked = DrugAsked(names=(words,))
    found = [o for o in chart.observations if asked.matches("", o.text) and (o.day is None or o.day <= on)]
    return tuple(sorted(found, key=lambda o: (o.day or date.min, o.resource), reverse=True))


def prior_treatments(chart: Chart, before: date) -> tuple[PriorTreatment, ...]:
    """Return drugs stated or given before a day, oldest first; one with no date at all comes first."""
    stated = [t for t in chart.prior_treatments if t.start is None or t.start < before]
    given = [
        PriorTreatment(
            resource=dose.resource,
            drug=dose.drug,
            hcpcs=dose.hcpcs,
            start=dose.day,
            end=dose.day,
            text=" ".join(dose.notes),
            status=dose.status,
        )
        for dose in chart.doses
        if dose.day is not None and dose.day < before and dose.status in _GIVEN
    ]
    return tuple(sorted([*stated, *given], key=lambda t: (t.start or date.min, t.resource)))


def documents_mentioning(chart: Chart, words: Iterable[str]) -> tuple[Mention, ...]:
    """Return the first place each document names one of `words`, newest document first."""
    mentions: list[Mention] = []
    for document in chart.documents:
        places = [place for word in words if (place := _place(document.text, word)) is not None]
        if places:
            start, end = min(places)
            mentions.append(Mention(document=document, start=start, end=end))
    return tuple(sorted(mentions, key=lambda m: (m.document.day or date.min, m.document.resource), reverse=True))


def _dose_doubts(given: tuple[DoseGiven, ...]) -> Iterable[str]:
    for dose in given:
        if dose.status not in _GIVEN:
            yield f"{dose.resource} is {dose.status}: how much went in is not settled"
        if dose.dose is None:
            yield f"{dose.resource} does not say how much was given"
    starts = [dose.start for dose in given if dose.start is not None]
    if len(set(starts)) < len(starts):
        twice = [start for start in set(starts) if starts.count(start) > 1]
        names = " and ".join(dose.resource for dose in given if dose.start in twice)
        yield f"{names} start at the same minute: one dose charted twice, or two"
    if len(given) > 1 and _sum([dose.dose for dose in given]) is None and all(dose.dose for dose in given):
        units = ", ".join(sorted({dose.dose.unit for dose in given if dose.dose is not None}))
        yield f"the day's doses are charted in units that do not add up: {units}"


def _sum(amounts: list[Amount | None]) -> Amount | None:
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return None
    if len({amount.unit for amount in known}) == 1:
        return Amount(value=sum((a.value for a in known), Decimal(0)), unit=known[0].unit)
    milligrams = [in_mg(amount) for amount in known]
    if any(mg is None for mg in milligrams):
        return None
    return Amount(value=sum((mg for mg in milligrams if mg is not None), Decimal(0)), unit="mg")


def _changes(previous: Order | None, current: Order) -> tuple[str, ...]:
    if previous is None:
        return ()
    pairs = (
        ("dose", previous.dose, current.dose),
        ("interval_days", previous.interval_days, current.interval_days),
        ("drug", previous.hcpcs, current.hcpcs),
    )
    return tuple(name for name, old, new in pairs if old and new and old != new)


def _place(text: str, word: str) -> tuple[int, int] | None:
    start = text.casefold().find(word.casefold()) if word and len(text.casefold()) == len(text) else -1
    return None if start < 0 else (start, start + len(word))
