"""The outcome of one linking rule: a record and the rule's text, or nothing and what was ambiguous."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

Ambiguities = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A record joined by `rule`, or None; `ambiguous` holds (code, sentence) of what was not chosen."""

    record: T | None = None
    rule: str = ""
    ambiguous: Ambiguities = ()
