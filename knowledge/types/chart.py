"""What the chart says: facts read from one patient's FHIR bundle. Each keeps the id of its resource."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

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
    """A diagnosis: ICD-10-CM code without dots in upper case, text, stage, onset, clinical status.

    `status` is the clinical status, or `entered-in-error`/`refuted` where verification says so. `recorded`
    is when it was written down, `abated` when it ended.
    """

    icd10: str
    text: str = ""
    stage: str = ""
    onset: date | None = None
    status: str = ""
    recorded: date | None = None
    abated: date | None = None


class Observation(ChartFact):
    """A measurement: LOINC code or text, value with unit or as words.

    A value with a comparator ("<1 %") is words only: it is a bound, not a value.
    """

    loinc: str = ""
    text: str = ""
    day: date | None = None
    value: Amount | None = None
    words: str = ""
    status: str = ""


class Order(ChartFact):
    """A medication order. `dose` per administration as ordered; `interval_days` if stated.

    `dose` may be per m2, kg or AUC when no fixed one is ordered.     `basis` is the dose per m2, kg or AUC
    where the order states one beside a fixed dose. `replaces` is the resource of the order this one
    follows, `intent` is FHIR's (`order`, `plan`, ...).
    """

    hcpcs: str = ""
    drug: str = ""
    ordered_on: date | None = None
    dose: Amount | None = None
    interval_days: int | None = None
    text: str = ""
    status: str = ""
    requester: str = ""
    reason: str = ""
    basis: Amount | None = None
    replaces: str = ""
    intent: str = ""
    notes: tuple[str, ...] = ()


class DoseGiven(ChartFact):
    """A dose as charted at the chairside.

    `status` completed, not-done, ... ; `dose` what went into the patient; `discarded` what was thrown away;
    `start`/`stop` infusion times; `notes` verbatim note lines. `discarded_stated` is True when the chart
    speaks of waste, even of none. `ndc` as charted, `ndc11` the same in 11 digits ("" when not certain),
    `ndcs` all of them when several products went into the dose. `order` is the resource of the order it
    carries out.
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
    ndc11: str = ""
    ndcs: tuple[str, ...] = ()
    order: str = ""


class PriorTreatment(ChartFact):
    """A drug given or stated before (MedicationStatement, or an administration elsewhere)."""

    drug: str
    hcpcs: str = ""
    start: date | None = None
    end: date | None = None
    text: str = ""
    status: str = ""


class Document(ChartFact):
    """A document of the chart: `text` for text/plain, "" for a PDF; `content` its raw bytes."""

    kind: str
    day: date | None = None
    authors: tuple[str, ...] = ()
    media_type: Literal["text/plain", "application/pdf", "other"] = "text/plain"
    text: str = ""
    content: bytes = b""
    title: str = ""
    status: str = ""


class TextFact(ChartFact):
    """Something one sentence of a document says plainly.

    `document.text[start:end]` is `quote`; `name` is like `dose-given`; `values` are slots as read
    ("amount": "400").
    """

    name: str
    values: dict[str, str] = Field(default_factory=dict)
    quote: str
    start: int
    end: int
    day: date | None = None


class Report(ChartFact):
    """A DiagnosticReport or Procedure: what, when, conclusion."""

    kind: str
    day: date | None = None
    conclusion: str = ""
    status: str = ""
    codes: tuple[str, ...] = ()


class Stay(ChartFact):
    """An inpatient stay: first day, last day (None = not told), and the sentence that tells of it ("" = a record)."""

    start: date
    end: date | None = None
    quote: str = ""


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
    stays: tuple[Stay, ...] = ()


Polarity = Literal["positive", "negative", "equivocal", "unstated"]
Topic = Literal[
    "biomarker",
    "treatment",
    "stage",
    "performance",
    "metastasis",
    "intent",
    "histology",
    "measurement",
    "event",
    "signature",
    "infusion",
]


class ClinicalFact(ChartFact):
    """A clinical fact one passage of the chart states plainly of this patient.

    `quote` is verbatim what stands from `start` to `end` in the `field` of the resource (`text` of a document,
    `conclusion` of a report, `words` or `value` of an observation, `stage`, `drug`, `notes.0`). `day` is the day the
    source was made, or the day of the measurement. `rank` orders sources: 1 pathology or laboratory, 2 treating
    clinician, 3 any other note, 4 problem list; `source` says the same in words. `values` are slots as read; which
    there are depends on `topic`.
    """

    topic: Topic
    name: str
    values: dict[str, str] = Field(default_factory=dict)
    polarity: Polarity = "unstated"
    day: date | None = None
    quote: str
    field: str = "text"
    start: int
    end: int
    rank: int
    source: str = ""


class UnreadMention(ChartFact):
    """A passage that names a topic without saying anything sure of it: a reason to say unknown, not absent.

    `name` is "" where the whole source could not be read (a scanned report).
    """

    topic: Topic
    name: str
    quote: str
    field: str = "text"
    start: int
    end: int
    day: date | None = None
    why: str
