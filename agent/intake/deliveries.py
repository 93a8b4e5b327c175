"""Take in the remits of one file: again, contradicting one that is there, or new.

Two remits of one trace that say different things are both marked, so it makes no difference which came first.
Nothing decides between them here: a person does.
"""

from collections.abc import Sequence

from msgspec import json

from agent.intake.report import Outcome
from knowledge.payers import PayerDirectory
from knowledge.records import NewRemit, Repository
from knowledge.types.reading import ReadingFinding
from knowledge.types.remit import RemitHeader
from tools.denials.delivery import Delivery
from tools.denials.fingerprint import fingerprint, trace_key
from tools.denials.identity import identify_payer


def trace_of(header: RemitHeader, payers: PayerDirectory) -> str | None:
    """Give the payment's trace as the records keep it; None when the remit carries none."""
    key = trace_key(header, payers)
    return None if key is None else json.encode(key).decode()


def name_unknown_payers(deliveries: Sequence[Delivery], payers: PayerDirectory) -> tuple[ReadingFinding, ...]:
    """Warn of remits whose payer is not in payers.yaml: none of the payer's rules are known then."""
    findings = []
    for header in (delivery.header for delivery in deliveries):
        if identify_payer(header, payers).payer is None:
            name = header.payer.last_or_org if header.payer else ""
            called = ", ".join(repr(known) for known in (*header.payer_ids, name) if known) or "nothing"
            says = (
                f"the payer of this remit, called {called}, is not exactly one payer of payers.yaml: its rules are "
                "unknown and no deadline is given. Add the payer, or one of these names to its aliases"
            )
            findings.append(ReadingFinding("warning", "payer-unknown", says, header.file, header.place))
    return tuple(findings)


def store_deliveries(
    tx: Repository, practice_id: str, file_id: int, deliveries: Sequence[Delivery], payers: PayerDirectory
) -> tuple[Outcome, tuple[ReadingFinding, ...]]:
    """Store what is new of one file's remits, and say how the file stands to what was there before."""
    outcomes: set[Outcome] = set()
    findings = []
    for delivery in deliveries:
        outcome, finding = _store(tx, practice_id, file_id, delivery, payers)
        outcomes.add(outcome)
        if finding is not None:
            findings.append(finding)
    if "conflict" in outcomes:
        return "conflict", tuple(findings)
    return ("duplicate" if outcomes == {"duplicate"} else "new"), tuple(findings)


def _store(
    tx: Repository, practice_id: str, file_id: int, delivery: Delivery, payers: PayerDirectory
) -> tuple[Outcome, ReadingFinding | None]:
    header, mark, trace = delivery.header, fingerprint(delivery), trace_of(delivery.header, payers)
    known = tx.remits.known(practice_id, mark, trace)
    for remit in known:
        if remit.fingerprint == mark:
            says = f"this remit was delivered before, in {remit.file}; nothing changes"
            return "duplicate", ReadingFinding("info", "remit-again", says, header.file, header.place)
    new = NewRemit(
        fingerprint=mark,
        trace_key=trace,
        state="conflict" if known else "accepted",
        header=header,
        claims=delivery.claims,
        provider_adjustments=delivery.provider_adjustments,
    )
    tx.remits.add(practice_id, file_id, new)
    if not known:
        return "new", None
    tx.remits.set_conflict([remit.id for remit in known])
    files = ", ".join(sorted({remit.file for remit in known}))
    says = (
        f"trace {header.trace_number} of this payer was delivered before with other content, in {files}; "
        "the denials of both are for a person to decide. Ask the payer which one is right"
    )
    return "conflict", ReadingFinding("error", "remit-conflict", says, header.file, header.place)
