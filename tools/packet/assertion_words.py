"""The words by which free sentences are held to their evidence, loaded once from `assertions.yaml`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class AssertionWords:
    """Joints of a sentence, words that mean the same, and words that bind or turn what they stand beside.

    `class_of` gives a word's class ("administered" -> "#given"); `comparators` are phrases with what they mean, the
    longest first; `fact_roles` says beside which words a fact of the RE block may be said.
    """

    neutral: frozenset[str]
    class_of: dict[str, str]
    negators: frozenset[str]
    forward: frozenset[str]
    hedges: frozenset[str]
    others: frozenset[str]
    reach: int
    polar: frozenset[str]
    comparators: tuple[tuple[str, str], ...]
    overclaims: frozenset[str]
    meets: frozenset[str]
    asking: frozenset[str]
    actors: frozenset[str]
    policy_frame: frozenset[str]
    chart_frame: frozenset[str]
    fact_roles: dict[str, frozenset[str]]
    name_facts: frozenset[str]

    def key(self, word: str) -> str:
        """Return the one form in which a word is compared: its class, else its stem."""
        low = word.casefold().removesuffix("'s")
        return self.class_of.get(low) or stem(low)


_UNDOUBLED = re.compile(r"([bdfgmnprt])\1$")


def stem(word: str) -> str:
    """Return a word without its plural, past or adverbial ending; opposites never share a stem."""
    if len(word) < 5:
        return word.removesuffix("s") if len(word) == 4 and not word.endswith(("ss", "us", "is")) else word
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            return _UNDOUBLED.sub(r"\1", word[: -len(ending)] + instead).removesuffix("e")
    return word.removesuffix("e")


@cache
def assertion_words() -> AssertionWords:
    """Load the words; KeyError or yaml.YAMLError when the file beside this module is broken."""
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "assertions.yaml").read_text("utf-8"))
    sets = {name: frozenset(str(word).casefold() for word in data[name]) for name in _SETS}
    phrases = [(str(phrase), meaning) for meaning, found in data["comparators"].items() for phrase in found]
    return AssertionWords(
        class_of={str(word).casefold(): f"#{name}" for name, found in data["classes"].items() for word in found},
        comparators=tuple(sorted(phrases, key=lambda pair: (-len(pair[0]), pair[0]))),
        fact_roles={label: frozenset(found) for label, found in data["fact_roles"].items()},
        reach=int(data["reach"]),
        **sets,
    )


_SETS = ("neutral", "negators", "forward", "hedges", "others", "polar", "overclaims", "meets", "asking",
         "actors", "policy_frame",
         "chart_frame", "name_facts")  # fmt: skip
