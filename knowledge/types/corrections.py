"""What a correction changes on a submitted claim, and what it makes: a file, its difference, findings."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from knowledge.types.practice import Frozen
from knowledge.types.reading import Severity

CorrectionMode = Literal["replacement", "new", "void"]
"""CLM05-3, REF*F8: `replacement` 7 with the payer's number, `void` 8 with it, `new` 1 without (MA130)."""

ChargeRule = Literal["unit_price", "keep"]
"""What new units do to the charge: `unit_price` keeps dollars per unit, `keep` leaves the charge as sent."""


class Change(Frozen):
    """One change of a claim: `why` in a biller's words, `evidence` the ids that prove it.

    `decided_by` names the person who decided, where a person must: diagnoses, pointers, some modifiers.
    """

    why: Annotated[str, Field(min_length=1)]
    evidence: tuple[str, ...] = ()
    decided_by: str = ""


class SetAuthorization(Change):
    """Put an authorization number on the claim (`line` None, loop 2300) or on one line (loop 2400)."""

    kind: Literal["set_authorization"] = "set_authorization"
    number: str
    line: str | None = None


class SetCode(Change):
    """Bill another HCPCS code on a line, in `units` of that code. `charge` None keeps the line's charge."""

    kind: Literal["set_code"] = "set_code"
    line: str
    hcpcs: str
    units: Decimal
    charge: Decimal | None = None


class SetUnits(Change):
    """Bill other units on a line: the billing units of the dose given, never of an authorization."""

    kind: Literal["set_units"] = "set_units"
    line: str
    units: Decimal


class SetModifiers(Change):
    """Take modifiers off a line, then add others after those that stay."""

    kind: Literal["set_modifiers"] = "set_modifiers"
    line: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class SplitWaste(Change):
    """Bill the discarded part of a single-dose vial on its own line, with JW.

    The line keeps `administered_units`; a line of the same code is added after it with `wasted_units` and JW.
    NDC quantities None are split in the proportion of the units.
    """

    kind: Literal["split_waste"] = "split_waste"
    line: str
    administered_units: Decimal
    wasted_units: Decimal
    administered_ndc_quantity: Decimal | None = None
    wasted_ndc_quantity: Decimal | None = None


class SetNdc(Change):
    """Name the product given: `ndc` 11 digits (5-4-2, no dashes), `quantity` in the product's own `unit`."""

    kind: Literal["set_ndc"] = "set_ndc"
    line: str
    ndc: str
    quantity: Decimal
    unit: str


class SetDiagnoses(Change):
    """Write the claim's diagnoses anew: ICD-10-CM codes, the principal first. A person decides."""

    kind: Literal["set_diagnoses"] = "set_diagnoses"
    codes: tuple[str, ...]


class SetPointers(Change):
    """Point a line at diagnoses, by position from 1. A person decides."""

    kind: Literal["set_pointers"] = "set_pointers"
    line: str
    pointers: tuple[int, ...]


class SetOriginal(Change):
    """Say which claim this one replaces: `number` is what the payer calls that claim (CLP07 of its remit)."""

    kind: Literal["set_original"] = "set_original"
    number: str


class SetPatient(Change):
    """Name the person as the payer has verified them; None leaves what was sent.

    `member_id` is the subscriber's (NM1*IL); name and birth date are the patient's own.
    """

    kind: Literal["set_patient"] = "set_patient"
    member_id: str | None = None
    last: str | None = None
    first: str | None = None
    birth_date: date | None = None


class SetDescription(Change):
    """Say in words what a code of no drug of its own was billed for (SV101-7): drug, dose, route."""

    kind: Literal["set_description"] = "set_description"
    line: str
    text: str


class SetPlace(Change):
    """Write the place of service, a code of two digits, for the claim (CLM05-1) and its lines (SV105)."""

    kind: Literal["set_place"] = "set_place"
    place: str


class SetProvider(Change):
    """Name a person on the claim (`line` None, loops 2310) or on one line (loops 2420), by NPI.

    `role` is NM101: `82` rendering, `DN` referring, `DQ` supervising; `DK` ordering, which only a line has.
    """

    kind: Literal["set_provider"] = "set_provider"
    role: Literal["82", "DN", "DK", "DQ"]
    npi: str
    last: str
    first: str
    middle: str = ""
    line: str | None = None


class SetTrial(Change):
    """Name the clinical trial by its registry number of eight digits, without NCT (REF*P4, loop 2300)."""

    kind: Literal["set_trial"] = "set_trial"
    number: str


class SetTestResult(Change):
    """State a test result on a line (MEA*TR, loop 2400): `test` R1 hemoglobin in g/dL, R2 hematocrit in percent."""

    kind: Literal["set_test_result"] = "set_test_result"
    line: str
    test: Literal["R1", "R2"]
    value: Decimal


class RemoveLine(Change):
    """Take a line off the claim, because the record does not show what it bills. A person decides."""

    kind: Literal["remove_line"] = "remove_line"
    line: str


ClaimChange = Annotated[
    SetAuthorization
    | SetCode
    | SetUnits
    | SetModifiers
    | SplitWaste
    | SetNdc
    | SetDiagnoses
    | SetPointers
    | SetOriginal
    | SetPatient
    | SetDescription
    | SetPlace
    | SetProvider
    | SetTrial
    | SetTestResult
    | RemoveLine,
    Field(discriminator="kind"),
]
"""Any change a correction can make; a line is named by its LX01 as it was sent."""


class ControlNumbers(Frozen):
    """What makes the envelope of a new file its own: never used before for this receiver.

    `interchange` is ISA13, `group` GS06, `transaction` ST02; `batch` BHT03, made from the others when blank.
    """

    date: date
    time: time
    interchange: Annotated[int, Field(ge=1, le=999_999_999)]
    group: Annotated[int, Field(ge=1, le=999_999_999)]
    transaction: Annotated[str, Field(pattern=r"^[0-9A-Z]{4,9}$")]
    batch: Annotated[str, Field(pattern=r"^[0-9A-Z-]{0,50}$")] = ""


class DiffRow(Frozen):
    """One difference between the claim as sent and as corrected.

    `loop` as "2300" or "2400 line 2"; `element` as "SV104" or "CLM05-3", blank for a whole segment.
    `before` None = added, `after` None = taken out. `part` tells the claim from the numbers of its envelope.
    """

    part: Literal["claim", "envelope"] = "claim"
    loop: str
    segment: str
    element: str = ""
    before: str | None
    after: str | None
    why: str
    evidence: tuple[str, ...] = ()


class CorrectionFinding(Frozen):
    """Something a person should know about a corrected claim. `code` is stable and kebab-case."""

    severity: Severity
    code: str
    says: str
    where: str = ""


class CorrectedClaim(Frozen):
    """A submit-ready 837P of one claim. `edi` are the file's bytes; equal inputs give equal bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    claim_id: str
    mode: CorrectionMode
    edi: bytes
    diff: tuple[DiffRow, ...]
    findings: tuple[CorrectionFinding, ...] = ()
