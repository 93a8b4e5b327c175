"""Names that stay: who the payer is, and what a denial is called whatever file it arrived in."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.payers import PayerDirectory
from knowledge.types.claim import SubmittedClaim
from knowledge.types.practice import Payer
from knowledge.types.remit import ClaimPayment, RemitHeader, ServicePayment


class PayerIdentity(Struct, frozen=True):
    """Who answered. `key` is the practice's payer id when known, else what the remit calls itself."""

    key: str
    payer: Payer | None
    name: str


def identify_payer(header: RemitHeader, directory: PayerDirectory) -> PayerIdentity:
    """Name the payer of a remit: by its ids, and by its name only when no id is known."""
    name = header.payer.last_or_org if header.payer else ""
    ids = [i for i in header.payer_ids if i.strip()]
    payer = _known(ids, name, directory)
    if payer is not None:
        return PayerIdentity(payer.id, payer, name or payer.name)
    key = next(iter((*ids, name)), "") or header.originator_id
    return PayerIdentity(f"unlisted:{squeeze(key)}", None, name)


def claim_payer(claim: SubmittedClaim, directory: PayerDirectory) -> Payer | None:
    """Return the payer a claim was sent to: by its id, and by its name only when the id is unknown."""
    return _known([claim.payer_id], claim.payer_name, directory)


def _known(ids: Sequence[str], name: str, directory: PayerDirectory) -> Payer | None:
    # Two ids that mean two payers are a contradiction, which a name does not settle.
    if any(directory.resolve(i) for i in ids):
        return directory.find_any(ids).payer
    return directory.resolve(name) if name else None


def squeeze(text: str) -> str:
    """Fold case and drop spaces and dashes, so that `h 123-4` and `H1234` compare equal."""
    return text.replace(" ", "").replace("-", "").casefold()


def service_day(line: ServicePayment, claim: ClaimPayment) -> date | None:
    """Return the line's date of service, else the claim's statement date (DTM*232), else None."""
    if line.service_date is not None:
        return line.service_date
    return next((d.day for d in claim.dates if d.qualifier == "232" and d.day is not None), None)


def billed_code(line: ServicePayment) -> str:
    """Return the code as billed: SVC06 when the payer recoded the line, else SVC01."""
    return line.submitted_hcpcs or line.hcpcs


def line_key(line: ServicePayment, claim: ClaimPayment, occurrence: int = 1) -> str:
    """Name a line within its claim: REF*6R with its day, else code, modifiers, day and charge.

    `occurrence` counts equal lines from 1: payers split one billed line into two with the same REF*6R.
    """
    day = service_day(line, claim)
    if line.line_control:
        parts = ["6R", line.line_control.strip(), day.isoformat() if day else ""]
    else:
        modifiers = line.submitted_modifiers if line.submitted_hcpcs else line.modifiers
        charge = f"{abs(line.charge):.2f}"
        parts = ["line", billed_code(line), " ".join(modifiers), day.isoformat() if day else "", charge]
    return "|".join([*parts, str(occurrence)])


def denial_id(payer_key: str, claim_id: str, key: str) -> str:
    """Name a denial: `den_` and 20 hex digits of payer, CLP01 and line key. Same facts, same name."""
    digest = hashlib.sha256("\x1f".join((squeeze(payer_key), claim_id.strip(), key)).encode()).hexdigest()
    return f"den_{digest[:20]}"


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add dollars; nothing adds to 0.00."""
    return sum(amounts, Decimal("0.00"))


def member_id(claim: ClaimPayment) -> str:
    """Return the member id: the insured's (NM1*IL), else the patient's (NM1*QC); "" if none."""
    for party in (claim.insured, claim.patient):
        if party is not None and party.id:
            return party.id
    return ""


def in_cents(amount: Decimal) -> Decimal:
    """Write dollars with two decimals: remits leave out trailing zeros."""
    return amount.quantize(Decimal("0.01"))
