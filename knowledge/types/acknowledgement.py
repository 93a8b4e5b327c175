"""What a 277CA (005010X214) said of a claim: accepted or rejected, by whom, when."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.types.reading import Place


class ClaimAcknowledgement(Struct, frozen=True):
    """One 2200D trace with its STC statuses.

    `claim_id` is TRN02 (our CLM01). `category` is STC01-1 (A1 and A2 accepted, A3, A6, A7, A8 rejected),
    `status` STC01-2, `entity` STC01-3, `effective_on` STC02. `payer_claim_number` is REF*1K.
    `source_entity` is NM101 of the information source: PR when a payer speaks, AY for a clearinghouse.
    `received_on` is DTP*050 of 2200A-C when present. `text` is the loop's own segments, raw.
    """

    place: Place
    file: str
    claim_id: str
    category: str
    status: str
    entity: str = ""
    effective_on: date | None = None
    action: str = ""
    charge: Decimal | None = None
    payer_claim_number: str = ""
    source_entity: str = ""
    source_name: str = ""
    source_id: str = ""
    received_on: date | None = None
    service_date: date | None = None
    member_id: str = ""
    statuses: tuple[tuple[str, ...], ...] = ()
    text: str = ""
