"""Everything known of one denial, gathered: what the checks may look at, and nothing else."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from knowledge.types.denial import Denial
from knowledge.types.letters import Exhibit
from knowledge.types.links import Links
from knowledge.types.outcomes import Round
from knowledge.types.practice import Authorization, ContractRate, CoverageSpan, Payer, Policy, Practice
from knowledge.types.remit import ClaimPayment, RemitHeader, ServicePayment


@dataclass(frozen=True, slots=True)
class AdjudicatedLine:
    """A line a payer has answered and that still stands: for what was paid before, and for duplicates.

    `units` are the units paid (or billed, when the remit is silent); `allowed` is what the payer allowed in dollars.
    """

    file: str
    segment: int
    paid_on: date | None
    claim_id: str
    payer_claim_number: str
    hcpcs: str
    modifiers: tuple[str, ...]
    service_date: date | None
    units: Decimal | None
    charge: Decimal
    paid: Decimal
    covered: bool
    line_control: str = ""
    allowed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One denial with its joined records.

    `history` are the other standing lines of the same member and payer. `parts` are the parts of the practice's
    records that exist at all ("auths", "charts", "coverage", "acks", "contracts", "policies"): an absent part makes
    a question unknown, never answered "no". `rates` are the payer's contracted rates,
    `member_claims` all claims of the member with this payer, `answered` what the payer calls those it has answered:
    our claim number and its own (CLP07). `rounds` are what was sent and has been decided on since, in order,
    `enclosures` the letters of those rounds (what they are is in the rounds: they are no part of the fingerprint).
    `requests` are the payer's electronic requests for records about this line, oldest first.
    `paid_alike`, where a payment is disputed, are the payer's other standing lines of the code, whoever's they are.
    """

    denial: Denial
    practice: Practice
    payer: Payer | None
    header: RemitHeader
    payment: ClaimPayment
    service: ServicePayment | None
    claim: SubmittedClaim | None
    line: ClaimLine | None
    authorizations: tuple[Authorization, ...]
    authorization: Authorization | None
    chart: Chart | None
    coverage: tuple[CoverageSpan, ...]
    policy: Policy | None
    acknowledgements: tuple[ClaimAcknowledgement, ...]
    history: tuple[AdjudicatedLine, ...]
    links: Links
    parts: frozenset[str]
    payers: tuple[Payer, ...] = ()
    rates: tuple[ContractRate, ...] = ()
    member_claims: tuple[SubmittedClaim, ...] = ()
    answered: tuple[tuple[str, str], ...] = ()
    rounds: tuple[Round, ...] = ()
    enclosures: tuple[Exhibit, ...] = field(default=(), repr=False)
    paid_alike: tuple[AdjudicatedLine, ...] = ()
    requests: tuple[ClaimStatus, ...] = ()
