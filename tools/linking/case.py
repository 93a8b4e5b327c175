"""A denial with everything of ours that belongs to it."""

from dataclasses import dataclass, field

from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.practice import Authorization, CoverageSpan, Payer, Policy
from knowledge.types.remit import ServicePayment


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """The joined records. What could not be joined is None or empty; `Links` says why.

    `authorizations` are all rows of the member with this payer, `authorization` the row that governs the
    line. `auth_number` may be linked without a row: the number is ours, but none of its rows is about this
    service. `coverage` are the patient's rows with any payer. `versions` are all claims sent under the
    claim's number, `claim` the one that was adjudicated. `member_claims` are the member's claims with this
    payer by date. `siblings` are the other lines of the same adjudication.
    """

    payer: Payer | None = None
    member_id: str = ""
    claim: SubmittedClaim | None = None
    line: ClaimLine | None = None
    versions: tuple[SubmittedClaim, ...] = ()
    member_claims: tuple[SubmittedClaim, ...] = field(default=(), repr=False)
    authorization: Authorization | None = None
    authorizations: tuple[Authorization, ...] = ()
    chart: Chart | None = field(default=None, repr=False)
    coverage: tuple[CoverageSpan, ...] = ()
    policy: Policy | None = None
    acknowledgements: tuple[ClaimAcknowledgement, ...] = ()
    siblings: tuple[ServicePayment, ...] = ()
