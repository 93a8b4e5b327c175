"""The words by which the shield tells a name from a word, loaded once from `words.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Words:
    """Sets of words in lower case; `states` in upper case. See the file for what each is for."""

    ordinary: frozenset[str]
    function: frozenset[str]
    before_number: frozenset[str]
    honorifics: frozenset[str]
    credentials: frozenset[str]
    organisations: frozenset[str]
    particles: frozenset[str]
    states: frozenset[str]
    streets: frozenset[str]
    suffixes: frozenset[str]


@cache
def words() -> Words:
    """Load the words; TypeError when the file lacks a set or has a strange one."""
    stored = yaml.safe_load(files("agent.shield").joinpath("words.yaml").read_text("utf-8"))
    return Words(**{name: frozenset(str(value).split()) for name, value in stored.items()})
