"""What the words of the dashboard mean, read from the file beside this one."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from agent.worth.assumptions import assumptions
from knowledge.types.practice import Frozen


class Definition(Frozen):
    """A word and what it means."""

    term: str
    says: str


@cache
def definitions() -> tuple[Definition, ...]:
    """Read definitions.yaml, with the numbers in force put in."""
    text = (files(__package__) / "definitions.yaml").read_text(encoding="utf-8")
    found = TypeAdapter(tuple[Definition, ...]).validate_python(yaml.safe_load(text))
    known = assumptions()
    return tuple(
        one.model_copy(
            update={"says": one.says.replace("{few}", str(known.few)).replace("{hour}", f"{known.hour:.0f}")}
        )
        for one in found
    )
