"""Has this remittance been here before? Answered from its facts, never from its file name or its envelope."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from knowledge.payers import PayerDirectory
from knowledge.types.remit import ClaimPayment, RemitHeader, ServicePayment
from tools.denials.delivery import Delivery
from tools.denials.identity import identify_payer

_ENCODER = msgspec.json.Encoder()

# One amount is written 22800, 22800.0 or 22800.00, depending on who rendered the remit.
_TRAILING_ZEROS = re.compile(rb'"(-?\d+)(?:\.0*|(\.\d*[1-9])0+)"')

DeliveryStanding = Literal["new", "same", "conflict"]


class TraceKey(Struct, frozen=True):
    """Which payment: the payer and its TRN02. One payment is remitted once."""

    payer: str
    trace_number: str


def trace_key(header: RemitHeader, directory: PayerDirectory) -> TraceKey | None:
    """Return the payment's key, or None when the remit carries no trace number."""
    number = header.trace_number.strip()
    return TraceKey(identify_payer(header, directory).key, number) if number else None


def fingerprint(delivery: Delivery) -> str:
    """Digest what a remit says about money and claims (64 hex digits).

    Places, file name, control numbers, delimiters, raw text, production date, contacts and the order of
    claims are left out: a clearinghouse changes those when it delivers a remit again. Amounts, dates,
    codes, references, parties and provider adjustments count.
    """
    header = delivery.header
    digest = hashlib.sha256(
        _encode(
            (
                header.payer_ids,
                header.payer,
                header.payee,
                header.paid,
                header.credit_debit,
                header.handling,
                header.method,
                header.paid_on,
                header.trace_number,
                header.originator_id,
            )
        )
    )
    for part in sorted(hashlib.sha256(_claim_facts(claim)).digest() for claim in delivery.claims):
        digest.update(part)
    slots = [(p.provider_id, p.fiscal_period, p.reason, p.reference, p.amount) for p in delivery.provider_adjustments]
    for slot in sorted(_encode(s) for s in slots):
        digest.update(slot)
    return digest.hexdigest()


def classify_delivery(
    known: Mapping[TraceKey, Iterable[str]], new: Delivery, directory: PayerDirectory
) -> DeliveryStanding:
    """Say whether a delivery is new, the same one again, or contradicts one that carried the same trace.

    `known` holds the fingerprints already taken in, by trace key. A remit without a trace number can only be
    the same or new; look for its fingerprint among all known ones.
    """
    mark = fingerprint(new)
    key = trace_key(new.header, directory)
    if key is None:
        return "same" if any(mark in marks for marks in map(set, known.values())) else "new"
    marks = set(known.get(key, ()))
    if not marks:
        return "new"
    return "same" if mark in marks else "conflict"


class Received(Struct, frozen=True):
    """A delivery that counts. `conflict` is set when another delivery of the same trace says otherwise."""

    delivery: Delivery
    mark: str
    conflict: bool = False


def distinct(arrived: Iterable[Delivery], directory: PayerDirectory) -> tuple[Received, ...]:
    """Keep each remit once, whatever the order of arrival, and mark those that contradict each other.

    Of equal deliveries the one whose file name sorts first is kept, so that any order gives the same result.
    """
    kept: dict[str, Delivery] = {}
    for delivery in arrived:
        mark = fingerprint(delivery)
        held = kept.get(mark)
        if held is None or delivery.header.file < held.header.file:
            kept[mark] = delivery
    marks_of: dict[TraceKey, set[str]] = {}
    keys = {mark: trace_key(delivery.header, directory) for mark, delivery in kept.items()}
    for mark, key in keys.items():
        if key is not None:
            marks_of.setdefault(key, set()).add(mark)
    return tuple(
        Received(kept[mark], mark, (key := keys[mark]) is not None and len(marks_of[key]) > 1) for mark in sorted(kept)
    )


def _encode(facts: object) -> bytes:
    return _TRAILING_ZEROS.sub(lambda m: b'"%b%b"' % (m[1], m[2] or b""), _ENCODER.encode(facts))


def _claim_facts(claim: ClaimPayment) -> bytes:
    return _encode(
        (
            (claim.claim_id, claim.status, claim.charge, claim.paid, claim.patient_share, claim.filing),
            (claim.payer_claim_number, claim.facility, claim.frequency),
            (claim.adjustments, claim.remarks, claim.patient, claim.insured, claim.parties),
            (
                claim.references,
                claim.dates,
                claim.amounts,
                claim.quantities,
                claim.inpatient,
                claim.outpatient,
            ),
            [_line_facts(line) for line in claim.lines],
        )
    )


def _line_facts(line: ServicePayment) -> tuple[object, ...]:
    return (
        (line.code_qualifier, line.hcpcs, line.modifiers, line.charge, line.paid, line.revenue_code),
        (line.units_paid, line.submitted_hcpcs, line.submitted_modifiers, line.units_submitted),
        (line.service_date, line.service_end, line.line_control, line.adjustments, line.remarks),
        (line.references, line.dates, line.amounts, line.quantities),
    )
