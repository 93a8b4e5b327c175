"""The service unit and the container file name what is there: commands, options, variables, folders."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import typer.main

import api
from api.cli import app
from api.variables import names

ROOT = Path(api.__file__).parents[1]
DEPLOY = ROOT / "api" / "deploy"
UNIT, CONTAINER = DEPLOY / "overturn.service", DEPLOY / "Containerfile"
INSTALLED = "/opt/overturn/.venv/bin/overturn"
ANALYZE = shutil.which("systemd-analyze")


def unit() -> configparser.SectionProxy:
    """The service's section; of a key that stands more than once, the last."""
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment]
    parsed.read_string(UNIT.read_text(encoding="utf-8"))
    return parsed["Service"]


def is_a_command(words: list[str]) -> bool:
    """Whether the command line knows the command and each of its options."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    options = {name for parameter in commands[words[0]].params for name in parameter.opts}
    return {word for word in words if word.startswith("--")} <= options


def test_the_unit_starts_commands_that_there_are() -> None:
    for key in ("ExecStartPre", "ExecStart"):
        program, *words = shlex.split(unit()[key])
        assert program == INSTALLED
        assert is_a_command(words), words


def test_the_unit_sets_variables_that_are_read() -> None:
    set_here = {pair.split("=", 1)[0] for pair in shlex.split(unit()["Environment"])}
    assert set_here
    assert set_here <= names()


def test_the_unit_lets_the_service_write_its_own_folder_alone() -> None:
    service = unit()
    assert (service["User"], service["UMask"], service["StateDirectoryMode"]) == ("overturn", "0077", "0700")
    assert (service["ProtectSystem"], service["NoNewPrivileges"], service["LimitCORE"]) == ("strict", "yes", "0")
    assert service["CapabilityBoundingSet"] == ""


if ANALYZE is not None:  # that directives are known and their values can be, systemd alone can tell

    def test_systemd_finds_nothing_amiss_with_the_unit(tmp_path: Path) -> None:
        here = str(Path(sys.executable).with_name("overturn"))
        copy = tmp_path / "overturn.service"
        copy.write_text(UNIT.read_text(encoding="utf-8").replace(INSTALLED, here), encoding="utf-8")
        said = subprocess.run([str(ANALYZE), "verify", str(copy)], capture_output=True, text=True, timeout=1200)
        assert [line for line in said.stderr.splitlines() if "overturn.service" in line] == []


def test_the_container_is_made_of_what_is_there_and_runs_as_nobody_special() -> None:
    text = CONTAINER.read_text(encoding="utf-8").replace("\\\n", " ")
    copied = [words for words in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for words in words.split()]
    assert all((ROOT / name).exists() for name in copied)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(copied)
    assert re.search(r"^USER (\d+)$", text, re.MULTILINE)[1] != "0"  # type: ignore[index]
    set_here = set(re.findall(r"\b(OVERTURN_[A-Z_]+)=", text))
    assert set_here <= names()
    entry = re.search(r"^CMD \[(.+)\]$", text, re.MULTILINE)
    assert entry is not None
    assert is_a_command([word.strip(' "') for word in entry[1].split(",")])
