import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "at_rest"))

from sealed_home import made_folder, own_environment, worked_home  # noqa: F401, I001 - a fixture; it knows the way to the next

from erased_home import PARTS


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_folder(tmp_path_factory.mktemp("practice"), PARTS)


@pytest.fixture(scope="session")
def worked(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain home in which several patients have been worked. Not to be changed."""
    return worked_home(tmp_path_factory.mktemp("worked") / "home", folder, None)


@pytest.fixture
def home(worked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked, tmp_path / "home"))
