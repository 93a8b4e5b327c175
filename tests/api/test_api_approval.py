"""Approving and looking into the outbox, by command and by API."""

import hashlib
import json
from pathlib import Path

from api_served import seen
from cli_running import records, run, waiting
from fastapi.testclient import TestClient

from api.offices import open_office

READY = "den_9521f2aa9451e870bc0e"


def test_sent_by_command_listed_and_shown_byte_for_byte(home: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    done = run("send", "--to", drop, "--home", home, columns=200)
    assert "handed over" in done.stdout
    (file,) = drop.glob("*.pdf")
    listed = json.loads(run("outbox", "--format", "json", "--home", home).stdout)
    assert (listed["denial_id"], listed["channel"], listed["state"]) == (READY, "folder", "handed_over")
    run("outbox", "show", listed["key"], "--output", tmp_path / "shown.pdf", "--home", home)
    assert (tmp_path / "shown.pdf").read_bytes() == file.read_bytes()
    bundle = ("outbox", "show", listed["key"], "--along", "authorization_bundle", "--home", home)
    run(*bundle, "--output", tmp_path / "bundle.json")
    assert (tmp_path / "bundle.json").read_bytes() in [path.read_bytes() for path in drop.glob("*.fhir.json")]
    assert "no file" in run("outbox", "show", listed["key"], "--along", "nothing", "--home", home, code=2).stderr
    (tmp_path / "slip").write_text("taken 12:01")
    assert "receipted" in run("outbox", "receipt", listed["key"], tmp_path / "slip", "--home", home, columns=200).stdout
    assert "Nothing is waiting" in run("send", "--to", drop, "--home", home).stdout
    assert {record.status for record in records(home) if record.denial_id == READY} == {"sent"}


def test_a_send_that_cannot_be_is_said_to_the_caller(home: Path, tmp_path: Path) -> None:
    assert "is no folder" in run("send", "--to", tmp_path / "nowhere", "--home", home, code=2).stderr
    refused = run("send", "--channel", "webhook", "--to", "https://x.example", "--home", home, code=2)
    assert "OVERTURN_WEBHOOK_SECRET" in " ".join(refused.stderr.split())
    assert "no send" in run("outbox", "show", "snd_none", "--home", home, code=2).stderr


def test_role_and_signature_go_with_an_approval_only(home: Path) -> None:
    case = waiting(home).denial_id
    refused = run("review", case, "reject", "--reason", "x", "--by", "M", "--as", "coder", "--home", home, code=2)
    assert "go with approve" in refused.stderr


def test_a_write_off_is_refused_to_a_biller_and_taken_from_a_manager(client: TestClient) -> None:
    denial = client.get("/v1/denials", params={"status": "in_review"}).json()["items"][0]["denial_id"]
    address = f"/v1/denials/{denial}/review"
    edit = {"decision": "edit", "reason": "small", "by": "M", "changes": {"remedy": "write_off", "then": None}}
    assert client.post(address, json=edit, headers=seen(client, denial)).status_code == 200
    body = {"decision": "approve", "reason": "small", "by": "M", "role": "biller"}
    refused = client.post(address, json=body, headers=seen(client, denial))
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:approval-refused")
    given = {**body, "role": "manager"}
    approved = client.post(address, json=given, headers=seen(client, denial))
    assert approved.json()["status"] == "approved"
    assert client.post(address, json={**body, "decision": "reject"}).status_code == 422


def test_the_ledger_and_its_bytes_are_read_over_the_api(home: Path, client: TestClient, tmp_path: Path) -> None:
    assert client.get("/v1/outbox").json() == {"items": [], "next_cursor": None}
    drop = tmp_path / "drop"
    drop.mkdir()
    run("send", "--to", drop, "--home", home)
    (sent,) = client.get("/v1/outbox", params={"state": "handed_over"}).json()["items"]
    got = client.get(f"/v1/outbox/{sent['key']}/file")
    assert hashlib.sha256(got.content).hexdigest() == sent["file_sha256"] == got.headers["etag"].strip('"')
    missing = client.get("/v1/outbox/snd_none/file")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:overturn:problem:send-unknown")


def test_a_packet_is_given_as_made_or_as_approved(client: TestClient, home: Path) -> None:
    draft = client.get(f"/v1/denials/{READY}/packet")
    given = client.get(f"/v1/denials/{READY}/packet", params={"state": "approved"})
    assert given.content != draft.content  # it carries no draft mark and says who approved
    with open_office(home) as office, office.records.reading() as repository:
        approval = repository.approvals.live(office.practices()[0][0], READY)
    assert approval is not None
    assert hashlib.sha256(given.content).hexdigest() in {one.sha256 for one in approval.files if one.kind == "packet"}
    waiting = client.get("/v1/denials", params={"status": "in_review"}).json()["items"][0]["denial_id"]
    none = client.get(f"/v1/denials/{waiting}/packet", params={"state": "approved"})
    assert (none.status_code, none.json()["type"]) == (404, "urn:overturn:problem:product-missing")
