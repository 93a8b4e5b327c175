import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

sys.path.insert(0, str(Path(__file__).parents[1] / "access"))

from door import Door, add_practice, opened_door

from api.access import passwords


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OVERTURN_HOME", "OVERTURN_API_KEY", "OVERTURN_ADDRESS", "OVERTURN_SIGN_ON", "OVERTURN_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A home of two practices that hold nothing yet; the tests of a file share it."""
    home = tmp_path_factory.mktemp("hostile") / "home"
    add_practice(home, "Cedar Oncology", "841234567")
    add_practice(home, "Aspen Oncology", "840000000")
    with opened_door(home) as made:
        yield made
