"""Hostile uploads: refused with a 4xx that names the limit, within 5 s and 256 MB more than the idle server has."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KEY = "6f" * 31 + "01"

sys.path.insert(0, str(HERE))
from bombs import BOMBS  # noqa: E402 - beside this file, for the child too


@pytest.fixture(scope="module")
def bombed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that serves a home in a fork for each bomb, and where it writes what goes wrong."""
    log = tmp_path_factory.mktemp("bombed") / "log"
    environment = {"PATH": "/usr/bin:/bin", "OVERTURN_KEY": KEY, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(HERE / "bombs_served.py")]
    with (
        log.open("wb") as told,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, env=environment, text=True
        ) as process,
    ):
        yield process, log


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_refused_in_time_and_memory(
    home: Path, name: str, bombed: tuple[subprocess.Popen[str], Path]
) -> None:
    process, log = bombed
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{name} {home}\n")
    process.stdin.flush()
    code, _, said = process.stdout.readline().partition(" ")
    assert code == "0", log.read_text(errors="replace")[-2000:]
    status, seconds, says = said.split(" ", 2)
    assert 400 <= int(status) < 500, says
    assert float(seconds) < 5, said
