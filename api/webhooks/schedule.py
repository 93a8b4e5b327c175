"""When deliveries are tried again (schedule.yaml)."""

import re
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_WAIT = re.compile(r"(\d+)([smh])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def _wait(text: object) -> object:
    found = _WAIT.fullmatch(text) if isinstance(text, str) else None
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else text


Wait = Annotated[timedelta, BeforeValidator(_wait)]


class Schedule(BaseModel):
    """The schedule of deliveries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    waits: tuple[Wait, ...] = Field(min_length=1)
    jitter: float = Field(ge=0, le=1)
    timeout_seconds: float = Field(gt=0)
    lease_seconds: int = Field(ge=1)
    longest_retry_after: Wait
    old_secret: Wait
    poll_seconds: float = Field(gt=0)

    def wait(self, tries: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
        """Give how long to wait after so many tries, None when there is no other.

        `chance` in [0, 1) draws the jitter; `asked` is what the receiver asked for, heeded when it is longer.
        """
        if tries > len(self.waits):
            return None
        drawn = self.waits[tries - 1] * (1 + self.jitter * chance)
        return max(drawn, min(asked, self.longest_retry_after)) if asked is not None else drawn


@cache
def schedule() -> Schedule:
    """Read schedule.yaml.

    Raises:
        ValueError: something in it cannot be.
    """
    text = files(__package__).joinpath("schedule.yaml").read_text(encoding="utf-8")
    return Schedule.model_validate(yaml.safe_load(text))
