"""Several at once, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_SEND = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from sending_home import Clock, Practice, driver_of
from agent.office import Office
home, drop = Path(sys.argv[2]), Path(sys.argv[3])
clock = Clock()
with Office.open(home, clock) as office:
    print("ready", flush=True)
    sys.stdin.readline()
    {do}
"""
_DO = {
    "send": 'Practice(office).send(driver_of("folder", drop, clock))',
    "webhook": 'Practice(office).send(driver_of("webhook", drop, clock))',
    "approve": 'Practice(office).answer("approve", "k9")',
    "edit": 'Practice(office).answer("edit", "k9", changes={"remedy": "appeal", "then": None})',
}


def together(home: Path, drop: Path, *what: str) -> list[int]:
    """Start each in a process of its own, let all go at one moment, and give how they ended."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _SEND.format(do=_DO[one]), str(_HERE), str(home), str(drop)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in what
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    ended = [one.communicate(timeout=1200) for one in started]
    codes = [one.returncode for one in started]
    assert all(code == 0 or "NotWaiting" in errors for code, (_, errors) in zip(codes, ended, strict=True)), ended
    return codes
