"""What the chart says: facts read from one patient's FHIR bundle. Each keeps the id of its resource."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from knowledge.types.practice import Frozen


class Amount(Frozen):
    """A quantity with its unit as charted, lower case (`mg`, `g`, `mcg`, `ml`, `mg/m2`, `mg/kg`, `auc`)."""

    value: Decimal
    unit: str


class ChartFact(Frozen):
    """A fact of one resource: `resource` is like `MedicationAdministration/ma-1`."""

    resource: str


class Person(ChartFact):
    """Who the chart is about. `identifiers` are Patient.identifier values and Coverage.subscriberId."""

    identifiers: tuple[str, ...] = ()
    last: str = ""
    first: str = ""
    birth_date: date | None = None
    sex: str = ""


class Condition(ChartFact):
    """A diagnosis: ICD-10-CM code without dots in upper case, text, stage, onset, clinical status."""

    icd10: str
    text: str = ""
    stage: str = ""
    onset: date | None = None
    status: str = ""


class Observation(ChartFact):
    """A measurement: LOINC code or text, value with unit or as words."""

    loinc: str = ""
    text: str = ""
    day: date | None = None
    value: Amount | None = None
    words: str = ""


class Order(ChartFact):
    """A medication order. `dose` per administration as ordered (may be per m2, kg or AUC); `interval_days` if stated."""

    hcpcs: str = ""
    drug: str = ""
    ordered_on: date | None = None
    dose: Amount | None = None
    interval_days: int | None = None
    text: str = ""
    status: str = ""
    requester: str = ""
    reason: str = ""


class DoseGiven(ChartFact):
    """A dose as charted at the chairside.

    `status` completed, not-done, ... ; `dose` what went into the patient; `discarded` what was thrown away;
    `start`/`stop` infusion times; `ndc` as charted; `document_quotes` verbatim note lines.
    """

    hcpcs: str = ""
    drug: str = ""
    day: date | None = None
    start: datetime | None = None
    stop: datetime | None = None
    dose: Amount | None = None
    discarded: Amount | None = None
    discarded_stated: bool = False
    ndc: str = ""
    route: str = ""
    status: str = ""
    notes: tuple[str, ...] = ()


class PriorTreatment(ChartFact):
    """A drug given or stated before (MedicationStatement, or an administration elsewhere)."""

    drug: str
    hcpcs: str = ""
    start: date | None = None
    end: date | None = None
    text: str = ""


class Document(ChartFact):
    """A document of the chart: `text` for text/plain (and for PDFs whose text can be read); `content` raw bytes."""

    kind: str
    day: date | None = None
    authors: tuple[str, ...] = ()
    media_type: Literal["text/plain", "application/pdf", "other"] = "text/plain"
    text: str = ""
    content: bytes = b""
    title: str = ""


class Report(ChartFact):
    """A DiagnosticReport or Procedure: what, when, conclusion."""

    kind: str
    day: date | None = None
    conclusion: str = ""
    status: str = ""


class Chart(Frozen):
    """One patient's chart."""

    file: str
    person: Person
    conditions: tuple[Condition, ...] = ()
    observations: tuple[Observation, ...] = ()
    orders: tuple[Order, ...] = ()
    doses: tuple[DoseGiven, ...] = ()
    prior_treatments: tuple[PriorTreatment, ...] = ()
    documents: tuple[Document, ...] = ()
    reports: tuple[Report, ...] = ()
    procedures: tuple[Report, ...] = ()
