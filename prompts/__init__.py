"""Texts for the language model, one file a prompt, versioned; imports nothing of the house.

A file is `NAME.md`: a front matter with `version`, then the text. `{{slot}}` is filled by `render`.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_FRONT = re.compile(r"\A---\nversion: (?P<version>\d+)\n---\n(?P<text>.*)\Z", re.DOTALL)
_SLOT = re.compile(r"\{\{(\w+)\}\}")


class PromptBroken(ValueError):
    """A prompt cannot be used: no such file, no version, a slot without a value, or a value without a slot."""


class Prompt(NamedTuple):
    """A rendered prompt: its text, and `version` as "NAME:NUMBER" for record and audit."""

    text: str
    version: str


def render(name: str, **values: str) -> Prompt:
    """Fill a prompt's slots.

    Raises:
        PromptBroken: the prompt does not exist or has no version, a slot has no value, or a value has no slot.
    """
    version, text = _load(name)
    slots = set(_SLOT.findall(text))
    if missing := sorted(slots - {slot for slot, value in values.items() if value}):
        raise PromptBroken(f"prompt {name}: no value for {', '.join(missing)}")
    if surplus := sorted(set(values) - slots):
        raise PromptBroken(f"prompt {name}: has no slot {', '.join(surplus)}")
    return Prompt(_SLOT.sub(lambda match: values[match[1]], text), f"{name}:{version}")


def version_of(name: str) -> str:
    """Return a prompt's name and version ("reading:1").

    Raises:
        PromptBroken: there is no such prompt, or it has no version.
    """
    return f"{name}:{_load(name)[0]}"


@cache
def _load(name: str) -> tuple[str, str]:
    path = files(__package__).joinpath(f"{name}.md")
    if not re.fullmatch(r"[a-z][a-z_]*", name) or not path.is_file():
        raise PromptBroken(f"there is no prompt {name}")
    front = _FRONT.match(path.read_text(encoding="utf-8"))
    if front is None:
        raise PromptBroken(f"prompt {name}: it begins with no version")
    return front["version"], front["text"].strip()
