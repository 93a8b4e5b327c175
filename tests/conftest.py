"""What all tests share: a quick place for their files, homes worked once a run, pages set once, little garbage sought.

Nothing here changes what is tested: a run differs by its time alone.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pages_set_once import SetOnce
from shared_homes import CEDAR, made_once, worked_home, worked_remit

from api import worker

_MEMORY_DISK = Path("/dev/shm")
_ROOM = 4 * 1024**3
"""Bytes that must be free there, on it and in the machine; a run leaves a tenth of it at its fullest."""


def _free_memory() -> int:
    """Return the bytes of memory that the machine can still give, 0 where it does not say."""
    said = Path("/proc/meminfo")
    rows = said.read_text().splitlines() if said.is_file() else []
    found = [row.split()[1] for row in rows if row.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else 0


def _is_quick(place: Path) -> bool:
    return os.access(place, os.W_OK) and min(shutil.disk_usage(place).free, _free_memory()) >= _ROOM


# A home is written with a sync at every commit, for the power may fail; on a disk that is a third of a test's time.
# What a test proves is what survives the end of a process, and memory does that as well.
if "PYTEST_XDIST_WORKER" not in os.environ and _is_quick(_MEMORY_DISK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY_DISK))

# How long an example takes says how busy the machine is: nothing is judged by it. A run tries the same examples each
# time, so that what fails in one fails in all; `make explore` tries others, and is where new faults are looked for.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("house", settings.get_profile("explore"), derandomize=True)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Leave what is loaded by now to itself: looking through all tests for garbage again and again takes a sixth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _pages_set_once() -> Iterator[None]:
    """Set a page once a process; the tests of typesetting itself (tests/packet) set every page."""
    with SetOnce.instead():
        yield


@pytest.fixture(scope="session", autouse=True)
def _memory_is_not_searched() -> Iterator[None]:
    """Leave out what a server does for its memory after work: here it would look through all tests each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "set_aside", lambda: None)
        yield


@pytest.fixture(scope="session")
def cedar_worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the sample practice, worked at noon of 2026-05-01, once a run. Never to be written to: copy it."""
    return made_once(tmp_path_factory, "cedar-worked", lambda home: worked_home(CEDAR, home))


@pytest.fixture(scope="session")
def remit_released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`folder` and `home` of one remit, worked once a run; what needs no person is released. Never to be written to."""
    return made_once(tmp_path_factory, "remit-released", lambda root: worked_remit(root, straight_through=True))


@pytest.fixture(scope="session")
def remit_reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`folder` and `home` of one remit, worked once a run; every case waits for a person. Never to be written to."""
    return made_once(tmp_path_factory, "remit-reviewed", lambda root: worked_remit(root, straight_through=False))
