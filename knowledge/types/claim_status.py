"""What a payer says of a claim in a 277: how it stands (status response, X212), or which records it wants (X213)."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.types.reading import Place


class StatusCode(Struct, frozen=True, gc=False):
    """One STC: `category` STC01-1 (F final, P pending, R asked for, A acknowledged, D not found, E error).

    `status` STC01-2, `entity` STC01-3, `on` STC02 (day of this information), `charge` STC04, `paid` STC05,
    `decided_on` STC06 (day it was finalized), `paid_on` STC08, `check` STC09. Dollars; None = not stated.
    """

    category: str
    status: str = ""
    entity: str = ""
    on: date | None = None
    charge: Decimal | None = None
    paid: Decimal | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    check: str = ""


class LineStatus(Struct, frozen=True, gc=False):
    """One 2220: the service (SVC) and how it stands. `line_control` is REF*FJ."""

    hcpcs: str
    charge: Decimal | None = None
    paid: Decimal | None = None
    service_date: date | None = None
    line_control: str = ""
    statuses: tuple[StatusCode, ...] = ()


class AskedRecord(Struct, frozen=True, gc=False):
    """One record that a payer asks for (STC): by LOINC where it names one, else by its own status code.

    `modifiers` are further codes of the same STC (STC10, STC11: of which time); `text` is STC12, verbatim. For one
    service `hcpcs` and `line_control` name it, for the claim as a whole both are "".
    """

    category: str
    loinc: str = ""
    status: str = ""
    modifiers: tuple[str, ...] = ()
    text: str = ""
    hcpcs: str = ""
    line_control: str = ""


class RecordsRequest(Struct, frozen=True, gc=False):
    """What makes a 277 a request for records: what is asked for, by when (DTP*106), our record number (REF*EA)."""

    asked: tuple[AskedRecord, ...]
    due_on: date | None = None
    medical_record: str = ""


class ClaimStatus(Struct, frozen=True):
    """One 2200 of a subscriber or dependent: how a claim stands with the payer.

    `claim_id` is our own number: REF*EJ, else TRN02. `payer_claim_number` is REF*1K. `trace` is TRN02 as it stood.
    `source_name` and `source_id` are the payer (2100A), `produced_on` the day of BHT04. `text` is the
    loop's own segments, raw. `request` is there where the payer asks for records: `trace` is then its number of the
    request, which the answer carries (TRN02 of the 275).
    """

    place: Place
    file: str
    claim_id: str
    trace: str
    statuses: tuple[StatusCode, ...]
    payer_claim_number: str = ""
    source_name: str = ""
    source_id: str = ""
    produced_on: date | None = None
    service_date: date | None = None
    service_end: date | None = None
    member_id: str = ""
    lines: tuple[LineStatus, ...] = ()
    text: str = ""
    request: RecordsRequest | None = None
