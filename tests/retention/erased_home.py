"""A home with a patient who is to be erased among others, and everything that may still tell of them."""

import re
import sqlite3
import zlib
from pathlib import Path

from api_served import noon

from agent.erasure import Asked, Erased, erase
from agent.office import Office
from api.offices import open_office
from knowledge.records.encryption import connect
from knowledge.sealing import HomeKey
from knowledge.types.cash import Reconciliation

PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "coverage/verified.csv", "acks/chp_20260119.277"),
    *("charts/ced10018-okafor.json", "charts/ced10041-bianchi.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260312.837", "claims/casc1_20260313.837"),
    *("claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)
PRACTICE = "prc_9da833d6cd81"
MEMBER = "CHP400118"
"""Who is erased: their claim stands in one remit with those of others."""
READY = "den_9521f2aa9451e870bc0e"
"""A denial of theirs whose packet is ready to go."""
WORDS = ("okafor", MEMBER, "CED10018", "CED26-0316", "26C260316", "19580412", "1958-04-12")
TELLING = re.compile("|".join(map(re.escape, WORDS)).encode(), re.IGNORECASE)
KEY = "6f" * 31 + "01"


def opened(home: Path, key: str | None = None) -> Office:
    return open_office(home, clock=noon, environment={"OVERTURN_KEY": key} if key else {})


def erased(home: Path, key: str | None = None, **more: object) -> Erased:
    return erase(home, HomeKey.read(key) if key else None, Asked(PRACTICE, member=MEMBER), "login:ada", noon, **more)  # type: ignore[arg-type]


def held(home: Path, key: str | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the records, sorted."""
    with_key = HomeKey.read(key) if key else None
    connection = connect(home / "overturn.db", with_key)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
    finally:
        connection.close()


def tells(home: Path, key: str | None = None) -> list[str]:
    """Where anything still tells of the patient: in any byte of any file, in any field, packed or encrypted."""
    found = [f"name {path}" for path in home.rglob("*") if TELLING.search(str(path.relative_to(home)).encode())]
    found += [str(path) for path in home.rglob("*") if path.is_file() and TELLING.search(path.read_bytes())]
    for table, rows in held(home, key).items():
        for row in rows:
            for value in row:
                content = value if isinstance(value, bytes) else str(value).encode()
                if content[:1] == b"\x78" and isinstance(value, bytes):
                    content = zlib.decompress(content)
                if TELLING.search(content):
                    found.append(f"{table}: {content[:80]!r}")
    with sqlite3.connect(home / "checkpoints.db") as checkpoints:
        for table in ("checkpoints", "writes"):
            found += [
                f"checkpoint {row[0]}" for row in checkpoints.execute(f"SELECT * FROM {table}") if READY in row[0]
            ]
    checkpoints.close()
    with opened(home, key) as office:
        for path in office.files.paths():
            if TELLING.search(office.files.read(path)):
                found.append(f"file {path}")
    return found


def others(rows: dict[str, list[tuple[object, ...]]], gone: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    """The rows of tables that hang on a denial, without those of the denials that are to go."""
    tables = (
        "denial",
        "work",
        "product",
        "event",
        "approval",
        "account",
        "worklist",
        "worklist_word",
        "insight_change",
    )
    return {name: [row for row in rows[name] if not set(gone) & set(map(str, row))] for name in tables}


def cash(home: Path, key: str | None = None) -> Reconciliation:
    with opened(home, key) as office, office.records.reading() as repository:
        found = repository.outcomes.cash(PRACTICE)
    assert found is not None
    return found
