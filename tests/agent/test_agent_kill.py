"""Killed anywhere and started again, a home comes to hold what an undisturbed one holds: nothing lost, nothing twice.

The sample practice is worked in four homes, the remits of one payer in each (claims, charts and all else whole), so
that a restart is cheap and every boundary of every denial can be a death.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from cedar_home import CEDAR
from home_contents import differing, files_of, rows_of

from agent.queue import rank_all
from agent.series.groups import OPEN
from knowledge.records import open_records
from knowledge.types.record import DenialRecord

PAYERS = {"cascade": ("chp_", "CHP_", "era_"), "summit": ("SUMMIT",), "plains": ("pcc",), "medicare": ("rmms",)}


def remits_of(payer: str) -> list[Path]:
    return sorted(path for path in (CEDAR / "remits").iterdir() if path.name.startswith(PAYERS[payer]))


def folder_of(payer: str, at: Path, keep: int | None = None) -> Path:
    """The sample practice with the remits of one payer, or the first few of them."""
    copytree(CEDAR, at, ignore=lambda where, names: names if Path(where).name == "remits" else [])
    for remit in remits_of(payer)[:keep]:
        (at / "remits" / remit.name).write_bytes(remit.read_bytes())
    return at


def live(tmp_path: Path, *jobs: dict[str, Any]) -> list[list[str]]:
    """Do jobs in a process of their own, life after life; give, for each job, the boundaries its lives ended at."""
    paper, report = tmp_path / "jobs.json", tmp_path / "report.json"
    paper.write_text(json.dumps(jobs, default=str))
    program = Path(__file__).with_name("home_lives.py")
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    done = subprocess.run(
        [sys.executable, str(program), str(paper), str(report)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    deaths: list[list[str]] = json.loads(report.read_text())
    return deaths


def test_the_four_homes_are_the_whole_sample_practice() -> None:
    split = [remit for payer in PAYERS for remit in remits_of(payer)]
    assert sorted(split) == sorted((CEDAR / "remits").iterdir())


STEPS = ("link", "investigate", "diagnose", "decide", "draft", "verify")
LAST = ("release", "finish")
"""Where only some cases come to: what a policy releases."""


def deaths_of(records: Iterable[DenialRecord]) -> set[tuple[str, str]]:
    """Choose steps and denials to die at: all steps for the first of each kind of case, one in turn for the others.

    A kind is what is done and made of a case: its remedy, what follows, route, status and which files there are.
    """
    kinds, chosen = set(), set()
    for number, record in enumerate(sorted(records, key=lambda each: each.denial_id)):
        made = tuple(name for name, product in record.products if product is not None)
        kind = (record.remedy, record.then, record.route, record.status, made)
        steps = (STEPS[number % len(STEPS)],) if kind in kinds else (*STEPS, *LAST)
        kinds.add(kind)
        chosen |= {(step, record.denial_id) for step in steps}
    return chosen


@pytest.mark.parametrize("payer", sorted(PAYERS))
def test_killed_at_steps_of_every_denial_it_ends_as_if_undisturbed(
    payer: str, tmp_path: Path, cedar_records: tuple[DenialRecord, ...]
) -> None:
    folder = folder_of(payer, tmp_path / "folder")
    files = {f"remits/{path.name}" for path in remits_of(payer)}
    of_payer = {record.denial_id for record in cedar_records if record.remit.file in files}
    chosen = {death for death in deaths_of(cedar_records) if death[1] in of_payer}
    calm_home, killed_home = tmp_path / "calm", tmp_path / "killed"
    *_, deaths = live(
        tmp_path,
        {"home": calm_home, "folder": folder, "work": True, "deaths": False},
        {"home": killed_home, "folder": folder, "deaths": False},
        {"home": killed_home, "work": True, "die_at": sorted(chosen)},
    )

    calm = rows_of(calm_home)
    died = {tuple(death.split()[:2]) for death in deaths}
    denials = {row[1] for row in calm["denial"]}
    known = {record.denial_id for record in cedar_records}
    assert denials
    assert denials <= known
    assert {name for _, name in died} == denials
    assert {death for death in died if death[0] in STEPS} == {death for death in chosen if death[0] in STEPS}
    assert {name for at, name in died if at == "finish"} == {name for at, name in died if at == "release"}
    assert differing(calm, rows_of(killed_home)) == {}
    assert files_of(calm_home) == files_of(killed_home)


def test_killed_before_and_after_every_file_commit_and_checkpoint_it_ends_as_if_undisturbed(
    tmp_path: Path, cedar_records: tuple[DenialRecord, ...]
) -> None:
    folder = folder_of("medicare", tmp_path / "folder", keep=1)
    files = {f"remits/{path.name}" for path in (folder / "remits").iterdir()}
    linked = [record.links for record in cedar_records if record.remit.file in files]
    needed = {link.value for links in linked for link in (links.claim_file, links.chart) if link}
    for path in [*(folder / "claims").iterdir(), *(folder / "charts").iterdir(), *(folder / "policies").iterdir()]:
        if f"{path.parent.name}/{path.name}" not in needed:
            path.unlink()
    assert len(linked) > 1
    calm_home, killed_home = tmp_path / "calm", tmp_path / "killed"
    job = {"folder": folder, "work": True}
    _, deaths = live(
        tmp_path,
        {**job, "home": calm_home, "deaths": False},
        {**job, "home": killed_home, "every_effect": True},
    )
    kinds = {death.split()[-2] for death in deaths}
    assert kinds == {
        "taken",
        "begin",
        "before-commit",
        "after-commit",
        "before-checkpoint",
        "after-checkpoint",
        "before-file",
        "after-file",
    }
    assert differing(rows_of(calm_home), rows_of(killed_home)) == {}
    assert files_of(calm_home) == files_of(killed_home)
    assert not [name for name in files_of(killed_home) if name.endswith(".part")]


def test_killed_anywhere_in_the_answer_to_a_review_it_counts_once_when_it_is_sent_again(
    home: Path, tmp_path: Path, cedar_records: tuple[DenialRecord, ...]
) -> None:
    waiting = [record for record in cedar_records if record.status == "in_review"]
    edited = next(record for record in waiting if record.remedy == "authorization_fix")
    approved, rejected = [record for record in waiting if record is not edited][:2]
    calm_home = tmp_path / "calm"
    copytree(home, calm_home)
    answers = [
        answer(approved.denial_id, "k1", "approve"),
        answer(rejected.denial_id, "k2", "reject"),
        answer(edited.denial_id, "k3", "edit", changes={"remedy": "reconsideration", "then": None}),
        answer(edited.denial_id, "k4", "approve"),
    ]
    _, deaths = live(
        tmp_path,
        {"home": calm_home, "answers": answers, "deaths": False},
        {"home": home, "answers": answers, "every_effect": True},
    )
    assert {death.split()[0] for death in deaths} >= {"answer", "review", "draft", "verify", "finish"}
    assert ranked_anew(calm_home) == ranked_anew(home)
    assert differing(rows_of(calm_home), rows_of(home)) == {}
    assert files_of(calm_home) == files_of(home)


def ranked_anew(home: Path) -> list[str]:
    """Rank all that is open and give its order; then forget all places.

    A decision leaves the places of others where they are, and puts the denial behind all that were settled before: a
    life that begins anew ranks all. What is left behind of either is an order of what is settled, and means nothing.
    """
    with open_records(home / "overturn.db") as records:
        with records.reading() as tx:
            (practice_id,) = tx.files.practice_ids()
        rank_all(records, practice_id)
    with closing(sqlite3.connect(home / "overturn.db")) as database, database:
        rows = database.execute("SELECT denial_id, status FROM denial ORDER BY rank").fetchall()
        order = [name for name, status in rows if status in OPEN]
        database.execute("UPDATE denial SET rank = 0, record = json_remove(record, '$.priority.rank')")
        database.execute("UPDATE worklist SET rank = 0")
    return order


def answer(denial_id: str, key: str, decision: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "denial_id": denial_id,
        "key": key,
        "decision": decision,
        "reason": "as charted",
        "by": "biller",
        "changes": changes,
        "role": "coder" if decision == "approve" else None,
    }
