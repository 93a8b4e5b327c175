"""The words that tell of one patient and of nobody else, and text with them replaced by filler of the same length."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agent.erasure.patient import Name, Patient, name_of
from tools.denials.identity import squeeze

FILLER = "X"
_SHORTEST = 5
"""Shorter numbers stand in texts by chance."""


@dataclass(frozen=True)
class Traces:
    """Ids, numbers and file names that are one patient's alone, and their names where nobody else is called so."""

    ids: tuple[str, ...]
    names: tuple[Name, ...]

    @classmethod
    def of(cls, patient: Patient, files: Iterable[str], known: Iterable[str] = ()) -> "Traces":
        """Find the words of a patient; `files` are the names of files that are theirs alone.

        `known` are names of people who may be called the same: the practice's providers.
        """
        staff = [set(re.findall(r"\w+", name.casefold())) for name in known]
        foreign = {squeeze(word) for mention in patient.others for word in _words(mention)}
        own = {word for mention in patient.theirs for word in _words(mention)}
        ids = {word for word in own if squeeze(word) not in foreign and _tells(word)}
        others = {name_of(mention) for mention in patient.others}
        names = {
            (mention.last.strip(), mention.first.strip())
            for mention in patient.theirs
            if (name := name_of(mention)) is not None
            and name not in others
            and not any({*name[0].split(), *name[1].split()} <= words for words in staff)
        }
        return cls(tuple(sorted(ids | set(files))), tuple(sorted(names)))

    @property
    def search(self) -> tuple[str, ...]:
        """Return words one of which stands wherever a trace does."""
        return tuple(dict.fromkeys((*self.ids, *(last for last, _ in self.names))))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds them: whole words in any case; names as given and family name side by side, either way."""
        parts = [rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])" for word in self.ids]
        between, middle = r"[^A-Za-z0-9\r\n]{1,4}", r"(?:[A-Za-z]\.?[^A-Za-z0-9\r\n]{1,3})?"
        for last, first in self.names:
            for before, after in ((last, first), (first, last)):
                parts.append(rf"(?<![A-Za-z]){re.escape(before)}{between}{middle}{re.escape(after)}(?![A-Za-z])")
        return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)

    def masked(self, text: str) -> str:
        """Return a text with every trace replaced; JSON stays JSON: only its strings are looked at."""
        if not self.pattern.search(text):
            return text
        if text[:1] in "{[":
            try:
                held = json.loads(text)
            except ValueError:
                return self._plainly(text)
            changed = _in_strings(held, self._plainly)
            return text if changed == held else json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
        return self._plainly(text)

    def masked_bytes(self, content: bytes) -> bytes:
        """Return bytes with every trace replaced, as long as they were."""
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return self.pattern.sub(filler_for, content.decode("latin-1")).encode("latin-1")
        return self.pattern.sub(filler_for, text).encode()

    def stand_in(self, content: bytes) -> bool:
        """Tell whether a trace stands in bytes, as text or as JSON writes it."""
        text = content.decode("utf-8", "replace")
        return bool(self.pattern.search(text)) or ("\\u" in text and bool(self.pattern.search(_unescaped(text))))

    def _plainly(self, text: str) -> str:
        return self.pattern.sub(filler_for, text)


def filler_for(match: re.Match[str]) -> str:
    """Return filler for what was found: as many bytes of UTF-8, marks between words kept."""
    return "".join(FILLER * len(mark.encode()) if mark.isalnum() or not mark.isascii() else mark for mark in match[0])


def _words(mention: Any) -> tuple[str, ...]:
    return (*mention.members, mention.claim, *mention.numbers)


def _tells(word: str) -> bool:
    return len(squeeze(word)) >= _SHORTEST and any(mark.isdigit() for mark in word)


def _in_strings(value: Any, changed: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return changed(value)
    if isinstance(value, dict):
        return {key: _in_strings(item, changed) for key, item in value.items()}
    return [_in_strings(item, changed) for item in value] if isinstance(value, list) else value


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
