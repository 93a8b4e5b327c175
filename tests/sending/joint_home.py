"""A home whose two denials of one series went straight through, each by itself: they are sent as one."""

import shutil
from pathlib import Path

from sending_home import Clock

from agent.office import Office

_BIRCH = Path(__file__).parents[2] / "evals" / "practices" / "birch" / "folder"
_PARTS = (
    *("practice.yaml", "payers.yaml", "contracts/rates_northshore.csv", "charts/br20042-eklund.json"),
    *("claims/nsh01_20260410.837", "remits/NSH_ERA_20260424.835"),
)
SERIES = "ser_14547bc7dc04"
"""Two lines of one claim, both paid below contract by the same payer."""
LEAD, OTHER = "den_471271220be930bd3dd7", "den_60f016408b54f2777f28"


def worked_home(root: Path, changed: dict[str, str] | None = None) -> Path:
    """Work the series' files in a home below `root`; `changed` replaces text of practice.yaml, old by new."""
    for part in _PARTS:
        (root / "folder" / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_BIRCH / part, root / "folder" / part)
    rules = root / "folder" / "practice.yaml"
    for old, new in (changed or {}).items():
        assert old in rules.read_text()
        rules.write_text(rules.read_text().replace(old, new))
    with Office.open(root / "home", Clock()) as office:
        practice_id = office.take_folder(root / "folder").practice_id
        assert practice_id is not None
        office.work(practice_id)
    return root / "home"
