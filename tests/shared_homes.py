"""Homes that take long to work, made once a run: the processes of pytest-xdist share them."""

import fcntl
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.offices import open_office

CEDAR = Path(__file__).parents[1] / "evals" / "practices" / "cedar" / "folder"

ONE_REMIT = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)
"""A remit of the sample practice and what it takes to work it."""


def noon() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


def worked_home(folder: Path, home: Path, clock: Callable[[], datetime] = noon) -> None:
    """Take a practice's folder into a new home and work it, plain and without a model whatever is set."""
    with open_office(home, make=True, clock=clock, environment={}) as office:
        practice_id = office.take_folder(folder).practice_id
        assert practice_id is not None
        office.work(practice_id)


def worked_remit(root: Path, straight_through: bool) -> None:
    """Make `folder`, of ONE_REMIT, and `home`, in which it is worked; released by policy or all for a person."""
    for part in ONE_REMIT:
        (root / "folder" / part).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(CEDAR / part, root / "folder" / part)
    if not straight_through:
        rules = root / "folder" / "practice.yaml"
        rules.write_text(rules.read_text().replace("straight_through: true", "straight_through: false"))
    worked_home(root / "folder", root / "home")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return what `make` makes at a path of its own, made by whichever process of the run asks first."""
    shared = factory.getbasetemp()
    if shared.name.startswith("popen-"):  # a process of pytest-xdist: the run's own folder is one above
        shared = shared.parent
    made = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            begun = shared / f"{name}.begun"
            shutil.rmtree(begun, ignore_errors=True)
            make(begun)
            begun.rename(made)
    return made
