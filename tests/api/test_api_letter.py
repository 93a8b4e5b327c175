"""The letter as a Word file, by command and API: given out, edited, given back; approval and sends shown."""

import io
from collections.abc import Callable
from pathlib import Path

from api_served import seen
from cli_running import run
from docx import Document
from docx.document import Document as WordDocument
from fastapi.testclient import TestClient

READY = "den_9521f2aa9451e870bc0e"
ADDRESS = f"/v1/denials/{READY}/letter.docx"
ASKED = {"by": "Ann Lee", "reason": "plainer", "role": "biller"}


def changed(word: bytes, change: Callable[[WordDocument], None]) -> bytes:
    document = Document(io.BytesIO(word))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts(document: WordDocument) -> list:  # type: ignore[type-arg]
    return [
        one for one in document.paragraphs if one.style is not None and one.style.name == "Letter Text" and one.text
    ]


def shorter(document: WordDocument) -> None:
    last = texts(document)[-1]._p
    last.getparent().remove(last)


def lying(document: WordDocument) -> None:
    texts(document)[0].insert_paragraph_before("The payer admitted its error on March 9, 2026.", style="Letter Text")


def test_got_edited_and_given_back_over_the_api(client: TestClient) -> None:
    got = client.get(ADDRESS)
    headers = {"If-Match": got.headers["etag"]}
    assert client.post(ADDRESS, params=ASKED, content=got.content).status_code == 428
    assert got.headers["content-type"].startswith("application/vnd.openxmlformats-officedocument")
    refused = client.post(ADDRESS, params=ASKED, content=changed(got.content, lying), headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:letter-refused")
    (sentence,) = refused.json()["sentences"]
    assert "admitted" in sentence["sentence"]
    assert sentence["says"]
    assert sentence["advice"]
    word = changed(got.content, shorter)
    sent = {"headers": {**headers, "Idempotency-Key": "edit-1"}, "files": {"file": ("letter.docx", word)}}
    taken = client.post(ADDRESS, params=ASKED, **sent)
    assert (taken.status_code, taken.json()["status"]) == (200, "in_review")
    assert client.post(ADDRESS, params=ASKED, **sent).content == taken.content  # though the form's line is another
    assert client.post(ADDRESS, params=ASKED, content=word, headers=headers).status_code == 412
    shown = client.get(f"/v1/denials/{READY}").json()
    (edit,) = shown["letter_edits"]
    assert (edit["by"], edit["role"]) == ("Ann Lee", "biller")
    assert "-text: " in edit["diff"]


def test_what_is_no_word_file_or_not_this_letter_is_said(client: TestClient) -> None:
    headers = seen(client, READY)
    for content in (b"%PDF-1.7", b"PK\x03\x04"):
        refused = client.post(ADDRESS, params=ASKED, content=content, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:overturn:problem:letter-unreadable")
    same = client.post(ADDRESS, params=ASKED, content=client.get(ADDRESS).content, headers=headers)
    assert "nothing has been changed" in same.json()["detail"]
    assert client.post(ADDRESS, params=ASKED, content=b"").json()["type"] == "urn:overturn:problem:no-file"
    assert client.post(ADDRESS, content=b"x").json()["type"] == "urn:overturn:problem:invalid-request"
    assert client.get("/v1/denials/den_none/letter.docx").status_code == 404


def test_approval_and_send_are_shown_with_their_sha256_and_receipt(
    home: Path, client: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "drop").mkdir()
    run("send", READY, "--to", tmp_path / "drop", "--home", home)
    shown = client.get(f"/v1/denials/{READY}").json()
    (approval,) = shown["approvals"]
    assert (approval["by"], approval["void_code"]) == ("policy", None)
    assert {len(file["sha256"]) for file in approval["files"]} == {64}
    (sent,) = shown["sends"]
    assert sent["approval_sha256"] == approval["sha256"]
    assert [one["outcome"] for one in sent["attempts"]] == ["handed_over"]
    assert len(sent["receipt_sha256"]) == 64
    page = run("show", READY, "--home", home, columns=200).stdout
    for part in ("released by policy", approval["files"][0]["sha256"], sent["key"], sent["receipt_sha256"]):
        assert part in page


def test_by_command_a_refusal_prints_every_sentence_and_an_edit_is_shown(home: Path, tmp_path: Path) -> None:
    word = tmp_path / "letter.docx"
    run("letter", READY, "--output", word, "--home", home)
    given = ("--reason", "plainer", "--by", "Ann Lee", "--as", "biller", "--home", home)
    bad = tmp_path / "bad.docx"
    bad.write_bytes(changed(word.read_bytes(), lying))
    refused = run("review", READY, "edit", "--letter", bad, *given, code=2, columns=200).stderr
    assert "The payer admitted its error" in refused
    assert "nothing was changed" in refused
    good = tmp_path / "good.docx"
    good.write_bytes(changed(word.read_bytes(), shorter))
    assert "letter edited" in run("review", READY, "edit", "--letter", good, *given, columns=200).stdout
    page = run("show", READY, "--home", home, columns=200).stdout
    assert "Ann Lee (biller): plainer" in page
    assert "no longer holds since" in page


def test_letter_goes_with_edit_alone(home: Path, tmp_path: Path) -> None:
    word = tmp_path / "letter.docx"
    run("letter", READY, "--output", word, "--home", home)
    given = ("--reason", "x", "--by", "A", "--home", home)
    refused = run("review", READY, "approve", "--letter", word, *given, code=2).stderr
    assert "--letter goes with edit" in " ".join(refused.split())
    refused = run("review", READY, "edit", "--letter", word, "--set", "note=x", *given, code=2).stderr
    assert "and alone" in " ".join(refused.split())
    refused = run("review", READY, "edit", "--set", "letter=abc", *given, code=2).stderr
    assert "given back as a file" in " ".join(refused.split())
    refused = run("send", "--channel", "folder", "--to", tmp_path, "--fax", "2085550100", "--home", home, code=2).stderr
    assert "go with --channel print" in " ".join(refused.split())
