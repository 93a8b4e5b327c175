import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "at_rest"))

from sealed_home import folder, home, office, own_environment, worked  # noqa: F401 - fixtures
