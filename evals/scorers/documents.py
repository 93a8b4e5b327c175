"""Open the folder's documents apart from the product's own readers, to see whether a source says what is cited."""

import base64
import json
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_LOOPS = frozenset({"CLP", "CLM"})
"""Segments that begin a claim: what is cited of a claim must stand between two of them."""

_ENDS = frozenset({"ST", "SE", "GE", "IEA", "PLB", "HL"})
_ABOVE = {"22": frozenset({"20", "22"}), "23": frozenset({"20", "22", "23"})}
"""By the level of a person (HL03: subscriber, patient), the levels that end what belongs to that person."""
"""Segments that end a claim, and part a file without claims (277CA) into its levels."""


class X12(NamedTuple):
    """A file's segments in order, each without terminator and surrounding white space; the first is number 1."""

    segments: tuple[str, ...]
    separator: str

    def claim_around(self, number: int) -> tuple[str, ...]:
        """Return the claim (its segments) that segment `number` belongs to; outside a claim, the level or header.

        What names a subscriber or patient belongs to every claim below it, to the next subscriber.
        """
        parts = _LOOPS | _ENDS
        start = next((i for i in range(number - 1, -1, -1) if self._name(i) in parts), 0)
        above = _ABOVE.get(self._level(start), frozenset())
        if above:
            parts = _ENDS - {"HL"}
        following = range(start + 1, len(self.segments))
        end = next((i for i in following if self._name(i) in parts or self._level(i) in above), len(self.segments))
        return self.segments[start:end]

    def elements(self, segment: str) -> list[str]:
        """Split a segment into its elements, the name first."""
        return segment.split(self.separator)

    def _level(self, place: int) -> str:
        """Return the level code of a hierarchy segment (HL03); empty for any other."""
        elements = self.elements(self.segments[place])
        return elements[3] if elements[0] == "HL" and len(elements) > 3 else ""

    def _name(self, place: int) -> str:
        return self.segments[place].split(self.separator, 1)[0]


class Documents:
    """The files of one practice folder, each read once."""

    def __init__(self, folder: Path) -> None:
        """Look into `folder`; nothing is read before it is asked for."""
        self.folder = folder
        self._x12: dict[str, X12 | None] = {}
        self._lines: dict[str, tuple[str, ...] | None] = {}
        self._bundles: dict[str, dict[str, dict[str, Any]] | None] = {}

    def text(self, name: str) -> str | None:
        """Return a file's text; None when the folder has no such file."""
        path = self.folder / name
        inside = path.resolve().is_relative_to(self.folder.resolve())
        return path.read_text(encoding="utf-8-sig", errors="replace") if inside and path.is_file() else None

    def x12(self, name: str) -> X12 | None:
        """Return an X12 file's segments by the delimiters its ISA fixes by position; None when there is none."""
        if name not in self._x12:
            self._x12[name] = _segments(self.text(name))
        return self._x12[name]

    def lines(self, name: str) -> tuple[str, ...] | None:
        """Return a text file's lines; the first is line 1 at place 0."""
        if name not in self._lines:
            text = self.text(name)
            self._lines[name] = tuple(text.splitlines()) if text is not None else None
        return self._lines[name]

    def resources(self, name: str) -> dict[str, dict[str, Any]] | None:
        """Return a chart's resources by `Type/id`; None when it is no bundle."""
        if name not in self._bundles:
            self._bundles[name] = _resources(self.text(name))
        return self._bundles[name]

    @cached_property
    def payers(self) -> tuple[dict[str, Any], ...]:
        """Give the rows of payers.yaml."""
        return tuple(yaml.safe_load(self.text("payers.yaml") or "[]"))

    @cached_property
    def practice(self) -> dict[str, Any]:
        """Give practice.yaml."""
        return dict(yaml.safe_load(self.text("practice.yaml") or "{}"))

    @cached_property
    def claim_files(self) -> tuple[str, ...]:
        """Name the claim files."""
        return tuple(f"claims/{path.name}" for path in sorted((self.folder / "claims").glob("*")) if path.is_file())

    def claims(self, claim_id: str) -> tuple[str, ...]:
        """Name the claim files that hold a claim of this number."""
        return tuple(name for name in self.claim_files if self.claim(name, claim_id))

    def claim(self, name: str, claim_id: str) -> tuple[list[str], ...]:
        """Return the elements of each segment of a claim; nothing when the file does not hold it."""
        file = self.x12(name)
        for place, segment in enumerate(file.segments if file else ()):
            if file is not None and file.elements(segment)[:2] == ["CLM", claim_id]:
                return tuple(file.elements(inner) for inner in file.claim_around(place + 1))
        return ()


def attachment(resource: dict[str, Any]) -> str | None:
    """Return the plain text a DocumentReference carries; None when it carries none that can be read as text."""
    for content in resource.get("content", ()):
        found = content.get("attachment", {})
        if found.get("contentType") == "text/plain" and "data" in found:
            return base64.b64decode(found["data"]).decode("utf-8", errors="replace")
    return None


def _segments(text: str | None) -> X12 | None:
    start = text.find("ISA") if text is not None else -1
    if text is None or start < 0 or len(text) < start + 106:
        return None
    separator, terminator = text[start + 3], text[start + 105]
    found = (segment.strip() for segment in text[start:].split(terminator))
    return X12(tuple(segment for segment in found if segment), separator)


def _resources(text: str | None) -> dict[str, dict[str, Any]] | None:
    if text is None:
        return None
    entries = json.loads(text).get("entry", ())
    found = [entry["resource"] for entry in entries if "resource" in entry]
    return {f"{resource.get('resourceType')}/{resource.get('id')}": resource for resource in found}
