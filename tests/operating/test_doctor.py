"""Doctor finds each thing that is misconfigured, says what to do, and changes nothing."""

import hashlib
import json
import shutil
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, TypedDict

import first_release
import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from agent.vault.backed_up import last_backup, note_backup
from agent.vault.keys import KeyNote, write_note
from agent.vault.rotating import rotate
from api.cli import app
from api.examining import Examined, Finding, examine
from api.examining import home as home_looks
from knowledge.records import open_records
from knowledge.records.encryption import copy_database
from knowledge.records.repository.standing import Standing
from knowledge.records.upgrading import SCHEMA_VERSION, stored_version
from knowledge.sealing import HomeKey
from knowledge.types.practice import Address

NOW = datetime(2026, 12, 1, 13, tzinfo=UTC)  # after the first release's own events
PLENTY = 50 * 1024**3
GOOD = {"OVERTURN_ADDRESS": "https://overturn.example", "OVERTURN_API_KEY": "a-key-that-is-long-enough"}
KEY = HomeKey(bytes(range(32)))


class Looked(TypedDict, total=False):
    now: datetime
    host: str
    port: int
    watch: Path
    watch_move: bool
    online: httpx.Client
    writable: Callable[[Path], bool]


def found(home: Path, free: int = PLENTY, how: Looked | None = None, **environment: str) -> list[Finding]:
    looked_at: dict[str, Any] = {"now": NOW, "free_bytes": lambda _path: free, **(how or {})}
    return list(examine(Examined(home, {**GOOD, **environment}, **looked_at)))


def about(findings: list[Finding], what: str, grade: str = "wrong") -> list[str]:
    return [finding.says for finding in findings if (finding.about, finding.grade) == (what, grade)]


@pytest.fixture
def clean(home: Path) -> Path:
    home.chmod(0o700)
    for copy in home.glob("overturn.version-*"):
        copy.unlink()
    note_backup(home, NOW)
    return home


@pytest.fixture(scope="session")
def healthy_home(upgraded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as it should be: encrypted, copied, its practice and payers as complete as the program can use."""
    home = tmp_path_factory.mktemp("healthy") / "home"
    shutil.copytree(upgraded, home)
    for copy in home.glob("overturn.version-*"):
        copy.unlink()
    with open_records(home / "overturn.db") as records, records.transaction() as tx:
        (practice_id,) = tx.files.practice_ids()
        practice = tx.files.practice(practice_id)
        assert practice is not None
        address = Address(street="1 Elm St", city="Salem", state="OR", zip="97301")
        whole = {"address": address, "phone": "503 555 0100", "tax_id": "930000000", "billing_npi": "1093817465"}
        tx.files.save_practice(practice_id, practice.model_copy(update=whole))
        for row in tx.standing.connection().execute(text("select id, payload from payer")).all():
            payer = {**json.loads(row.payload), "timely_filing_days": 365}
            for level in payer["appeals"]:
                level |= {"days": level["days"] or 180, "send_to": {"address": "PO Box 1", "fax": "", "portal": ""}}
            payer["appeals"] = payer["appeals"] or [{"level": "1", "days": 180, "send_to": {"portal": "there"}}]
            tx.standing.connection().execute(
                text("update payer set payload = :payload where id = :id"),
                {"payload": json.dumps(payer), "id": row.id},
            )
    rotate(home, None, KEY)
    home.chmod(0o700)
    note_backup(home, NOW)
    return home


@pytest.mark.enable_socket
def test_a_healthy_home_gives_no_alarm_at_all(healthy_home: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        free_port = int(taken.getsockname()[1])
    now = datetime(2026, 5, 20, 13, tzinfo=UTC)  # the code tables that come along are of this year
    note_backup(healthy_home, now)
    told = found(healthy_home, how={"now": now, "port": free_port}, OVERTURN_KEY=KEY.material.hex())
    assert [finding for finding in told if finding.about not in ("clock", "code tables")] == []


def test_everything_found_says_what_it_leads_to_and_what_to_do(clean: Path) -> None:
    clean.chmod(0o755)
    told = found(clean, free=1, how={"host": "0.0.0.0", "watch": clean / "x"}, OVERTURN_ADDRESS="", OVERTURN_LOG="xml")
    assert len(told) > 6
    assert all(finding.says and finding.means and finding.does for finding in told)


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
    assert about(found(home), "records", "note") == [
        f"the records are of version 1; this program's are {SCHEMA_VERSION}"
    ]
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
        ({"OVERTURN_ADDRESS": "http://localhost.example"}, "settings", "wrong", "OVERTURN_ADDRESS"),
        ({"OVERTURN_ADDRESS": "https://overturn.example/billing"}, "address", "wrong", "scheme and host"),
        ({"FORWARDED_ALLOW_IPS": "*"}, "proxy", "wrong", "believes everyone"),
        ({"OVERTURN_SIGN_ON": "/nowhere/sign_on.yaml"}, "settings", "wrong", "/nowhere/sign_on.yaml"),
        ({"OVERTURN_KEY_FILE": "/nowhere/home.key"}, "encryption", "wrong", "/nowhere/home.key"),
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
    assert len(about(found(clean, how={"now": NOW - timedelta(days=20)}), "clock")) == 1


def test_a_server_others_reach_without_tls_is_found(clean: Path) -> None:
    assert about(found(clean, how={"host": "0.0.0.0"}), "TLS") == []
    assert len(about(found(clean, how={"host": "0.0.0.0"}, OVERTURN_ADDRESS=""), "TLS")) == 1


def test_old_code_tables_are_found(clean: Path) -> None:
    fresh, later = (
        about(found(clean, how={"now": now}), "code tables", "unwise") for now in (NOW, NOW + timedelta(days=900))
    )
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


@pytest.mark.enable_socket
def test_the_command_says_what_to_do_and_ends_by_what_it_found(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(app, ["doctor", "--home", str(clean), "--format", "json", "--watch", str(tmp_path)])
    assert {entry["grade"] for entry in json.loads(said.stdout)} <= {"wrong", "unwise", "note"}
    clean.chmod(0o755)
    said = CliRunner().invoke(app, ["doctor", "--home", str(clean)])
    assert said.exit_code == 1
    assert f"chmod 700 {clean}"[:40] in said.stdout.replace("\n", "")


def test_an_encrypted_older_home_is_not_upgraded_by_looking(tmp_path: Path) -> None:
    older = first_release.unpack(tmp_path / "older") / "overturn.db"
    sealed = tmp_path / "sealed"
    sealed.mkdir(mode=0o700)
    copy_database(older, None, sealed / "overturn.db", KEY)
    assert len(about(found(sealed, OVERTURN_KEY=KEY.material.hex()), "records", "note")) == 1
    assert stored_version(sealed / "overturn.db", KEY) == 1


def test_a_newer_home_is_said_to_be_newer(clean: Path) -> None:
    with first_release.connect(clean / "overturn.db") as connection:
        connection.execute(text("update schema_version set version = 99"))
        connection.commit()
    assert "version 99" in about(found(clean), "records")[0]


def test_a_key_file_that_others_can_read_is_found(clean: Path, tmp_path: Path) -> None:
    key_file = tmp_path / "home.key"
    key_file.write_text(KEY.material.hex())
    key_file.chmod(0o644)
    assert about(found(clean, OVERTURN_KEY_FILE=str(key_file)), "encryption") == [
        f"others can read the key file {key_file}: chmod 600 {key_file}"
    ]


def test_a_change_of_keys_that_was_cut_off_is_found(clean: Path) -> None:
    write_note(clean, KeyNote(rotating_to=KEY.id))
    assert about(found(clean), "encryption") == ["a change of keys was cut off"]


def test_a_home_that_cannot_be_written_is_found(clean: Path) -> None:
    told = about(found(clean, how={"writable": lambda path: path.name != "overturn.db"}), "home")
    assert told == [f"{clean / 'overturn.db'} cannot be written"]


def test_backups_that_are_old_or_never_were_are_found(clean: Path) -> None:
    assert about(found(clean), "backup", "unwise") == []
    note_backup(clean, NOW - timedelta(days=9))
    assert about(found(clean), "backup", "unwise") == ["the last backup is 9 days old"]
    (clean / "backed_up_at").unlink()
    assert len(about(found(clean), "backup", "unwise")) == 1


def test_a_backup_is_noted(clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean / "backed_up_at").unlink()
    (tmp_path / "key").write_text(KEY.material.hex())
    (tmp_path / "key").chmod(0o600)
    to, key_file = str(tmp_path / "b.bak"), str(tmp_path / "key")
    said = CliRunner().invoke(app, ["backup", "--home", str(clean), "--to", to, "--key-file", key_file])
    assert said.exit_code == 0, said.output
    noted = last_backup(clean)
    assert noted is not None
    assert abs(datetime.now(UTC) - noted) < timedelta(minutes=5)


@pytest.mark.enable_socket
def test_a_port_that_another_program_has_is_found_and_our_own_server_is_not(clean: Path) -> None:
    class Answers(BaseHTTPRequestHandler):
        says = b"{}"

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.says)

        def log_message(self, *_: object) -> None:
            return None

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        looked: Looked = {"port": server.server_port}
        assert "choose another --port" in about(found(clean, how=looked), "port")[0]
        Answers.says = b'{"status":"ok"}'
        assert about(found(clean, how=looked), "port") == []
        server.shutdown()


def test_a_watched_folder_that_cannot_be_used_is_found(clean: Path, tmp_path: Path) -> None:
    drop, inside = tmp_path / "drop", clean / "drop"
    drop.mkdir()
    inside.mkdir()
    good: Looked = {"watch": drop, "watch_move": True}
    assert about(found(clean, how=good), "watched folder") == []
    assert len(about(found(clean, how={**good, "writable": lambda path: path != drop}), "watched folder")) == 1
    assert "lies in the home" in about(found(clean, how={"watch": inside}), "watched folder")[0]
    assert "there is no folder" in about(found(clean, how={"watch": tmp_path / "gone"}), "watched folder")[0]


SIGN_ON = """
providers:
  - {id: cedar, name: Cedar, issuer: "https://login.example/cedar", client_id: c, practices: [prc_1]}
"""
MODEL = {
    "OVERTURN_MODEL": "small", "OPENAI_BASE_URL": "https://model.example/v1", "OPENAI_API_KEY": "sk-secret",
    "OVERTURN_MODEL_BAA": "yes", "OVERTURN_MODEL_MONEY_PER_RUN": "5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(200, json={"issuer": "https://login.example/cedar"}), None),
        (httpx.Response(200, json={"issuer": "https://other.example"}), "another issuer"),
        (httpx.Response(404), "answers 404"),
        (httpx.Response(200, text="<html>"), "does not answer"),
        (httpx.ConnectError("refused"), "does not answer (ConnectError)"),
    ],
)
def test_a_sign_on_that_does_not_answer_is_found_when_it_is_asked(
    clean: Path, answer: httpx.Response | Exception, says: str | None
) -> None:
    (clean / "sign_on.yaml").write_text(SIGN_ON)
    assert about(found(clean), "sign-on") == []
    told = about(found(clean, how={"online": answering(answer)}), "sign-on")
    assert (says is None and told == []) or (says is not None and says in told[0])


@pytest.mark.parametrize(
    ("answer", "grade", "says"),
    [
        (httpx.Response(200, json={"data": [{"id": "small"}]}), "wrong", None),
        (httpx.Response(404), "wrong", None),  # not every endpoint lists its models
        (httpx.Response(401), "wrong", "refuses the key"),
        (httpx.Response(200, json={"data": [{"id": "big"}]}), "unwise", "no model small"),
        (httpx.Response(503), "unwise", "answers 503"),
        (httpx.ConnectTimeout("late"), "wrong", "does not answer"),
    ],
)
def test_a_model_that_cannot_be_asked_is_found_when_it_is_tried(
    clean: Path, answer: httpx.Response | Exception, grade: str, says: str | None
) -> None:
    findings = found(clean, how={"online": answering(answer)}, **MODEL)
    told = about(findings, "language model", grade)
    assert (says is None and told == []) or (says is not None and says in told[0])
    assert "sk-secret" not in repr(findings)


def answering(answer: httpx.Response | Exception) -> httpx.Client:
    def answered(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.Client(transport=httpx.MockTransport(answered))


def test_lacking_fonts_are_found(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_looks, "families", lambda: frozenset({"DejaVu Sans Mono"}))
    assert about(found(clean), "letters") == ["fonts are lacking: Libertinus Serif"]


def test_disabled_webhooks_are_found(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Standing, "webhooks", lambda _self: {("disabled",): 2, ("active",): 1})
    assert about(found(clean), "webhooks", "unwise") == ["webhooks are disabled: 2"]


def test_a_letterhead_that_lacks_something_is_found(clean: Path) -> None:
    with open_records(clean / "overturn.db") as records, records.transaction() as tx:
        (practice_id,) = tx.files.practice_ids()
        practice = tx.files.practice(practice_id)
        assert practice is not None
        tx.files.save_practice(practice_id, practice.model_copy(update={"address": Address(), "phone": ""}))
    (told,) = about(found(clean), "letterhead", "unwise")
    assert told.endswith(": no postal address, no telephone")


def test_payers_without_limits_are_found(clean: Path) -> None:
    with first_release.connect(clean / "overturn.db") as connection:
        for row in connection.execute(text("select id, payload from payer")).all():
            payer = {**json.loads(row.payload), "timely_filing_days": None}
            for level in payer["appeals"]:
                level["days"] = None
            connection.execute(
                text("update payer set payload = :payload where id = :id"),
                {"payload": json.dumps(payer), "id": row.id},
            )
        connection.commit()
    told = found(clean)
    assert any("no days to appeal in" in says for says in about(told, "payers", "unwise"))
    assert any("no timely filing limit" in says for says in about(told, "payers", "note"))
