"""The verifier's vocabulary, loaded once from `vocabulary.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Vocabulary:
    """Plain words, units and number words. All keys are casefolded except `capitals`."""

    ordinary: frozenset[str]
    capitals: frozenset[str]
    factual: frozenset[str]
    unit_of: dict[str, str]
    unit_qualifiers: frozenset[str]
    slot_units: dict[str, str]
    number_words: dict[str, int]
    number_scales: dict[str, int]
    quantity_words: frozenset[str]
    ordinal_words: frozenset[str]
    ordinal_nouns: frozenset[str]
    drug_stems: tuple[str, ...]
    drug_names: frozenset[str]

    def unit(self, word: str) -> str:
        """Return the unit a word names, or "" when it names none."""
        return self.unit_of.get(word.casefold(), "")

    def slot_unit(self, slot: str) -> str:
        """Return the unit a slot's bare number is in, by the words of its name, or ""."""
        found = [self.slot_units[part] for part in slot.casefold().split("_") if part in self.slot_units]
        return found[-1] if found else ""


@cache
def vocabulary() -> Vocabulary:
    """Load the vocabulary; KeyError or yaml.YAMLError when the file beside this module is broken."""
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "vocabulary.yaml").read_text("utf-8"))
    return Vocabulary(
        ordinary=frozenset(str(w).casefold() for w in data["ordinary"]),
        capitals=frozenset(str(w) for w in data["capitals"]),
        factual=frozenset(str(w).casefold() for w in data["factual"]),
        unit_of={str(w).casefold(): unit for unit, words in data["units"].items() for w in words},
        unit_qualifiers=frozenset(data["unit_qualifiers"]),
        slot_units=dict(data["slot_units"]),
        number_words=dict(data["number_words"]),
        number_scales=dict(data["number_scales"]),
        quantity_words=frozenset(data["quantity_words"]),
        ordinal_words=frozenset(data["ordinal_words"]),
        ordinal_nouns=frozenset(data["ordinal_nouns"]),
        drug_stems=tuple(data["drug_stems"]),
        drug_names=frozenset(data["drug_names"]),
    )
