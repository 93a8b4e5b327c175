"""Ask pyx12, in an environment of its own, what is wrong with 837P files.

pyx12 is a development aid and no dependency: `.bench/venv` is made beside the checkout on first use.
"""

import json
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

PYX12 = "pyx12==4.0.0"
_MINUTES = 10

_PROGRAM = """
import io, json, sys
import pyx12.params, pyx12.x12n_document

def errors(node, path):
    names = ("seg_id", "ele_ref_num", "ele_pos", "subele_pos")
    here = path + [node[name] for name in names if node.get(name)]
    for key, value in node.items():
        if key == "errors":
            yield from ((here, error) for error in value)
        elif isinstance(value, list):
            for child in value:
                if isinstance(child, dict):
                    yield from errors(child, here)

params = pyx12.params.params()
for line in sys.stdin:
    asked = json.loads(line)
    told = io.StringIO()
    valid = pyx12.x12n_document.x12n_document(params, io.StringIO(asked["text"]), None, None, None, told)
    found = [[path, error] for path, error in errors(json.loads(told.getvalue() or "{}"), [])]
    print(json.dumps({"name": asked["name"], "valid": bool(valid), "errors": found}))
"""


class Verdict(Struct, frozen=True):
    """What pyx12 says of a file: whether it is valid, and its errors (where and what, without positions)."""

    valid: bool
    errors: frozenset[str]


def validate(files: Mapping[str, bytes], home: Path) -> dict[str, Verdict]:
    """Return pyx12's verdict on each file, by its name. `home` holds the environment it runs in.

    Raises subprocess.CalledProcessError when the environment cannot be made or pyx12 breaks off.
    """
    python = _environment(home)
    asked = "".join(json.dumps({"name": name, "text": data.decode("utf-8")}) + "\n" for name, data in files.items())
    done = subprocess.run(  # the program is ours, the input is data
        [str(python), "-c", _PROGRAM],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        timeout=_MINUTES * 60,
    )
    verdicts: dict[str, Verdict] = {}
    for line in done.stdout.splitlines():
        told = json.loads(line)
        errors = frozenset(json.dumps(error, sort_keys=True) for error in told["errors"])
        verdicts[told["name"]] = Verdict(told["valid"], errors)
    return verdicts


def _environment(home: Path) -> Path:
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    has = subprocess.run([str(python), "-c", "import pyx12"], capture_output=True, check=False)
    if has.returncode != 0:
        install = [str(python), "-m", "pip", "install", "--quiet", PYX12]
        subprocess.run(install, check=True, stdout=sys.stderr, timeout=_MINUTES * 60)
    return python
