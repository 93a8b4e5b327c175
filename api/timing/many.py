"""A home of very many denials, made by repeating those of a worked practice: rows of every table that pages read.

Each copy has its own ids, patients, claims, authorizations, days, dollars, places in the queue and ends, in its record
as in the rows beside it, so that filters, orders, words and series have to choose. What a case opens (claims, charts)
stays that of the practice it was made from: a copy is listed, searched, summed and ranked, but not worked.
"""

import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

GIVEN = ("ADA", "BO", "CLEO", "DOV", "ELI", "FAY", "GIL", "HOPE", "IDA", "JUN", "KAI", "LEA", "MAX", "NIA", "OTIS")
FAMILY = ("ABARA", "BLUM", "CRUZ", "DIAZ", "EGAN", "FARR", "GARZA", "HAAS", "IYER", "JAFFE", "KOLB", "LUND", "MOSS")


def multiply(home: Path, wanted: int) -> int:
    """Repeat the denials of a home's only practice until there are `wanted`; return how many there are."""
    with sqlite3.connect(home / "overturn.db") as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA foreign_keys = OFF")
        database.create_function("told_anew", 3, told_anew, deterministic=True)
        (have,) = database.execute("SELECT count(*) FROM worklist").fetchone()
        copies = max(-(-wanted // have) - 1, 0)
        database.execute("CREATE TEMP TABLE copy (k INTEGER PRIMARY KEY, given TEXT, family TEXT)")
        names = ((k, GIVEN[k % len(GIVEN)], FAMILY[k // 7 % len(FAMILY)]) for k in range(1, copies + 1))
        database.executemany("INSERT INTO copy VALUES (?, ?, ?)", names)
        for table, changed in _TABLES.items():
            _repeat(database, table, changed)
        database.execute(
            "INSERT INTO worklist_word (practice_id, denial_id, word) "
            "SELECT practice_id, denial_id, lower(substr(patient, 1, instr(patient, ',') - 1)) FROM worklist "
            "WHERE instr(patient, ',') > 0 ON CONFLICT DO NOTHING"
        )
        database.execute(_SENDS)
        (made,) = database.execute("SELECT count(*) FROM worklist").fetchone()
    with sqlite3.connect(home / "overturn.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(made)


_ID = "{t}.denial_id || printf('%05x', k)"
_DAY = "date({t}.[{c}], printf('+%d day', k * 7 % 240 - 60))"
_STATUS = (
    "CASE k % 12 WHEN 0 THEN 'won' WHEN 1 THEN 'lost' WHEN 2 THEN 'sent' WHEN 3 THEN 'closed' WHEN 4 THEN 'approved' "
    "ELSE {t}.status END"
)
_CENTS = "{t}.[{c}] + k % 97 * 1300"
_RANK = "k * 100 + {t}.rank"
_GROUP = "CASE WHEN {t}.[{c}] IS NOT NULL THEN {t}.[{c}] || printf('%05x', k) END"
_PAYER = "{t}.payer_id || '-' || (k % 6)"

_TABLES: Mapping[str, Mapping[str, str]] = {
    "denial": {
        "denial_id": _ID,
        "denial": f"replace({{t}}.denial, {{t}}.denial_id, {_ID})",
        "record": f"told_anew(replace({{t}}.record, {{t}}.denial_id, {_ID}), k, {_STATUS})",
        "status": _STATUS,
        "rank": _RANK,
        "amount_cents": _CENTS,
        "deadline": _DAY,
        "payer_id": _PAYER,
        "series": _GROUP,
    },
    "worklist": {
        "denial_id": _ID,
        "status": _STATUS,
        "rank": _RANK,
        "amount_cents": _CENTS,
        "value_cents": _CENTS,
        "deadline": _DAY,
        "paid_on": _DAY,
        "service_date": _DAY,
        "month": "strftime('%Y-%m', date({t}.paid_on, printf('+%d day', k * 7 % 240 - 60)))",
        "payer_id": _PAYER,
        "payer_name": "{t}.payer_name || ' ' || (k % 6)",
        "series": _GROUP,
        "claim_id": "{t}.claim_id || '-' || k",
        "patient": "family || ', ' || given",
        "assigned_to": "CASE WHEN k % 4 = 0 THEN 'usr_' || (k % 9) END",
        "snoozed_until": "CASE WHEN k % 50 = 7 THEN '2026-09-01' END",
    },
    "worklist_word": {"denial_id": _ID},
    "worklist_change": {"denial_id": _ID},
    "work_group": {"group_id": "{t}.group_id || printf('%05x', k)"},
    "work_group_member": {"denial_id": _ID, "group_id": "{t}.group_id || printf('%05x', k)"},
    "account": {"denial_id": _ID},
    "event": {"denial_id": _ID, "key": "{t}.key || ':' || k"},
    "insight_change": {"denial_id": _ID},
}


def told_anew(record: str | None, copy: int, status: str) -> str | None:
    """Tell a record as that of another claim: of its own numbers, payer, days and dollars, as its rows are."""
    if record is None:
        return None
    told: dict[str, Any] = msgspec.json.decode(record)
    remit, links = told["remit"], told["links"]
    days = timedelta(days=copy * 7 % 240 - 60)
    remit["claim_id"] += f"-{copy}"
    remit["payer_id"] = f"{remit['payer_id']}-{copy % 6}" if remit["payer_id"] else None
    remit["payer_name"] = f"{remit['payer_name']} {copy % 6}" if remit["payer_name"] else None
    for name in ("auth_number", "chart"):
        if links[name] is not None:
            links[name]["value"] += f"-{copy}"
    for evidence in told["evidence"]:
        if evidence["kind"] == "coverage" or evidence["source"].startswith("contracts/"):
            evidence["source"] += f"-{copy}"
    for clock in told["deadlines"]:
        clock["date"] = (date.fromisoformat(clock["date"]) + days).isoformat()
    priority = told["priority"]
    if priority["days_left"] is not None:
        priority["days_left"] += days.days
    at_stake = int(told["amount_at_stake"].replace(".", "")) + copy % 97 * 1300
    told["amount_at_stake"] = f"{at_stake // 100}.{at_stake % 100:02}"
    priority["rank"], told["status"] = None, status
    return msgspec.json.encode(told).decode()


_SENDS = """
INSERT INTO outgoing (key, practice_id, denial_id, approval_sha256, channel, target, kind, file_name, media_type,
    file_sha256, handed_sha256, state, queued_at, handed_over_at, attempts, says)
SELECT 'snd_' || substr(denial_id, 5), practice_id, denial_id, 'a', 'folder', '/out', 'packet', denial_id || '.pdf',
    'application/pdf', 'f', 'h', 'handed_over',
    coalesce(paid_on, '2026-04-01') || ' 09:00:00.000000', coalesce(paid_on, '2026-04-01') || ' 09:05:00.000000', 1, ''
FROM worklist WHERE status IN ('sent', 'won', 'lost')
"""


def _repeat(database: sqlite3.Connection, table: str, changed: Mapping[str, str]) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    if not columns:
        return  # an optional table of another version
    values = [changed.get(name, "{t}.[{c}]").format(t="own", c=name) for name in columns]
    named = ", ".join(f'"{name}"' for name in columns)
    database.execute(
        f"INSERT INTO {table} ({named}) SELECT {', '.join(values)} "
        f"FROM (SELECT * FROM {table}) AS own CROSS JOIN copy WHERE true ON CONFLICT DO NOTHING"
    )
