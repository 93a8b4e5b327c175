"""The vocabulary of a specification: cases, lines, answers, labels, remits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path


class SpecError(Exception):
    """A specification contradicts itself: names the case and what does not fit."""


@dataclass(frozen=True)
class Adj:
    """One adjustment: `code` "CO-198", dollars (None takes what is left of the charge), units."""

    code: str
    amount: Decimal | None = None
    quantity: Decimal | None = None

    @property
    def group(self) -> str:
        """Return the two-letter group of the code."""
        return self.code.split("-", 1)[0]

    @property
    def carc(self) -> str:
        """Return the reason code without its group."""
        return self.code.split("-", 1)[1]


@dataclass(frozen=True)
class Label:
    """What is true of a denied line, from the folder's documents alone.

    `binding` names the action whose clock binds; its day is computed from the payer's row, or from the row of
    `binding_payer` where the claim goes to another one. `also` lists other right answers by field, where
    the contract leaves two open. `why` is one sentence with its sources. `kind` says what makes it easy or hard:
    clear, misleading, missing or two_causes (empty = not said).
    """

    cause: str
    remedy: str
    why: str
    then: str | None = None
    route: str = "straight_through"
    reasons: tuple[str, ...] = ()
    binding: str | None = None
    binding_payer: str | None = None
    auth: str | None = None
    status: str = "new"
    stake: Decimal | None = None
    kind: str = ""
    also: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """How the payer answered one line; what is not adjusted is paid, so lines always balance.

    `allowed` None with `denied` set = nothing allowed. `patient` are the PR adjustments within the allowed
    amount. `other` are adjustments that stand as they are. `decoy` says why the line is no denial.
    """

    allowed: Decimal | None = None
    patient: tuple[Adj, ...] = ()
    denied: tuple[Adj, ...] = ()
    other: tuple[Adj, ...] = ()
    remarks: tuple[str, ...] = ()
    units_paid: Decimal | None = None
    sequester: bool = True
    label: Label | None = None
    decoy: str = ""


@dataclass(frozen=True)
class Line:
    """One billed line. `given_mg` is what the chart says was given (None = as billed; 0 = no such entry).

    `charted` False leaves the administration out of the chart. `wasted_mg` is the discarded amount charted.
    `control` False leaves REF*6R out of the remit. `recoded` is the code the payer put in place of ours
    (SVC01; ours moves to SVC06). `hemoglobin` is MEA*TR*R1 of the claim line, in g/dL.
    """

    code: str
    units: Decimal
    charge: Decimal
    answer: Answer
    mods: tuple[str, ...] = ()
    given_mg: Decimal | None = None
    wasted_mg: Decimal | None = None
    given_code: str = ""
    at: str = ""
    vials: str = ""
    charted: bool = True
    ndc: str | None = None
    ndc_quantity: str | None = None
    ndc_unit: str | None = None
    description: str = ""
    pointers: tuple[int, ...] = (1,)
    control: bool = True
    recoded: str = ""
    hemoglobin: str = ""


@dataclass(frozen=True)
class Later:
    """What came after the first remit: a reversal of the last answer, or another answer.

    `answers` empty and `reverses` true mirrors the answer before it with opposite signs (CLP02 22).
    """

    remit: str
    reverses: bool = False
    answers: tuple[Answer, ...] = ()
    status: str = "1"
    icn: str = ""
    moa: tuple[str, ...] = ()


@dataclass(frozen=True)
class Other:
    """Another payer named on the claim (loop 2320), with what it paid in dollars."""

    payer: str
    member: str
    sequence: str
    paid: Decimal | None = None


@dataclass(frozen=True)
class Case:
    """One claim and its fate. `claim` is CLM01 and CLP01. `sent` defaults to three days after the service.

    `referring` and `supervising` are providers of the roster (2310A DN, 2310D DQ); `trial` is REF*P4.
    """

    id: str
    story: str
    claim: str
    patient: str
    payer: str
    on: date
    remit: str
    lines: tuple[Line, ...]
    auths: tuple[str, ...] = ()
    line_auths: Mapping[int, str] = field(default_factory=dict)
    dx: tuple[str, ...] = ()
    rendering: str = "ruiz"
    referring: str = ""
    supervising: str = ""
    trial: str = ""
    pos: str = "11"
    frequency: str = "1"
    original: str = ""
    sent: date | None = None
    received: date | None = None
    status: str = "1"
    icn: str = ""
    moa: tuple[str, ...] = ()
    later: tuple[Later, ...] = ()
    on_file: bool = True
    claim_level: tuple[Adj, ...] = ()
    claim_remarks: tuple[str, ...] = ()
    claim_label: Label | None = None
    claim_decoy: str = ""
    member: str = ""
    sequence: str = "P"
    other: tuple[Other, ...] = ()
    notes: tuple[str, ...] = ()
    no_lines: bool = False


@dataclass(frozen=True)
class Plb:
    """A provider adjustment: `reason` such as WO, `reference`, `amount` (positive reduces the payment)."""

    reason: str
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Delimiters:
    """The four separators of an interchange; `after` is written behind each segment terminator."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"
    after: str = ""


@dataclass(frozen=True)
class Remit:
    """One ST*835. Remits that share a `file` are several ST of one interchange.

    `payer_in` says where the payer's id stands: "n104", "ref2u" or "name" (none, only the name).
    `name` is the payer's name as this remit spells it. `version` is GS08; `split_cas` writes one CAS a reason.
    """

    key: str
    file: str
    payer: str
    paid_on: date
    trace: str
    name: str
    payer_in: str = "n104"
    payer_id: str = ""
    delimiters: Delimiters = Delimiters()
    plb: tuple[Plb, ...] = ()
    version: str = "005010X221A1"
    split_cas: bool = False


@dataclass(frozen=True)
class Redelivery:
    """The same transactions once more, in an envelope and under a name of their own."""

    file: str
    of: str
    delimiters: Delimiters = Delimiters()
    control: str = "000000999"


@dataclass(frozen=True)
class Ack:
    """One claim status in a 277CA. `by` is the source entity (PR payer, AY clearinghouse)."""

    file: str
    payer: str
    claim: str
    category: str
    status: str
    on: date
    by: str = "PR"
    entity: str = "PR"
    numbered: bool = True


@dataclass(frozen=True)
class Provider:
    """One of ours: NPI and names for claims and remits."""

    npi: str
    last: str
    first: str


@dataclass(frozen=True)
class PayerFacts:
    """What the writers need of a payer beyond payers.yaml: filing codes, numbering, sequestration."""

    remit_filing: str
    claim_filing: str
    icn_prefix: str
    receiver: str
    sequestered: bool
    tax_id: str
    address: tuple[str, str, str, str]


@dataclass(frozen=True)
class PracticeSpec:
    """A whole practice: `parts` is the directory that stands in the folder as it is written."""

    cases: tuple[Case, ...]
    remits: tuple[Remit, ...]
    redeliveries: tuple[Redelivery, ...]
    acks: tuple[Ack, ...]
    providers: Mapping[str, Provider]
    payers: Mapping[str, PayerFacts]
    parts: Path
    patients: Path
    products: Path
    sender: str = "CEDARONC"
    clearinghouse: tuple[str, str] = ("MESA CLAIMS EXCHANGE", "MESACX")
