import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from door import Door, add_practice, opened_door

from api.access import passwords


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OVERTURN_HOME", "OVERTURN_API_KEY", "OVERTURN_ADDRESS", "OVERTURN_SIGN_ON", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real parameters take 64 MiB and a twentieth of a second each: `test_passwords` looks at those."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def two_practices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two practices that hold nothing yet. Never to be written to: take `home`."""
    made = tmp_path_factory.mktemp("two") / "home"
    add_practice(made, "Cedar Oncology", "841234567")
    add_practice(made, "Aspen Oncology", "840000000")
    return made


@pytest.fixture
def home(two_practices: Path, tmp_path: Path) -> Path:
    """A home of two practices that hold nothing yet."""
    return Path(shutil.copytree(two_practices, tmp_path / "home"))


@pytest.fixture
def door(home: Path) -> Iterator[Door]:
    with opened_door(home) as made:
        yield made
