import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.folder import FolderReading, read_practice_folder

FILES = {
    "practice.yaml": 'name: Cedar Oncology\ntax_id: "841234567"\n',
    "payers.yaml": "- {id: CASC1, name: Cascade, line_of_business: commercial}\n",
    "remits/one.835": "ISA*",
    "claims/one.837": "ISA*",
    "acks/one.277": "ISA*",
    "charts/one.json": "{}",
    "auths/auths.csv": "auth_number,payer_id,member_id,status,hcpcs\nA-1,CASC1,M1,approved,J9271\n",
    "coverage/c.csv": "payer_id,member_id,start_date\nCASC1,M1,2026-01-01\n",
    "contracts/c.csv": "payer_id,hcpcs,rate\nCASC1,J9271,53.12\n",
    "policies/p.md": (
        "---\npolicy_id: P\npayer_id: CASC1\ndrugs: [J9271]\neffective_from: 2025-01-01\n---\n# Criteria\nText.\n"
    ),
}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def seen(reading: FolderReading, *, severity: str | None = None) -> list[tuple[str, str]]:
    return [(f.code, f.where) for f in reading.findings if severity in (None, f.severity)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "practice", dict(FILES))


def test_a_whole_folder_is_read_without_a_word(folder: Path) -> None:
    reading = read_practice_folder(folder)
    assert [f.code for f in reading.findings] == ["columns-absent"] * 3
    assert reading.workable
    assert reading.practice is not None
    assert [row.source for row in reading.authorizations] == ["auths/auths.csv:2"]
    assert (len(reading.coverage), len(reading.contracts), len(reading.policies)) == (1, 1, 1)
    assert {file.kind: file.path for file in reading.files}["remit"] == "remits/one.835"
    (remit,) = reading.of_kind("remit")
    assert (remit.size, remit.read()) == (4, b"ISA*")


@pytest.mark.parametrize("name", ["practice.yaml", "payers.yaml"])
def test_a_folder_without_its_own_entry_cannot_be_worked_and_the_rest_is_read(folder: Path, name: str) -> None:
    (folder / name).unlink()
    reading = read_practice_folder(folder)
    assert seen(reading, severity="error") == [(f"{name.split('.')[0]}-missing", name)]
    assert not reading.workable
    assert len(reading.authorizations) == 1


@pytest.mark.parametrize("part", ["claims", "acks", "auths", "charts", "coverage", "policies", "contracts"])
def test_a_missing_part_says_what_cannot_be_checked(folder: Path, part: str) -> None:
    for file in (folder / part).iterdir():
        file.unlink()
    assert ("part-empty", f"{part}/") in seen(read_practice_folder(folder), severity="info")
    (folder / part).rmdir()
    reading = read_practice_folder(folder)
    (finding,) = [f for f in reading.findings if f.code == "part-missing"]
    assert (finding.severity, finding.where) == ("info", f"{part}/")
    assert "cannot be" in finding.says or "can be cited" in finding.says
    assert reading.workable


def test_without_remits_there_is_nothing_to_work(folder: Path) -> None:
    (folder / "remits/one.835").unlink()
    (folder / "remits").rmdir()
    reading = read_practice_folder(folder)
    assert seen(reading, severity="error") == [("part-missing", "remits/")]
    assert not reading.workable


def test_a_path_that_is_no_folder_is_one_error(folder: Path) -> None:
    for path in (folder / "nowhere", folder / "practice.yaml"):
        reading = read_practice_folder(path)
        assert [code for code, _ in seen(reading)] == ["folder-missing"]


def test_unknown_files_are_reported_and_left_alone(folder: Path) -> None:
    write(folder, {"notes.docx": "x", "claims/readme.pdf": "x", "old/remit.835": "x", "remits/.one.835": "x"})
    (folder / "remits" / "archive.835").mkdir()
    reading = read_practice_folder(folder)
    unknown = {where for code, where in seen(reading, severity="info") if code == "unknown-file"}
    assert unknown == {"notes.docx", "claims/readme.pdf", "old", "remits/.one.835", "remits/archive.835"}
    assert [file.path for file in reading.of_kind("remit")] == ["remits/one.835"]


def test_endings_may_be_upper_case(folder: Path) -> None:
    write(folder, {"remits/TWO.EDI": "ISA*"})
    assert len(read_practice_folder(folder).of_kind("remit")) == 2


def test_links_out_of_the_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(FILES["auths/auths.csv"])
    os.symlink(secret, folder / "auths/secret.csv")
    os.symlink(folder / "remits/one.835", folder / "remits/two.835")
    os.symlink(folder / "auths/gone.csv", folder / "auths/gone.csv")
    (folder / "charts/one.json").unlink()
    (folder / "charts").rmdir()
    os.symlink(tmp_path, folder / "charts")
    reading = read_practice_folder(folder)
    refused = {where for code, where in seen(reading, severity="warning") if code == "link-refused"}
    assert refused == {"auths/secret.csv", "auths/gone.csv", "charts"}
    assert len(reading.authorizations) == 1
    assert len(reading.of_kind("remit")) == 2  # a link within the folder is followed
    assert reading.of_kind("chart") == ()


def test_empty_binary_and_foreign_files_are_told_apart(folder: Path) -> None:
    header = "auth_number,payer_id,member_id,status,hcpcs"
    latin = f"{header},denial_reason\nA-2,CASC1,M2,denied,J9271,pas d\u00e9cid\u00e9\n"
    excel = f"\ufeff{header}\r\nA-3,CASC1,M3,approved,J9271\r\n".replace(",", ";")
    wide = f"{header}\nA-4,CASC1,M4,approved,J9271\n"
    write(
        folder,
        {
            "auths/empty.csv": "",
            "auths/binary.csv": b"PK\x03\x04\x00\x00",
            "auths/latin.csv": latin.encode("latin-1"),
            "auths/excel.csv": excel,
            "auths/utf16.csv": wide.encode("utf-16"),
        },
    )
    reading = read_practice_folder(folder)
    assert {row.auth_number for row in reading.authorizations} == {"A-1", "A-2", "A-3", "A-4"}
    assert ("file-empty", "auths/empty.csv") in seen(reading, severity="warning")
    assert seen(reading, severity="error") == [("not-text", "auths/binary.csv")]
    assert ("not-utf8", "auths/latin.csv:2") in seen(reading, severity="info")
    (denied,) = [row for row in reading.authorizations if row.auth_number == "A-2"]
    assert denied.denial_reason == "pas d\u00e9cid\u00e9"


def test_a_fact_that_stands_twice_is_counted_once(folder: Path) -> None:
    write(folder, {"auths/copy of auths.csv": FILES["auths/auths.csv"]})
    reading = read_practice_folder(folder)
    assert len(reading.authorizations) == 1
    assert seen(reading, severity="warning") == [("row-twice", "auths/copy of auths.csv:2")]


def test_versions_in_force_at_once_are_warned_of(folder: Path) -> None:
    second = FILES["policies/p.md"].replace("policy_id: P", "policy_id: Q").replace("2025-01-01", "2026-01-01")
    write(folder, {"policies/q.md": second})
    reading = read_practice_folder(folder)
    (finding,) = [f for f in reading.findings if f.code == "policies-overlap"]
    assert finding.where == "policies/q.md:2"
    assert "J9271 on 2026-01-01" in finding.says
    write(folder, {"policies/q.md": second.replace("drugs:", "supersedes: P\ndrugs:")})
    assert "policies-overlap" not in [code for code, _ in seen(read_practice_folder(folder))]


def test_a_provider_enrolled_with_an_unknown_payer_is_doubted(folder: Path) -> None:
    entry = 'providers: [{npi: "1888888883", name: Dana Ruiz MD, payers_enrolled: [CASC1, NOBODY]}]\n'
    write(folder, {"practice.yaml": FILES["practice.yaml"] + entry})
    assert seen(read_practice_folder(folder), severity="warning") == [("payer-unknown", "practice.yaml")]


def test_a_row_that_cannot_be_used_is_kept_aside(folder: Path) -> None:
    write(folder, {"auths/auths.csv": FILES["auths/auths.csv"] + "A-9,CASC1,M9,granted,J9271\n"})
    reading = read_practice_folder(folder)
    assert [(row.source, row.keys["member_id"]) for row in reading.unread] == [("auths/auths.csv:3", "M9")]


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield write(Path(name) / "practice", dict(FILES))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200), st.booleans())
def test_no_bytes_in_one_file_raise_or_cost_another_file(fuzzed: Path, name: str, junk: bytes, after: bool) -> None:
    kept = FILES[name].encode()
    path = fuzzed / name
    path.write_bytes(kept + junk if after else junk)
    try:
        reading = read_practice_folder(fuzzed)
    finally:
        path.write_bytes(kept)
    assert (reading.practice is not None) or name == "practice.yaml"
    for part, rows in (
        ("auths/auths.csv", reading.authorizations),
        ("coverage/c.csv", reading.coverage),
        ("contracts/c.csv", reading.contracts),
        ("policies/p.md", reading.policies),
    ):
        assert rows or name == part
