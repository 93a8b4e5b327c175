"""Doctor finds each thing that is misconfigured, says what to do, and changes nothing."""

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import first_release
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.examining import Examined, Finding, examine
from knowledge.records.encryption import copy_database
from knowledge.sealing import HomeKey

NOW = datetime(2026, 12, 1, 13, tzinfo=UTC)  # after the first release's own events
PLENTY = 50 * 1024**3
GOOD = {"OVERTURN_ADDRESS": "https://overturn.example", "OVERTURN_API_KEY": "a-key-that-is-long-enough"}
KEY = HomeKey(bytes(range(32)))


def found(
    home: Path, free: int = PLENTY, now: datetime = NOW, host: str = "127.0.0.1", **environment: str
) -> list[Finding]:
    looked_at = Examined(home, {**GOOD, **environment}, now, host, free_bytes=lambda _path: free)
    return list(examine(looked_at))


def about(findings: list[Finding], what: str, grade: str = "wrong") -> list[str]:
    return [finding.says for finding in findings if (finding.about, finding.grade) == (what, grade)]


@pytest.fixture
def clean(home: Path) -> Path:
    home.chmod(0o700)
    for copy in home.glob("overturn.version-*"):
        copy.unlink()
    return home


def test_a_home_that_is_set_up_has_nothing_wrong(clean: Path) -> None:
    assert [finding for finding in found(clean) if finding.grade == "wrong"] == []


def test_it_changes_nothing(clean: Path) -> None:
    def prints() -> dict[str, str]:
        kept = (path for path in clean.rglob("*") if path.is_file() and path.suffix not in (".db-wal", ".db-shm"))
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}

    before = prints()
    found(clean)
    assert prints() == before


def test_an_older_home_is_not_upgraded_by_looking(tmp_path: Path) -> None:
    home = first_release.unpack(tmp_path / "older")
    assert about(found(home), "records", "note") == ["the records are of version 1; this program's are 5"]
    with first_release.connect(home / "overturn.db") as connection:
        assert connection.scalar(text("select version from schema_version")) == 1


@pytest.mark.parametrize(
    ("environment", "subject", "grade", "says"),
    [
        ({"OVERTURN_SESION_HOURS": "8"}, "settings", "wrong", "OVERTURN_SESION_HOURS is no setting"),
        ({"OVERTURN_SESSION_HOURS": "0"}, "settings", "wrong", "OVERTURN_SESSION_HOURS"),
        ({"OVERTURN_ADDRESS": "http://elsewhere.example"}, "settings", "wrong", "OVERTURN_ADDRESS"),
        ({"OVERTURN_LOG": "xml"}, "settings", "wrong", "OVERTURN_LOG"),
        ({"OVERTURN_API_KEY": "short"}, "settings", "wrong", "OVERTURN_API_KEY"),
        ({"OVERTURN_SECOND_FACTOR": "optional"}, "settings", "unwise", "password alone"),
        ({"OVERTURN_WEBHOOKS_LOOPBACK": "1"}, "settings", "unwise", "this machine"),
        ({"OVERTURN_KEY": "not a key"}, "encryption", "wrong", "OVERTURN_KEY"),
        ({"OVERTURN_KEY": KEY.material.hex()}, "encryption", "wrong", "not encrypted and a key is set"),
        ({"LANGSMITH_TRACING": "true"}, "language model", "wrong", "LANGSMITH_TRACING"),
        ({"OVERTURN_MODEL": "m"}, "language model", "wrong", "OVERTURN_MODEL_BAA"),
        ({"OVERTURN_ADDRESS": ""}, "TLS", "note", "this machine only"),
    ],
)
def test_a_setting_that_is_amiss_is_found(
    clean: Path, environment: dict[str, str], subject: str, grade: str, says: str
) -> None:
    told = about(found(clean, **environment), subject, grade)
    assert any(says in line for line in told), (told, found(clean, **environment))


def test_a_misspelt_setting_is_answered_with_the_right_one(clean: Path) -> None:
    assert [each.does for each in found(clean, OVERTURN_SESION_HOURS="8") if "SESION" in each.says] == [
        "did you mean OVERTURN_SESSION_HOURS?"
    ]


def test_a_home_others_can_look_into_is_found(clean: Path) -> None:
    clean.chmod(0o755)
    assert about(found(clean), "home") == [f"others on this machine can look into {clean}"]


def test_there_is_no_home(tmp_path: Path) -> None:
    assert about(found(tmp_path / "nowhere"), "home") == [f"there is no home at {tmp_path / 'nowhere'}"]


@pytest.mark.parametrize(("free", "grade"), [(50 * 1024**2, "wrong"), (500 * 1024**2, "unwise")])
def test_a_full_disk_is_found(clean: Path, free: int, grade: str) -> None:
    assert len(about(found(clean, free=free), "disk", grade)) == 1


def test_a_clock_that_went_back_is_found(clean: Path) -> None:
    assert about(found(clean), "clock") == []
    assert len(about(found(clean, now=NOW - timedelta(days=20)), "clock")) == 1


def test_a_server_others_reach_without_tls_is_found(clean: Path) -> None:
    assert about(found(clean, host="0.0.0.0"), "TLS") == []
    assert len(about(found(clean, host="0.0.0.0", OVERTURN_ADDRESS=""), "TLS")) == 1


def test_old_code_tables_are_found(clean: Path) -> None:
    fresh, later = (about(found(clean, now=now), "code tables", "unwise") for now in (NOW, NOW + timedelta(days=900)))
    assert fresh != later
    assert "hcpcs" in later[0]


def test_payers_without_an_address_for_appeals_are_found(clean: Path) -> None:
    told = about(found(clean), "payers", "unwise")
    with first_release.connect(clean / "overturn.db") as connection:
        silent = [
            json.loads(payload)["id"]
            for (payload,) in connection.execute(text("select payload from payer"))
            if not any(any(level["send_to"].values()) for level in json.loads(payload)["appeals"])
        ]
    assert bool(told) is bool(silent)
    assert all(payer in told[0] for payer in silent)


def test_nobody_can_sign_in(clean: Path) -> None:
    assert len(about(found(clean, OVERTURN_API_KEY=""), "users")) == 1


def test_records_that_are_damaged_are_found(clean: Path) -> None:
    with first_release.connect(clean / "overturn.db") as connection:
        connection.execute(text("drop index ix_denial_queue"))
        connection.commit()
    assert "add index ix_denial_queue" in about(found(clean), "records")[0]
    shutil.copy(__file__, clean / "overturn.db")
    assert found(clean)[0].grade == "wrong"


def test_an_encrypted_home_wants_its_own_key(clean: Path) -> None:
    sealed = clean.with_name("sealed")
    sealed.mkdir(mode=0o700)
    copy_database(clean / "overturn.db", None, sealed / "overturn.db", KEY)
    assert about(found(sealed, OVERTURN_KEY=KEY.material.hex()), "encryption") == []
    other = HomeKey(bytes(range(1, 33)))
    assert "another key" in about(found(sealed, OVERTURN_KEY=other.material.hex()), "encryption")[0]
    assert "is encrypted" in about(found(sealed), "encryption")[0]


def test_the_command_says_what_to_do_and_ends_by_what_it_found(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(app, ["doctor", "--home", str(clean), "--format", "json"])
    assert {entry["grade"] for entry in json.loads(said.stdout)} <= {"wrong", "unwise", "note"}
    clean.chmod(0o755)
    said = CliRunner().invoke(app, ["doctor", "--home", str(clean)])
    assert said.exit_code == 1
    assert f"chmod 700 {clean}"[:40] in said.stdout.replace("\n", "")
