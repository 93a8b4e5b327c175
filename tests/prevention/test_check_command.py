"""`overturn check`: a folder by itself, or one claim beside a home; what it prints and how it ends."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from evals.labels import PRACTICES

CEDAR = PRACTICES / "cedar" / "folder"
CLAIM = CEDAR / "claims" / "casc1_20260213.837"


def run(*arguments: object, code: int):
    result = CliRunner().invoke(app, ["check", *(str(each) for each in arguments)], env={"COLUMNS": "160"})
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice with one claim file and no remit yet."""
    folder = tmp_path_factory.mktemp("small") / "folder"
    shutil.copytree(CEDAR, folder, ignore=shutil.ignore_patterns("remits", "claims", "acks"))
    (folder / "claims").mkdir()
    (folder / "remits").mkdir()
    shutil.copy(CLAIM, folder / "claims")
    return folder


def test_a_folder_with_faults_says_them_with_their_fix_and_ends_with_one(small: Path) -> None:
    shown = run(small, code=1).stdout
    assert "auth-number-not-on-claim" in shown
    assert "CHP-56020" in shown
    assert "Not checked, because the records do not tell:" in shown


def test_json_names_cause_fix_severity_and_sources_of_every_line(small: Path) -> None:
    found = json.loads(run(small, "--format", "json", code=1).stdout)
    assert found["checked"] == len(found["lines"])
    warned = [line for line in found["lines"] if line["warnings"]]
    assert found["warned"] == len(warned) > 0
    for line in warned:
        for warning in line["warnings"]:
            assert warning["severity"] in ("certain", "likely")
            assert warning["says"]
            assert warning["fix"]
            assert all((item["source"] and item["kind"]) for item in warning["evidence"])


def test_a_folder_leaves_nothing_behind(small: Path, tmp_path: Path) -> None:
    before = sorted(path for path in small.rglob("*"))
    run(small, "--home", tmp_path / "home", code=1)
    assert sorted(path for path in small.rglob("*")) == before
    assert not (tmp_path / "home").exists()


def test_one_claim_is_held_against_the_records_of_a_home(small: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    shutil.copytree(small, folder)
    (folder / "claims" / CLAIM.name).unlink()
    worked = CliRunner().invoke(app, ["work", str(folder), "--home", str(home), "-q"])
    assert worked.exit_code == 0, worked.output
    found = json.loads(run(CLAIM, "--home", home, "--format", "json", code=1).stdout)
    causes = {warning["cause"] for line in found["lines"] for warning in line["warnings"]}
    assert "auth-number-not-on-claim" in causes


def test_what_cannot_be_read_ends_with_two_and_says_why(small: Path, tmp_path: Path) -> None:
    assert "does not exist" in run(tmp_path / "none.837", code=2).output
    assert "there is no home" in run(CLAIM, "--home", tmp_path / "nowhere", code=2).output
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "cannot be checked" in run(empty, code=2).output
    without = tmp_path / "without"
    shutil.copytree(small, without, ignore=shutil.ignore_patterns("*.837"))
    assert "no claim" in run(without, code=2).output
