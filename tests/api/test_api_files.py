from pathlib import Path

import pytest
from api_served import data_of, served
from fastapi.testclient import TestClient

REMIT = "remits/chp_20260424.835"


def _done(client: TestClient) -> bool:
    return client.get("/v1/work").json()["state"] == "idle"


def test_a_remit_finds_denials_once_however_it_is_sent(client: TestClient) -> None:
    form = client.post("/v1/remits", files={"file": ("april.835", data_of(REMIT))})
    assert form.status_code == 200
    taken = form.json()
    assert (taken["file"], taken["outcome"], taken["worked"]) == ("remits/april.835", "new", True)
    known = {record["denial_id"] for record in client.get("/v1/denials").json()["items"]}
    assert taken["new"]
    assert set(taken["new"]) <= known
    again = client.post(
        "/v1/remits",
        content=data_of(REMIT),
        headers={"content-type": "application/edi-x12", "content-disposition": 'attachment; filename="other.835"'},
    ).json()
    assert (again["outcome"], again["new"], again["changed"]) == ("known", [], [])


def test_an_authorization_file_changes_the_denials_it_bears_on(client: TestClient) -> None:
    rows = data_of("auths/cascade.csv").decode().splitlines()
    raised = [row.replace(",200,billing_units,dose,", ",400,billing_units,dose,") for row in rows]
    assert raised != rows
    taken = client.post("/v1/authorizations", files={"file": ("cascade.csv", "\n".join(raised))}).json()
    assert taken["outcome"] == "new"
    assert taken["changed"]


def test_work_that_takes_longer_is_answered_with_where_to_look(home: Path) -> None:
    with served(home, patience=0.0) as client:
        taken = client.post("/v1/remits", files={"file": ("april.835", data_of(REMIT))})
        assert (taken.status_code, taken.headers["location"]) == (202, "/v1/work")
        assert not taken.json()["worked"]
        assert taken.json()["work"]["state"] in ("waiting", "working")


def test_what_a_stopped_server_left_is_worked_when_it_starts_again(home: Path) -> None:
    with served(home, patience=0.0) as client:
        client.post("/v1/remits", files={"file": ("april.835", data_of(REMIT))})
    with served(home) as client:
        assert client.post("/v1/work").status_code == 202
        while not _done(client):
            pass
        assert {"remits/april.835"} <= {r["remit"]["file"] for r in client.get("/v1/denials").json()["items"]}
        assert client.get("/v1/work").json()["failed"] is None


def test_a_file_nobody_can_use_is_refused_with_its_findings(client: TestClient) -> None:
    refused = client.post("/v1/remits", files={"file": ("notes.txt", b"Dear payer, please pay.")})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:file-unusable")
    assert refused.json()["errors"][0]["where"] == "remits/notes.txt"


def test_a_file_nobody_can_use_is_refused_however_often_it_is_sent(client: TestClient) -> None:
    answers = [
        client.post("/v1/remits", files={"file": (name, b"Dear payer, please pay.")})
        for name in ("notes.txt", "notes.txt", "other.txt")
    ]
    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [
        (422, answers[0].json()["detail"])
    ] * 3


def test_a_form_with_other_fields_and_no_file_says_what_is_missing(client: TestClient) -> None:
    refused = client.post("/v1/remits", data={"note": "see below"}, files={"other": ("a.835", b"x")})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:no-file")


def test_findings_of_a_good_file_are_answered_and_kept(client: TestClient) -> None:
    broken = data_of(REMIT).replace(b"CLP*CED26-0406*", b"CLP*CED26-0406X*", 1).replace(b"*41250*", b"*41251*", 1)
    taken = client.post("/v1/remits", files={"file": ("odd.835", broken)}).json()
    assert taken["findings"]
    assert all(each in client.get("/v1/findings", params={"limit": 200}).json()["items"] for each in taken["findings"])


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b""},
        {"files": {"other": ("x.835", b"ISA")}},
        {"files": {"file": ("x.835", b"")}},
    ],
)
def test_a_request_without_a_file_says_how_to_send_one(client: TestClient, sent: dict) -> None:
    refused = client.post("/v1/remits", **sent)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:no-file")


def test_a_broken_form_is_a_problem_too(client: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    refused = client.post("/v1/remits", content=b"--y\r\nno form", headers=headers)
    assert refused.headers["content-type"] == "application/problem+json"
    assert 400 <= refused.status_code < 500


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\remits\\passwd", ".passwd", "pass\x00wd"])
def test_the_name_of_a_file_never_leads_out_of_its_place(client: TestClient, name: str) -> None:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name.encode().hex(' ').replace(' ', '%')}"}
    headers["content-disposition"] = headers["content-disposition"].replace("''", "''%")
    taken = client.post("/v1/remits", content=data_of(REMIT), headers=headers).json()
    assert taken["file"] == "remits/passwd"
