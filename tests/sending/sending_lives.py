"""Lives of a send: each a fork that dies by SIGKILL at its n-th boundary, then lives that go on from there.

A program of its own (`python sending_lives.py CHANNEL WORKED ROOT REPORT`): it forks, so that a life costs no imports,
and must not have typeset anything before, for the typesetter's threads do not come along.
"""

import gc
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sending_home import Clock, Practice, Receiver, Watcher, driver_of

from agent.office import Office
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.records import Records, Repository

LAST = 200


def life(home: Path, channel: str, to: Path, death: int | None) -> str | None:
    """Send once in a process of its own that is killed at its `death`-th boundary; give that, or None: it lived."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _live(home, channel, to, death, writing)
        finally:
            os._exit(9)  # an error: no test machinery of the parent may run here
    os.close(writing)
    with os.fdopen(reading, "rb") as words:
        label = words.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return label
    assert os.WEXITSTATUS(status) == 0, label
    return None


def _live(home: Path, channel: str, to: Path, death: int | None, writing: int) -> None:
    crossed = 0

    def cross(boundary: str) -> None:
        nonlocal crossed
        if crossed == death:
            os.write(writing, boundary.encode())
            os.kill(os.getpid(), signal.SIGKILL)
        crossed += 1

    transaction, replaced = Records.transaction, os.replace

    @contextmanager
    def dying_transaction(self: Records) -> Iterator[Repository]:
        with transaction(self) as repository:
            yield repository
            cross("before-commit")
        cross("after-commit")

    def dying_replace(source: Any, target: Any) -> None:
        cross("before-rename")
        replaced(source, target)
        cross("after-rename")

    clock = Clock()
    with Office.open(home, clock, step=lambda step, _key: cross(step)) as office:
        Records.transaction = dying_transaction  # type: ignore[method-assign]
        os.replace = dying_replace  # type: ignore[assignment]
        Practice(office).send(driver_of(channel, to, clock))
    os._exit(0)


def die_everywhere(channel: str, worked: Path, root: Path) -> Iterator[dict[str, Any]]:
    """Give, for every boundary, what had gone out once the send was cut off there and run again."""
    for number in range(LAST):
        home = Path(shutil.copytree(worked, root / str(number) / "home"))
        watcher = Watcher(root / str(number) / "drop")
        death = life(home, channel, watcher.folder, number)
        if death is None:
            return
        yield told(home, channel, watcher, death)


def die_in_one_home(channel: str, worked: Path, root: Path) -> Iterator[dict[str, Any]]:
    """Give what had gone out after life upon life in one home, each dying later than the one before."""
    home, watcher = Path(shutil.copytree(worked, root / "one" / "home")), Watcher(root / "one" / "drop")
    for number in range(1, 12):
        life(home, channel, watcher.folder, number)
        if channel != "webhook":
            watcher.look()
    yield told(home, channel, watcher, "again and again", lives=2)


def told(home: Path, channel: str, watcher: Watcher, death: str, lives: int = 1) -> dict[str, Any]:
    """Go on so many lives and tell what the ledger says and what the other side has."""
    if channel != "webhook":
        watcher.look()  # whoever watches may take the file away before the next life begins
    for _ in range(lives):
        assert life(home, channel, watcher.folder, None) is None
    if channel != "webhook":
        watcher.look()
    with Office.open(home, Clock()) as office:
        rows, status = Practice(office).ledger(), Practice(office).status()
    requests = Receiver(watcher.folder / "requests.log").got() if channel == "webhook" else []
    left = [] if channel == "webhook" else [path.name for path in watcher.folder.iterdir()]
    return {
        "death": death,
        "rows": [row.model_dump(mode="json") for row in rows],
        "status": status,
        "taken": watcher.taken,
        "requests": requests,
        "left": left,
    }


if __name__ == "__main__":
    _, channel, worked, root, report = sys.argv
    load_codes(), load_catalogue()
    with Office.open(Path(shutil.copytree(worked, Path(root) / "read" / "home")), Clock()) as office:
        Practice(office).status()  # what the first look into a home takes is then in every fork
    gc.freeze()
    everywhere = list(die_everywhere(channel, Path(worked), Path(root)))
    together = list(die_in_one_home(channel, Path(worked), Path(root)))
    Path(report).write_text(json.dumps({"everywhere": everywhere, "together": together}))
