"""What lies about while and after the server works: readable to its user alone, and no upload on the disk beside it."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from door import KEY, add_practice, opened_door


@pytest.fixture
def open_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_mask")
def test_a_home_in_a_folder_that_others_may_enter_is_read_by_its_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    add_practice(home, "Cedar Oncology", "841234567")
    for name in ("overturn.db", "checkpoints.db"):
        (home / name).chmod(0o644)  # as an earlier version left it
    with opened_door(home):
        found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in home.rglob("*") if file.is_file()}
    assert {"overturn.db", "checkpoints.db"} <= set(found)
    assert {name: mode for name, mode in found.items() if mode & 0o077} == {}


@pytest.mark.parametrize("path", ["/v1/remits", "/v1/jobs"])
def test_an_upload_is_not_rolled_over_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    add_practice(tmp_path / "home", "Cedar Oncology", "841234567")
    rolled: list[int] = []
    rollover = tempfile.SpooledTemporaryFile.rollover

    def counted(file: "tempfile.SpooledTemporaryFile[bytes]") -> None:
        rolled.append(1)
        rollover(file)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", counted)
    with opened_door(tmp_path / "home") as door:
        part = "remits" if path == "/v1/jobs" else "file"
        files = {part: ("okafor.835", b"ISA*" + b"NM1*QC*1*OKAFOR~" * 200_000, "application/edi-x12")}
        headers = {"x-api-key": KEY, "idempotency-key": "one"}
        assert door.app.post(path, files=files, headers=headers).status_code < 500
    assert rolled == []


def test_a_form_of_too_many_files_is_refused(tmp_path: Path) -> None:
    add_practice(tmp_path / "home", "Cedar Oncology", "841234567")
    many = [("remits", (f"{at}.835", b"x", "text/plain")) for at in range(1001)]
    headers = {"x-api-key": KEY, "idempotency-key": "two"}
    with opened_door(tmp_path / "home") as door:
        assert door.app.post("/v1/jobs", files=many, headers=headers).status_code in (400, 413)
