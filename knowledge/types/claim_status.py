"""What a payer said of a claim when asked how it stands: one answer of a 277 claim status response (005010X212)."""

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


class ClaimStatus(Struct, frozen=True):
    """One 2200 of a subscriber or dependent: how a claim stands with the payer.

    `claim_id` is our own number: REF*EJ, else TRN02. `payer_claim_number` is REF*1K. `trace` is TRN02 as it stood.
    `source_name` and `source_id` are the payer (2100A), `produced_on` the day of BHT04. `text` is the
    loop's own segments, raw.
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
