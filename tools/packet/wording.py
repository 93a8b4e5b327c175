"""The wording of letters: sentences with slots, by root cause and kind of letter, from `templates/*.yaml`.

A letter has sections, a section paragraphs, a paragraph sentences. A sentence is

- `core`: without it the letter is not written at all; or `say`: left out when it cannot be said;
- `or`: what is said instead when the first wording cannot be;
- `from`: the kinds of evidence it rests on, cited in this order of preference (all kinds when absent);
- `when`: slots that must be filled, or slots with the values they must have, for the first wording;
- `use`: the sentences (or, in a section, the paragraphs) shared under that name in `shared.yaml`.

`ask` is a text, or a list of such sentences of which the first that can be said is taken.

Slots are `{name}`; a sentence with an unfilled slot cannot be said. No number, date, code or name stands in the
wording itself: all of them come through slots, and so from evidence.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from knowledge.types.evidence import EvidenceKind
from knowledge.types.letters import LetterKind
from knowledge.types.practice import Frozen

TEMPLATES = Path(__file__).parent / "templates"
SLOT = re.compile(r"\{(\w+)\}")


class WordingBroken(ValueError):
    """The wording of letters cannot be used: a template file is not what wording.py describes."""


class Sentence(Frozen):
    """One sentence; see the module's description. `when` maps a slot to its allowed values, none = any."""

    text: str
    core: bool = False
    alternative: str = ""
    rests_on: tuple[EvidenceKind, ...] = ()
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Section(Frozen):
    """A heading and its paragraphs, each a sequence of sentences."""

    heading: str
    paragraphs: tuple[tuple[Sentence, ...], ...]


class LetterWording(Frozen):
    """The wording of one letter: for one root cause, one or more kinds."""

    cause: str
    kinds: tuple[LetterKind, ...]
    subject: str
    ask: tuple[Sentence, ...]
    closing: str = ""
    sections: tuple[Section, ...]

    def slots(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the slots without which the letter is not written, and those it may use besides."""
        sentences = [s for section in self.sections for paragraph in section.paragraphs for s in paragraph]
        asks = [set(SLOT.findall(sentence.text)) for sentence in self.ask]
        required = set(SLOT.findall(self.subject)) | set.intersection(*asks)
        used = required.union(*asks)
        for sentence in sentences:
            own = set(SLOT.findall(sentence.text))
            used |= own | set(SLOT.findall(sentence.alternative)) | set(sentence.when)
            if sentence.core:
                required |= own & set(SLOT.findall(sentence.alternative)) if sentence.alternative else own
        return frozenset(required), frozenset(used - required)


@cache
def all_wordings() -> dict[tuple[str, LetterKind], LetterWording]:
    """Load every letter's wording by cause and kind; WordingBroken names the file and what is wrong in it."""
    shared = _read(TEMPLATES / "shared.yaml")
    found: dict[tuple[str, LetterKind], LetterWording] = {}
    for path in sorted(TEMPLATES.glob("*.yaml")):
        if path.name == "shared.yaml":
            continue
        for entry in _read(path):
            wording = _wording(entry, shared, path)
            for kind in wording.kinds:
                if (wording.cause, kind) in found:
                    raise WordingBroken(f"{path.name}: {wording.cause} has two letters of kind {kind}")
                found[wording.cause, kind] = wording
    return found


def wording_for(cause: str, kind: LetterKind) -> LetterWording | None:
    """Return the wording of a letter of `kind` for a root cause, or None: then a person writes it."""
    return all_wordings().get((cause, kind))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _wording(entry: dict[str, Any], shared: dict[str, Any], path: Path) -> LetterWording:
    try:
        sections = [_section(section, shared) for section in entry["sections"]]
        ask = entry["ask"] if isinstance(entry["ask"], list) else [{"say": entry["ask"]}]
        return LetterWording.model_validate({**entry, "sections": sections, "ask": _sentences(ask, shared)})
    except (KeyError, TypeError, ValueError) as error:
        where = entry.get("cause", "an entry without cause") if isinstance(entry, dict) else "an entry"
        raise WordingBroken(f"{path.name}: {where}: {error}") from error


def _section(section: dict[str, Any], shared: dict[str, Any]) -> Section:
    paragraphs = shared[section["use"]] if "use" in section else section["paragraphs"]
    return Section(
        heading=section["heading"],
        paragraphs=tuple(tuple(_sentences(paragraph, shared)) for paragraph in paragraphs),
    )


def _sentences(paragraph: list[dict[str, Any]], shared: dict[str, Any]) -> list[Sentence]:
    out = []
    for item in paragraph:
        if "use" in item:
            out += _sentences(shared[item["use"]], shared)
            continue
        unknown = set(item) - {"core", "say", "or", "from", "when"}
        if unknown or ("core" in item) == ("say" in item):
            raise ValueError(f"a sentence is core or say, with or, from, when: {sorted(item)}")
        when = item.get("when", {})
        out.append(
            Sentence(
                text=item.get("core") or item["say"],
                core="core" in item,
                alternative=item.get("or", ""),
                rests_on=tuple(item.get("from", ())),
                when=_conditions(when),
            )
        )
    return out


def _conditions(when: Any) -> dict[str, tuple[str, ...]]:
    if isinstance(when, list):
        return {slot: () for slot in when}
    return {slot: tuple([values] if isinstance(values, str) else values) for slot, values in when.items()}
