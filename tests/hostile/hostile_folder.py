"""A practice folder in which every name, note and file name that comes from elsewhere is markup that wants to run."""

import shutil
from pathlib import Path

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json", "policies/chp-onc-014.md"),
    *("claims/casc1_20260319.837", "claims/casc1_20260327.837", "remits/CHP_ERA_0403.txt"),
)
MARK = "pwned"
IMAGE = f"<img src=x onerror={MARK}()>"
SCRIPT = f"</title><script>{MARK}()</script>"
BREAK = f'" autofocus onfocus="{MARK}()'
TEMPLATE = "{{7*7}}{% set x = 1 %}"

_X12 = {  # what separates in X12 cannot stand in a name: no * : ~ ^
    "OKAFOR*GRACE": f"{IMAGE}*GRACE{BREAK}",
    "BIANCHI*PAOLO": f"<svg onload={MARK}()>*PAOLO",
    "CASCADE HEALTH PLAN": f"CASCADE {IMAGE}",
    "RUIZ*DANA": f"RUIZ{BREAK}*DANA",
    "PROVIDER SERVICES": f"DESK {IMAGE}",
    "CED26-0316*": f"CED26-0316{BREAK}*",
    "26C260316": "26C'-alert(1)-'",
}
_TEXT = {
    "Okafor": IMAGE.replace('"', "'"),
    "Cedar Oncology Associates": f"'Cedar {SCRIPT}'",
    "name: Cascade Health Plan": f"name: 'Cascade {IMAGE}'",
    "Dana Ruiz MD": f"'Dana Ruiz {IMAGE}'",
    "title: Pembrolizumab": f"title: 'Pembrolizumab {IMAGE}'",
    "# Pembrolizumab": f"# Pembrolizumab {SCRIPT} {TEMPLATE}",
    "## Coverage criteria": f"## Coverage criteria {IMAGE}",
    "okafor-auth-a-1": IMAGE,
}


def hostile_folder(made: Path) -> Path:
    """Write the folder."""
    for part in PARTS:
        (made / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CEDAR / part, made / part)
    for file in sorted(made.rglob("*")):
        if not file.is_file():
            continue
        text = file.read_text()
        for plain, hostile in (_X12 if file.suffix in (".837", ".txt") else _TEXT).items():
            if file.suffix == ".json":
                hostile = hostile.strip("'").replace('"', '\\"')
            text = text.replace(plain, hostile)
        file.write_text(text)
    remit = made / "remits" / "CHP_ERA_0403.txt"
    remit.rename(remit.with_name(f"CHP '{IMAGE}' 0403.txt"))
    chart = made / "charts" / "ced10018-okafor.json"
    chart.rename(chart.with_name(f"{IMAGE}.json"))
    return made
