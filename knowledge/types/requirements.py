"""What a criterion of a policy may require, each requirement by its own form."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from knowledge.types.practice import Frozen


class Disease(Frozen):
    """A disease a policy names. `icd10` are prefixes without dots; a code under one of them may be it.

    `words` are words of a diagnosis or histology that tell it apart where the code cannot, `against` those that
    rule it out; no `words` = the code alone tells.
    """

    name: str
    icd10: tuple[str, ...]
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class DiagnosisRule(Frozen):
    """The treated disease is one of `diseases`."""

    rule: Literal["diagnosis"] = "diagnosis"
    diseases: tuple[Disease, ...]


class BiomarkerRule(Frozen):
    """A result of one marker: a number against a bound, or a state.

    `marker` is its one name ("PD-L1"); `measure` the score meant ("TPS", "CPS", "" = not said); `unit` "%" or "".
    With `op` there is a `value`, otherwise a `state` or `categories`. `intensity` is the least staining counted
    (2 = moderate). `categories` are classes of HER2, any one of them: `3+`, `2+`, `1+`, `zero`, `ish+`, `ish-`,
    `2+/ish+`, `2+/ish-`, `positive`, `negative`, `low`, `ultralow`. `variants` are the alterations meant; empty = any.
    """

    rule: Literal["biomarker"] = "biomarker"
    marker: str
    measure: str = ""
    op: Literal[">=", ">", "<=", "<"] | None = None
    value: Decimal | None = None
    unit: str = ""
    state: Literal["positive", "negative", "altered", "unaltered"] | None = None
    categories: tuple[str, ...] = ()
    intensity: int | None = None
    variants: tuple[str, ...] = ()


class StageRule(Frozen):
    """The stage is one of `stages` ("IIIB", "IV"), or the spread one of `extents`.

    An extent is "metastatic", "locally advanced", "unresectable", "advanced" or "recurrent". `conditional` stages
    count only with something a person must judge (stage III that cannot be resected).
    """

    rule: Literal["stage"] = "stage"
    stages: tuple[str, ...] = ()
    extents: tuple[str, ...] = ()
    conditional: tuple[str, ...] = ()


class PerformanceRule(Frozen):
    """ECOG within the bounds, both included, or Karnofsky of at least `karnofsky_at_least` percent."""

    rule: Literal["performance"] = "performance"
    ecog_at_least: int | None = None
    ecog_at_most: int | None = None
    karnofsky_at_least: int | None = None


class AgeRule(Frozen):
    """Age on the date of service in whole years, bounds included."""

    rule: Literal["age"] = "age"
    at_least: int | None = None
    at_most: int | None = None


class PriorTherapyRule(Frozen):
    """A treatment before: one of `drugs`, or at least `lines` lines of treatment.

    `outcomes`: how it ended, any one of them; empty = to have been given is enough. `absent` turns it round: none
    of it may have been given before. `most_lines` bounds the lines from above, `metastatic_lines` those among them for
    metastatic disease from below. `within_months`: the disease progressed within so many months of the last dose.
    `grade_at_least` is of the reaction that ended it. `drugs` may be HCPCS codes where the policy names products so.
    """

    rule: Literal["prior_therapy"] = "prior_therapy"
    drugs: tuple[str, ...] = ()
    lines: int | None = None
    outcomes: tuple[Literal["progression", "intolerance", "contraindication"], ...] = ()
    absent: bool = False
    most_lines: int | None = None
    metastatic_lines: int | None = None
    within_months: int | None = None
    grade_at_least: int | None = None


class DoseOption(Frozen):
    """One schedule: at most `amount` of `unit` a dose, and at least `interval_days` between doses."""

    amount: Decimal | None = None
    unit: str = ""
    interval_days: int | None = None


class DoseRule(Frozen):
    """A dose within one of `options`; with `steps` they follow one another, and a first dose is held to the first."""

    rule: Literal["dose"] = "dose"
    options: tuple[DoseOption, ...]
    steps: bool = False


class SiteRule(Frozen):
    """The place of service is one of `places` (two-digit codes)."""

    rule: Literal["site"] = "site"
    places: tuple[str, ...]


class DocumentRule(Frozen):
    """The chart holds every one of `documents`, by the names of the document table."""

    rule: Literal["documentation"] = "documentation"
    documents: tuple[str, ...]


class AuthorizationRule(Frozen):
    """An approved authorization in force on the date of service."""

    rule: Literal["authorization"] = "authorization"


class MeasurementRule(Frozen):
    """The latest value of a measurement by the service, taken within `within_days` before it when that is said."""

    rule: Literal["measurement"] = "measurement"
    name: str
    op: Literal[">=", ">", "<=", "<"]
    value: Decimal
    unit: str = ""
    within_days: int | None = None


class IntentRule(Frozen):
    """The aim of treatment is cure (`curative`), or is not."""

    rule: Literal["intent"] = "intent"
    curative: bool = False


class CombinationRule(Frozen):
    """What the drug is given with: one of `options`, each a set of drugs; the empty set = alone."""

    rule: Literal["combination"] = "combination"
    options: tuple[tuple[str, ...], ...]


class SideRule(Frozen):
    """The side of the bowel the primary tumor arose in."""

    rule: Literal["side"] = "side"
    side: Literal["left", "right"]


class HistologyRule(Frozen):
    """The histology is one of `names`, and none of `against` (squamous, where non-squamous is asked)."""

    rule: Literal["histology"] = "histology"
    names: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class CourseRule(Frozen):
    """The course of the drug: begun at most `months` before; without progression on it (`stable`), or after one."""

    rule: Literal["course"] = "course"
    months: int | None = None
    stable: bool = False
    progressed: bool = False


class RegimenRule(Frozen):
    """The chemotherapy is one of the regimens a policy names, or of the risk of febrile neutropenia it asks for."""

    rule: Literal["regimen"] = "regimen"
    regimens: tuple[str, ...] = ()
    risk: Literal["high", "intermediate", ""] = ""


class OpenRule(Frozen):
    """Words that nothing was read from, kept among alternatives: it takes a person to tell whether they hold."""

    rule: Literal["open"] = "open"
    text: str


class CompendiumRule(Frozen):
    """A compendium lists the use in one of `levels` ("1", "2A", "IIa", "supportive", "none" = it has no entry).

    `compendia` are those the policy names, by the names of the table of compendia; empty = any of them.
    """

    rule: Literal["compendium"] = "compendium"
    compendia: tuple[str, ...] = ()
    levels: tuple[str, ...]


class AnyRule(Frozen):
    """One of several is enough; each option is a list of requirements that hold together."""

    rule: Literal["any"] = "any"
    options: tuple[tuple["Requirement", ...], ...]


Requirement = Annotated[
    DiagnosisRule
    | BiomarkerRule
    | StageRule
    | PerformanceRule
    | AgeRule
    | PriorTherapyRule
    | DoseRule
    | SiteRule
    | DocumentRule
    | AuthorizationRule
    | MeasurementRule
    | IntentRule
    | CombinationRule
    | SideRule
    | HistologyRule
    | RegimenRule
    | CourseRule
    | CompendiumRule
    | OpenRule
    | AnyRule,
    Field(discriminator="rule"),
]


AnyRule.model_rebuild()
