"""What would keep a cause from coming back: the file beside this one, and its sentence with the values of cases."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import TypeAdapter

from knowledge.types.practice import Frozen

Habit = Literal["drug", "payer", "practice"]
_SLOT = re.compile(r"\{(\w+)\}")
_LONGEST = 90  # a value that is a sentence of its own belongs to its case, not to a table


class Fix(Frozen):
    """One cause's fix. `by`: what shares the habit; `because` may hold slots; `who` does it."""

    by: Habit
    who: str
    because: str
    fix: str

    def slots(self) -> frozenset[str]:
        """Return the slots of `because`."""
        return frozenset(_SLOT.findall(self.because))

    def reason(self, values: Sequence[dict[str, str]]) -> str:
        """Fill `because` with what most cases share; empty when a slot has no such value."""
        common: dict[str, str] = {}
        for name in self.slots():
            told = Counter(one[name] for one in values if 0 < len(one.get(name, "")) <= _LONGEST)
            if not told:
                return ""
            value, times = max(told.items(), key=lambda pair: (pair[1], pair[0]))
            if 2 * times <= len(values):
                return ""
            common[name] = value
        return self.because.format(**common)


@cache
def load_fixes() -> dict[str, Fix]:
    """Read fixes.yaml; one entry a cause.

    Raises:
        ValidationError: an entry is not what this module describes.
    """
    text = (files(__package__) / "fixes.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Fix]).validate_python(yaml.safe_load(text))
