"""Killed between any two steps of a send and started again, it hands over once, and the ledger says so."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sending_home import READY

STEPS = {"keep", "queue", "prepare", "note", "hand-over", "record", "recorded"}
COMMITS = {"before-commit", "after-commit"}
RENAMES = {"before-rename", "after-rename"}


def lives(channel: str, worked: Path, tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    program, report = Path(__file__).with_name("sending_lives.py"), tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, str(program), channel, str(worked), str(tmp_path), str(report)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])},
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told: dict[str, list[dict[str, Any]]] = json.loads(report.read_text())
    return told


@pytest.mark.parametrize("channel", ["folder", "print", "webhook"])
def test_killed_at_every_boundary_it_hands_over_once(channel: str, worked: Path, tmp_path: Path) -> None:
    told = lives(channel, worked, tmp_path)
    assert {one["death"] for one in told["everywhere"]} >= STEPS | COMMITS | RENAMES
    for one in [*told["everywhere"], *told["together"]]:
        (row,) = one["rows"]
        assert (row["denial_id"], row["attempts"], one["status"]) == (READY, 1, "sent"), one["death"]
        assert row["receipt_sha256"], one["death"]
        assert one["left"] == [], one["death"]
        if channel == "webhook":
            # An answer lost with the process is asked for again under the id the receiver has seen already.
            assert len({(key, body) for key, _, body in one["requests"]}) == 1, one["death"]
        else:
            assert one["taken"] == [[row["file_name"], row["handed_sha256"]]], one["death"]
