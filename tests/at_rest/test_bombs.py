"""Hostile uploads: refused with a 4xx that names the limit, within 5 s and 256 MB more than the idle server has."""

import subprocess
import sys
from pathlib import Path

import pytest

_SERVE = """
import resource, sys, time
from pathlib import Path
sys.path.insert(0, {api!r}); sys.path.insert(0, {here!r})
from api_served import served
from bombs import BOMBS
address, data = BOMBS[{name!r}]()
with served(Path({home!r})) as client:
    client.get("/v1/work")
    pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + 256 * 1024 * 1024,) * 2)
    began = time.monotonic()
    answer = client.post(address, content=data)
    print(answer.status_code, round(time.monotonic() - began, 2), answer.json()["detail"][:300])
"""

sys.path.insert(0, str(Path(__file__).parent))
from bombs import BOMBS  # noqa: E402 - beside this file, for the child too


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_refused_in_time_and_memory(home: Path, name: str) -> None:
    here = Path(__file__).parent
    code = _SERVE.format(api=str(here.parent / "api"), here=str(here), home=str(home), name=name)
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "OVERTURN_KEY": KEY, "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    status, seconds, says = ended.stdout.split(" ", 2)
    assert 400 <= int(status) < 500, says
    assert float(seconds) < 5, ended.stdout


KEY = "6f" * 31 + "01"
