"""What is looked at, and what is found: each finding with what it leads to and what to do about it."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import httpx

Grade = Literal["wrong", "unwise", "note"]
"""`wrong`: it will fail, or patients' data lie open. `unwise`: it works, and should not stay so. `note`: to know."""


@dataclass(frozen=True)
class Finding:
    """Something about the set-up: what it concerns, what is so, what that leads to, what to do about it."""

    grade: Grade
    about: str
    says: str
    means: str
    does: str


def _free(path: Path) -> int:
    return shutil.disk_usage(path).free


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK)


@dataclass(frozen=True)
class Examined:
    """What is looked at: a home, its environment, and how the server is to be run.

    `host` and `port` are where it will listen (`port` None: not looked at), `watch` the folder it takes remittances
    from. `online` asks other machines whether they answer (practices' sign-ons, the model's endpoint); None = nobody is
    asked. `free_bytes` and `writable` look at the disk.
    """

    home: Path
    environment: Mapping[str, str]
    now: datetime
    host: str = "127.0.0.1"
    port: int | None = None
    watch: Path | None = None
    watch_move: bool = False
    online: httpx.Client | None = None
    free_bytes: Callable[[Path], int] = _free
    writable: Callable[[Path], bool] = _writable
