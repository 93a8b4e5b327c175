"""Everything the records hold of one practice, as the typed objects that denials are found and linked with."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.intake.collecting import collector_held
from knowledge.folder import UnreadRow
from knowledge.payers import PayerDirectory
from knowledge.records import Records, StoredFile, UnknownPractice
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from knowledge.types.practice import Authorization, ContractRate, CoverageSpan, Payer, Policy, Practice
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader
from tools.denials.delivery import Delivery


@dataclass(frozen=True)
class BookInputs:
    """A practice's records at one moment, each part by file name and place in the file.

    `conflicts` are the positions, in `deliveries`, of remits that another one of the same trace contradicts.
    Where a row is in `unread`, or a file in `set_aside`, the absence of what it is about proves nothing.
    """

    practice_id: str
    practice: Practice
    payers: tuple[Payer, ...]
    deliveries: tuple[Delivery, ...]
    conflicts: frozenset[int]
    claims: tuple[SubmittedClaim, ...]
    acknowledgements: tuple[ClaimAcknowledgement, ...]
    authorizations: tuple[Authorization, ...]
    coverage: tuple[CoverageSpan, ...]
    contracts: tuple[ContractRate, ...]
    policies: tuple[Policy, ...]
    charts: tuple[Chart, ...]
    unread: tuple[UnreadRow, ...]
    set_aside: tuple[StoredFile, ...]
    claim_statuses: tuple[ClaimStatus, ...] = ()

    @property
    def directory(self) -> PayerDirectory:
        """The payers by every name they go by."""
        return PayerDirectory(self.payers)

    def adjudications(self) -> Iterator[tuple[RemitHeader, ClaimPayment, bool]]:
        """Give each adjudicated claim with its remit, and whether that remit is contradicted."""
        for position, delivery in enumerate(self.deliveries):
            for claim in delivery.claims:
                yield delivery.header, claim, position in self.conflicts

    def provider_adjustments(self) -> Iterator[tuple[RemitHeader, ProviderAdjustment]]:
        """Give each provider adjustment with its remit."""
        for delivery in self.deliveries:
            for adjustment in delivery.provider_adjustments:
                yield delivery.header, adjustment


def load_book_inputs(records: Records, practice_id: str) -> BookInputs:
    """Load what one practice's denials are found and linked with, all as of one moment.

    Raises:
        UnknownPractice: no folder of this practice was taken in.
    """
    with collector_held(), records.reading() as tx:
        practice = tx.files.practice(practice_id)
        if practice is None:
            raise UnknownPractice(f"no practice {practice_id} is in these records; take in its folder first")
        remits = tuple(tx.remits.all(practice_id))
        files = tx.files.all(practice_id)
        return BookInputs(
            practice_id=practice_id,
            practice=practice,
            payers=tx.facts.payers(practice_id),
            deliveries=tuple(Delivery(remit.header, remit.claims, remit.provider_adjustments) for remit in remits),
            conflicts=frozenset(position for position, remit in enumerate(remits) if remit.conflict),
            claims=tuple(tx.facts.claims(practice_id)),
            acknowledgements=tuple(tx.facts.acknowledgements(practice_id)),
            authorizations=tx.facts.authorizations(practice_id),
            coverage=tx.facts.coverage(practice_id),
            contracts=tx.facts.contract_rates(practice_id),
            policies=tx.facts.policies(practice_id),
            charts=tuple(tx.facts.charts(practice_id)),
            unread=tx.facts.unread_rows(practice_id),
            set_aside=tuple(file for file in files if file.state == "quarantined"),
            claim_statuses=tuple(tx.facts.claim_statuses(practice_id)),
        )
