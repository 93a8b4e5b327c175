"""Builders for policies, charts and clinical statements."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from knowledge.folder.policy_file import cut_sections
from knowledge.types.chart import Amount, Chart, Condition, DoseGiven, Order, Person, PriorTreatment
from knowledge.types.criteria import Criterion, CriterionRow, CriterionTable, PolicyCriteria
from knowledge.types.practice import Policy
from tools.chart.matching import DrugAsked
from tools.policy import CaseFacts, assess, read_criteria

ON = date(2026, 3, 16)
PEMBROLIZUMAB = DrugAsked(hcpcs="J9271", names=("pembrolizumab", "Keytruda"))


def policy(text: str, policy_id: str = "P-1", **fields: object) -> Policy:
    given: dict[str, object] = {"payer_id": "CASC1", "title": "A drug", "drugs": ("J9271",), **fields}
    given.setdefault("effective_from", date(2026, 1, 1))
    return Policy.model_validate({"policy_id": policy_id, "sections": cut_sections(text.strip().split("\n")), **given})


def criteria(text: str) -> PolicyCriteria:
    return read_criteria(policy(text))


def only(text: str) -> Criterion:
    found = criteria(text).criteria
    assert len(found) == 1, [criterion.text for criterion in found]
    return found[0]


@dataclass(frozen=True)
class Said:
    """A clinical fact as the chart's reader gives it."""

    topic: str
    name: str = ""
    values: dict[str, str] = field(default_factory=dict)
    polarity: str = "unstated"
    day: date | None = date(2026, 2, 1)
    quote: str = "as written"
    resource: str = "DocumentReference/d1"
    rank: int = 1


def pdl1(
    score: str, *, rank: int = 1, day: date | None = date(2026, 2, 1), resource: str = "DocumentReference/path"
) -> Said:
    return Said("biomarker", "PD-L1", {"score": score}, "positive", day, f"PD-L1 TPS {score}%", resource, rank)


def chart(**parts: object) -> Chart:
    person = Person(resource="Patient/p", birth_date=date(1960, 5, 1))
    return Chart.model_validate({"file": "charts/p.json", "person": person, **parts})


def condition(icd10: str, text: str = "", **fields: object) -> Condition:
    return Condition.model_validate({"resource": "Condition/c1", "icd10": icd10, "text": text, **fields})


def dose(
    mg: str, day: date = ON, *, resource: str = "MedicationAdministration/m1", drug: str = "pembrolizumab"
) -> DoseGiven:
    code = "J9271" if drug == "pembrolizumab" else ""
    amount = Amount(value=Decimal(mg), unit="mg")
    return DoseGiven(resource=resource, hcpcs=code, drug=drug, day=day, dose=amount, status="completed")


def order(mg: str, days: int, ordered_on: date = date(2026, 3, 1)) -> Order:
    amount = Amount(value=Decimal(mg), unit="mg")
    return Order(
        resource="MedicationRequest/r1", hcpcs="J9271", drug="pembrolizumab", ordered_on=ordered_on, dose=amount,
        interval_days=days, status="active",
    )  # fmt: skip


def prior(drug: str, end: date = date(2025, 6, 1)) -> PriorTreatment:
    return PriorTreatment(resource="MedicationStatement/s1", drug=drug, end=end, text=drug, status="completed")


def facts(*said: Said, **fields: object) -> CaseFacts:
    given: dict[str, object] = {"on": ON, "drug": PEMBROLIZUMAB, "chart": chart(), "statements": said, **fields}
    return CaseFacts(**given)  # type: ignore[arg-type]


def table(text: str, *said: Said, **fields: object) -> CriterionTable:
    return assess(criteria(text), facts(*said, **fields))


def row(text: str, *said: Said, **fields: object) -> CriterionRow:
    rows = table(text, *said, **fields).rows
    assert len(rows) == 1, [item.criterion.text for item in rows]
    return rows[0]
