"""Denials by the thousand, written straight into the tables: what the dashboard adds up, and nothing else."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from knowledge.records import Records, open_records
from knowledge.records.repository.keyed import insert_all
from knowledge.records.tables import (
    AccountRow,
    DenialRow,
    EventRow,
    OutcomeEntryRow,
    ReviewRow,
    WorklistRow,
    WorkRow,
)
from knowledge.types.practice import Practice

AS_OF = date(2026, 5, 1)
PRACTICE = Practice(name="Larkspur Oncology", tax_id="840000001", billing_npi="1999999992", as_of=AS_OF)
PAYERS = {"CASC1": "CASCADE HEALTH PLAN", "MEDB": "ROCKY MOUNTAIN MEDICARE", "SUMA": "SUMMIT ADVANTAGE HMO"}
DRUGS = {"Q5118": "bevacizumab-bvzr", "J9271": "pembrolizumab", "J9299": "nivolumab", "J9035": "bevacizumab"}
CAUSES = {
    "auth-for-other-code": "reconsideration",
    "auth-units-mismatch": "reconsideration",
    "ndc-missing-or-invalid": "corrected_claim",
    "filed-late": "write_off",
    "unknown": "hold",
}
STATUSES = ("worked", "in_review", "approved", "sent", "won", "partly_won", "lost", "closed")


def fill(records: Records, practice_id: str, size: int, seed: int = 7) -> None:
    """Write `size` denials of one practice, the same ones for a seed: some open, some fought, some decided."""
    chance = random.Random(seed)
    tables: dict[Any, list[dict[str, Any]]] = {}
    for n in range(size):
        for table, row in _denial(practice_id, f"den_{n:06d}", chance):
            tables.setdefault(table, []).append(row)
    with records.transaction() as repository:
        session: Session = repository.insight._session
        for table, rows in tables.items():
            insert_all(session, table, rows)


def _denial(practice_id: str, denial_id: str, chance: random.Random) -> list[tuple[Any, dict[str, Any]]]:
    key = {"practice_id": practice_id, "denial_id": denial_id}
    payer, drug, cause = (chance.choice(sorted(each)) for each in (PAYERS, DRUGS, CAUSES))
    status, remedy = chance.choice(STATUSES), CAUSES[cause]
    amount = chance.randrange(5_000, 2_000_000)
    paid_on = AS_OF - timedelta(days=chance.randrange(0, 300))
    worked_at = datetime(paid_on.year, paid_on.month, paid_on.day, 9, tzinfo=UTC) + timedelta(days=1)
    settled = status in ("won", "partly_won", "lost", "closed")
    fought = settled and chance.random() < 0.8
    recovered = {"won": amount * 9 // 10, "partly_won": amount // 3}.get(status, 0)
    route = "straight_through" if chance.random() < 0.4 else "review"
    row = {
        **key,
        **{"status": status, "route": route, "rank": 1, "series": None, "root_cause": cause, "category": "units"},
        **{"remedy": remedy, "payer_id": payer, "payer_name": PAYERS[payer], "amount_cents": amount},
        **{"value_cents": 0, "recovered_cents": recovered, "hcpcs": drug, "drug": DRUGS[drug]},
        "deadline": AS_OF + timedelta(days=chance.randrange(-20, 90)) if chance.random() < 0.9 else None,
        "site": chance.choice(("11", "22", None)),
        **{"service_date": paid_on, "paid_on": paid_on, "month": f"{paid_on:%Y-%m}", "claim_id": denial_id},
        **{"auth_number": None, "patient": "Doe, Jo", "says": "It was denied", "assigned_to": None},
        "snoozed_until": AS_OF + timedelta(days=9) if chance.random() < 0.1 else None,
    }
    denial = {
        **key,
        **{"denial": "{}", "status": status, "amount_cents": amount, "rank": 1, "revision": 1, "found_at": worked_at},
    }
    values = f'{{"values":{{"auth_codes":"J9035","auth_limit":"{chance.randrange(100, 900)} units"}}}}'
    found: list[tuple[Any, dict[str, Any]]] = [
        (DenialRow, denial),
        (WorklistRow, row),
        (EventRow, {**key, "key": "w", "at": worked_at, "kind": "worked", "says": ""}),
        (WorkRow, {**key, "stage": "diagnose", "revision": 1, "payload": values}),
    ]
    if settled or status in ("approved", "sent"):
        if chance.random() < 0.2:
            found.append((ReviewRow, _review(key, "edit", worked_at + timedelta(hours=1))))
        decision = "reject" if status == "closed" else "approve"
        waited = timedelta(hours=2 + chance.randrange(200))
        found.append((ReviewRow, _review(key, decision, worked_at + waited)))
    if settled:
        rounds = f'[{{"remedy":"{remedy}","letter_kind":"reconsideration","sent_on":"2026-04-01"}}]' if fought else "[]"
        account = {**key, "recovered_cents": recovered, "payload": f'{{"rounds":{rounds}}}'}
        found.append((AccountRow, account))
        if not fought and chance.random() < 0.1:
            found.append((OutcomeEntryRow, _entry(key, worked_at)))
    return found


def _review(key: dict[str, str], decision: str, at: datetime) -> dict[str, Any]:
    return {**key, "key": f"{decision}", "decision": decision, "reason": "", "changes": "{}", "by": "Ana", "at": at}


def _entry(key: dict[str, str], at: datetime) -> dict[str, Any]:
    told = {"result": "upheld", "decided_on": at.date(), "level": "", "reference": "", "reason": "", "codes": ""}
    return {**key, "key": "o", **told, "by": "Ana", "at": at, "letter_name": ""}


@contextmanager
def dashboard_home(home: Path, size: int) -> Iterator[Records]:
    """Records at `home` of one practice, `p`, with `size` denials."""
    home.mkdir(mode=0o700, exist_ok=True)
    with open_records(home / "overturn.db") as records:
        with records.transaction() as repository:
            repository.files.save_practice("p", PRACTICE)
        fill(records, "p", size)
        yield records
