"""Say which part of the suite a labelled case belongs to: development or test."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter

from knowledge.types.practice import Frozen

Part = Literal["development", "test"]
SPLIT = Path(__file__).parent / "split.yaml"


class SplitRule(Frozen):
    """Cases whose practice, payer and case all fit the patterns belong to `part`."""

    practice: str = "*"
    payer: str = "*"
    case: str = "*"
    part: Part


def load_split(path: Path = SPLIT) -> tuple[SplitRule, ...]:
    """Load the rules in order.

    Raises:
        pydantic.ValidationError: a rule is not of the expected form.
    """
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[SplitRule, ...]).validate_python(rules)


def part_of(rules: tuple[SplitRule, ...], practice: str, payer: str, case: str = "") -> Part:
    """Return the part of a case by the first rule that fits; test when none does."""
    for rule in rules:
        asked = ((practice, rule.practice), (payer, rule.payer), (case, rule.case))
        if all(fnmatchcase(value, pattern) for value, pattern in asked):
            return rule.part
    return "test"
