"""The administrative frame of a letter: who writes to whom, by which channel and level, whom to call."""

import re

from knowledge.types.letters import LetterCase, LetterContent, LetterKind, Party

_DESKS: dict[LetterKind, str] = {
    "reconsideration": "Attention: Provider Reconsiderations",
    "appeal": "Attention: Provider Appeals",
    "authorization_request": "Attention: Utilization Management",
    "reopening": "Attention: Claim Reopenings",
    "records_response": "Attention: Medical Records Review",
    "payment_dispute": "Attention: Provider Payment Disputes",
    "other_payer_notice": "Attention: Claims",
    "corrected_claim_notice": "Attention: Claims",
}


def frame(case: LetterCase) -> LetterContent:
    """Return the letter's administrative frame, its text still blank."""
    return LetterContent(
        kind=case.kind,
        denial_id=case.denial_id,
        date=case.date,
        sender=Party(name=case.practice_name, lines=_sender_lines(case)),
        addressee=Party(name=case.payer_name, lines=(*_desk(case), *_address_lines(case.send_to))),
        channel=_channel(case),
        level=case.level.replace("_", " ").capitalize(),
        subject="",
        facts=case.facts,
        ask="",
        paragraphs=(),
        contact=_contact(case),
        signature=case.signature,
        draft=True,
        criteria=case.criteria,
    )


def _sender_lines(case: LetterCase) -> tuple[str, ...]:
    address = case.practice_address
    town = " ".join(part for part in (address.state, address.zip) if part)
    lines = [", ".join(part for part in (address.street, address.city, town) if part)]
    lines.append(_joined(("Tel", phone(case.practice_phone)), ("Fax", phone(case.practice_fax))))
    lines.append(_joined(("NPI", case.practice_npi), ("Tax ID", case.practice_tax_id)))
    return tuple(line for line in lines if line)


def _joined(*parts: tuple[str, str]) -> str:
    return "  ·  ".join(f"{label} {value}" for label, value in parts if value)


def _desk(case: LetterCase) -> tuple[str, ...]:
    """Return whose attention is asked for; none where the payer's own address begins with the unit that takes it."""
    first = send_to_unit(case.send_to)
    return () if first and case.kind in ("reconsideration", "appeal") else (_DESKS[case.kind],)


def send_to_unit(send_to: str) -> str:
    """Return the unit an address begins with ("Redeterminations, PO Box 1, ..."); "" where it begins with a place."""
    first, _, rest = send_to.partition(", ")
    place = re.match(r"(?:P\.?\s?O\.?\s+Box|Box|\d)", first.strip(), re.IGNORECASE)
    return first.strip() if rest and not place else ""


def _address_lines(send_to: str) -> tuple[str, ...]:
    first, _, rest = send_to.partition(", ")
    return tuple(line.strip() for line in (first, rest) if line.strip())


def _channel(case: LetterCase) -> str:
    if case.send_fax:
        return f"By fax to {phone(case.send_fax)}"
    if case.send_portal:
        return f"Through the portal {case.send_portal}"
    return "By mail" if case.send_to else ""


def _contact(case: LetterCase) -> str:
    parts = [part for part in (case.billing_contact, case.practice_name, phone(case.practice_phone)) if part]
    return f"Contact: {', '.join(parts)}" if parts else ""


def phone(digits: str) -> str:
    """Print a ten-digit telephone number as 303-555-0100; leave anything else as it is."""
    plain = re.sub(r"\D", "", digits)
    return f"{plain[:3]}-{plain[3:6]}-{plain[6:]}" if len(plain) == 10 else digits
