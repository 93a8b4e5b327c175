"""The denial record: what the product says of one denied line, in the fixed form of contract 1.

Amounts are decimal strings, dates ISO strings, unknown is null. `rate_amount` and `prompt_versions` are additions
the contract allows. The published JSON schema is held against this model by a test.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.types.diagnosis import Category, Remedy

Status = Literal["new", "worked", "in_review", "approved", "sent", "won", "partly_won", "lost", "closed"]
Route = Literal["straight_through", "review"]
EvidenceKindWord = Literal[
    "remit",
    "claim",
    "authorization",
    "chart",
    "policy",
    "code_table",
    "coverage",
    "acknowledgement",
    "contract",
    "calculation",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordRemit(_Part):
    """Which remit said it."""

    file: str
    payer_id: str | None
    payer_name: str | None
    trace_number: str | None
    paid_on: str | None
    claim_id: str
    payer_claim_number: str | None
    claim_status: str


class RecordLine(_Part):
    """The service line as adjudicated."""

    hcpcs: str | None
    modifiers: tuple[str, ...]
    units: str | None
    service_date: str | None
    charge: str
    paid: str
    line_control: str | None


class RecordAdjustment(_Part):
    """An adjustment that makes it a denial."""

    group: str
    carc: str
    amount: str
    quantity: str | None


class RecordLink(_Part):
    """A joined record and the rule that joined it."""

    value: str
    rule: str


class RecordLinks(_Part):
    """The joined records; null where none."""

    claim_file: RecordLink | None
    claim_line: RecordLink | None
    auth_number: RecordLink | None
    chart: RecordLink | None
    policy_id: RecordLink | None


class RecordAlternative(_Part):
    """Another cause still open."""

    root_cause: str
    confidence: float
    settled_by: str


class RecordReason(_Part):
    """Why a person must decide."""

    code: str
    says: str


class RecordDeadline(_Part):
    """A clock: what must be done by when, by which payer setting."""

    action: str
    date: str
    rule: str


class RecordEvidence(_Part):
    """A sourced statement."""

    id: str
    kind: EvidenceKindWord
    source: str
    quote: str | None
    says: str


class RecordProduct(_Part):
    """A file made, by its path below the home and its sha256."""

    path: str
    sha256: str


class RecordProducts(_Part):
    """The files made; null where none is.

    Additions the contract allows: `authorization_bundle` is the authorization request as a FHIR bundle (Da Vinci PAS),
    `records_metadata` the answer to a records request as data for a 275, `claim_changes` a page that shows a corrected
    claim before and after, `closing_memo` the page for the file where a denial is given up or settled.
    """

    letter: RecordProduct | None = None
    packet: RecordProduct | None = None
    corrected_claim: RecordProduct | None = None
    authorization_request: RecordProduct | None = None
    peer_to_peer_brief: RecordProduct | None = None
    authorization_bundle: RecordProduct | None = None
    records_metadata: RecordProduct | None = None
    claim_changes: RecordProduct | None = None
    closing_memo: RecordProduct | None = None


class RecordPriority(_Part):
    """What working it is worth, the days left on the binding clock, and its place in the queue (1 = first).

    Of the expected value: `chance` × `amount_expected` − `cost_of_work`, in dollars; `chance_low` and `chance_high`
    are its interval. `outcomes` counts those of the same payer, cause and remedy it was learned from, `rests_on` says
    it in words, `order` why it stands where it does. None until all denials are known.
    """

    expected_value: str
    days_left: int | None
    rank: int | None
    amount_expected: str | None = None
    cost_of_work: str | None = None
    chance: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None
    outcomes: int | None = None
    too_few_outcomes: bool | None = None
    rests_on: str | None = None
    order: str | None = None


class RecordModel(_Part):
    """What a language model did for a denial: which, by which prompts, what was accepted and refused, what it took.

    `accepted` and `rejected` are answers read from texts; `ranking` are the causes still open, in the model's order,
    which moves no decision; `sentences` those written for a letter, and kept.

    `cost` is US dollars as a string, None where the price table does not know the model. `fault` says why its help
    ended early.
    """

    name: str
    prompts: tuple[str, ...]
    calls: int
    tool_calls: int
    accepted: int
    rejected: tuple[str, ...]
    ranking: tuple[str, ...]
    sentences: int
    sentences_kept: int
    fault: str
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    seconds: float
    cost: str | None


class DenialRecord(_Part):
    """One denied service line, or one claim where the denial is at claim level only.

    `notes` are what a person should know of the files before they go: what was left out of an exhibit, which address
    was borrowed, which law to confirm. None of them holds the case up.
    """

    denial_id: str
    remit: RecordRemit
    line: RecordLine | None
    adjustments: tuple[RecordAdjustment, ...]
    remarks: tuple[str, ...]
    amount_at_stake: str
    rate_amount: str | None = None
    links: RecordLinks
    category: Category
    root_cause: str
    says: str
    confidence: float
    alternatives: tuple[RecordAlternative, ...]
    remedy: Remedy
    then: Remedy | None
    route: Route
    review_reasons: tuple[RecordReason, ...]
    deadlines: tuple[RecordDeadline, ...]
    evidence: tuple[RecordEvidence, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...] = ()
    products: RecordProducts
    priority: RecordPriority
    series: str | None
    status: Status
    model: RecordModel | None = None
