"""The terms a practice keeps records by: HOME/retention.yaml, held to what the law asks at least."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from knowledge.types.practice import Frozen, LineOfBusiness, Payer

FILE = "retention.yaml"
_LONGEST = 100


class BadPolicy(ValueError):
    """HOME/retention.yaml cannot be used; nothing is removed by it. The message says where and what to write."""


class KeepingRule(Frozen):
    """How many whole years records are kept after the last thing that happened to a patient's, and why so long."""

    years: int = Field(ge=1, le=_LONGEST)
    why: str = Field(min_length=1, max_length=500)


class _Floor(Frozen):
    years: int
    applies: Literal["always"] | tuple[LineOfBusiness, ...]
    law: str
    says: str


class _Floors(Frozen):
    read_on: date
    default_years: int
    default_why: str
    floors: tuple[_Floor, ...]


class _Written(Frozen):
    default: KeepingRule | None = None
    practices: dict[str, KeepingRule] = Field(default_factory=dict)


def policy_of(home: Path, practice_id: str, payers: tuple[Payer, ...]) -> KeepingRule:
    """Return the rule of a practice: its own, else the home's default, else ours.

    Raises:
        BadPolicy: the file cannot be read, or keeps shorter than the law asks of a practice with these payers.
    """
    path = home / FILE
    written = _read(path)
    floors = _floors()
    rule = written.practices.get(practice_id) or written.default
    if rule is None:
        return KeepingRule(years=floors.default_years, why=floors.default_why)
    lines = {payer.line_of_business for payer in payers}
    for floor in floors.floors:
        if rule.years < floor.years and (floor.applies == "always" or lines & set(floor.applies)):
            raise BadPolicy(
                f"{path}: {practice_id} keeps {rule.years} years; {floor.law} asks for {floor.years} at least "
                f"({floor.says}). Write `years: {floor.years}` or more"
            )
    return rule


def _read(path: Path) -> _Written:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return _Written()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadPolicy(
            f"{path} cannot be read ({type(fault).__name__}): save it as UTF-8 that you may read"
        ) from fault
    try:
        held: Any = yaml.safe_load(text) or {}
        return _Written.model_validate(held)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        raise BadPolicy(f"{path}{where} is no YAML: {_example()}") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise BadPolicy(f"{path}: {where}: {first['msg']}. {_example()}") from fault


def _example() -> str:
    return "Write, for instance, `default: {years: 10, why: our policy}` and, below `practices:`, one by practice id"


@cache
def _floors() -> _Floors:
    return _Floors.model_validate(yaml.safe_load(Path(__file__).with_name("floors.yaml").read_text(encoding="utf-8")))
