"""What is known of a service and its patient, gathered once for all criteria of a policy."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Protocol

from knowledge.policies.terms import load_terms
from knowledge.types.chart import Amount, Chart, Condition, Document, Order
from tools.chart.facts.passages import rank_of
from tools.chart.find import doses_on, last_dose_before, order_in_force
from tools.chart.matching import DrugAsked, names_in

_NOT_TRUE = ("entered-in-error", "refuted")


class Statement(Protocol):
    """A clinical fact a passage of the chart states (a `ClinicalFact`): rank 1 is a laboratory, 4 a problem list."""

    @property
    def topic(self) -> str:
        """What it is about ("biomarker", "treatment", "stage")."""

    @property
    def name(self) -> str:
        """The marker, drug or scale."""

    @property
    def values(self) -> Mapping[str, str]:
        """Slots as read."""

    @property
    def polarity(self) -> str:
        """Whether it says yes or no: positive, negative, equivocal, unstated."""

    @property
    def day(self) -> date | None:
        """The day it stands for."""

    @property
    def quote(self) -> str:
        """Its words, verbatim."""

    @property
    def resource(self) -> str:
        """Where they stand."""

    @property
    def rank(self) -> int:
        """How good the source is, 1 the best."""


class Unread(Protocol):
    """A passage that names a topic without saying anything sure of it (an `UnreadMention`)."""

    @property
    def topic(self) -> str:
        """What it is about."""

    @property
    def name(self) -> str:
        """The marker or drug it names; "" for a source that could not be read at all."""

    @property
    def day(self) -> date | None:
        """The day of the source."""

    @property
    def quote(self) -> str:
        """Its words, verbatim."""

    @property
    def resource(self) -> str:
        """Where they stand."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One service line and what the practice's records say about it. What is None or empty is not known.

    `diagnoses` are the ICD-10-CM codes the claim line points to, `units` those billed, `authorized` whether an
    approved authorization was in force on the date of service `on`. `statements` and `unread` are what the chart's
    reader gives (`read_clinical`). `code_names` are the generic names that HCPCS codes of the policy mean.
    """

    on: date
    drug: DrugAsked
    chart: Chart | None = None
    statements: Sequence[Statement] = field(default=())
    unread: Sequence[Unread] = field(default=())
    diagnoses: tuple[str, ...] = ()
    units: Decimal | None = None
    place_of_service: str = ""
    authorized: bool | None = None
    code_names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def about(self, topic: str, *, undated: bool = False) -> Iterator[Statement]:
        """Yield the statements of a topic that are dated on or before the date of service.

        `undated` lets entries without a day pass, such as those of a problem list, which stand as long as it does.
        """
        return (
            item
            for item in self.statements
            if item.topic == topic
            and ((item.day is None and undated) or (item.day is not None and item.day <= self.on))
        )

    def documents(self) -> Iterator[Document]:
        """Yield the documents with text, made on or before the date of service, oldest first."""
        listed = [item for item in (self.chart.documents if self.chart else ()) if item.day and item.day <= self.on]
        yield from sorted((item for item in listed if item.text), key=lambda item: (str(item.day), item.resource))

    def meant(self, names: Collection[str]) -> frozenset[str]:
        """Return generic names for names and HCPCS codes; a code that nothing is known of stays as it is."""
        found: set[str] = set()
        for name in names:
            found |= self.code_names.get(name, frozenset((name,)))
        return frozenset(found)

    def left_unread(self, topic: str, names: Collection[str], *, plain: bool = False) -> Unread | None:
        """Return the first passage about one of `names`, by the date of service, that could not be read surely.

        `plain`: a pathology or laboratory report answers already; only another one could say otherwise.
        """
        notes = {item.resource for item in self.documents() if rank_of(item.kind or item.title)[0] > 1}
        about = (
            item
            for item in self.unread
            if item.topic == topic and item.name in names and not (plain and item.resource in notes)
        )
        return next((item for item in about if item.day is None or item.day <= self.on), None)

    def course_began(self) -> date:
        """Return the day of the first charted dose of the drug, the date of service when there is none before it."""
        doses = self.chart.doses if self.chart else ()
        days = [
            dose.day
            for dose in doses
            if dose.day is not None and dose.status in ("completed", "") and self.drug.matches(dose.hcpcs, dose.drug)
        ]
        return min((self.on, *days))

    def conditions(self) -> Iterator[Condition]:
        """Yield the diagnoses that stood on the date of service."""
        for condition in self.chart.conditions if self.chart else ():
            begun = condition.onset or condition.recorded
            if condition.status in _NOT_TRUE or (begun is not None and begun > self.on):
                continue
            if condition.abated is None or condition.abated >= self.on:
                yield condition

    def given(self) -> Amount | None:
        """Return the amount of the drug given on the date of service, None when it is not certain."""
        return doses_on(self.chart, self.drug, self.on).total if self.chart else None

    def given_in(self) -> tuple[str, ...]:
        """Return the resources that chart the dose of the date of service."""
        if self.chart is None:
            return ()
        return tuple(dose.resource for dose in doses_on(self.chart, self.drug, self.on).given)

    def days_since_last(self) -> tuple[int, str] | None:
        """Return the days since the dose before and its resource; None when none is charted."""
        before = last_dose_before(self.chart, self.drug, self.on) if self.chart else None
        return None if before is None or before.day is None else ((self.on - before.day).days, before.resource)

    def order(self) -> Order | None:
        """Return the order in force on the date of service."""
        return order_in_force(self.chart, self.drug, self.on).order if self.chart else None

    def drug_names(self) -> frozenset[str]:
        """Return the generic names the policy terms know the drug by; empty when they do not know it."""
        return frozenset(generic for name in self.drug.names for generic in generics(name))


@cache
def generics(text: str) -> frozenset[str]:
    """Return the generic names of the drugs named in a text; the longest name wins over one that it contains.

    A class (a taxane) names no drug.
    """
    drugs = {name: meant[0] for name, meant in load_terms().drug_names().items() if len(meant) == 1}
    named = names_in(text, drugs)
    own = [name for name in named if not any(name != other and name in other for other in named)]
    return frozenset(drugs[name] for name in own)
