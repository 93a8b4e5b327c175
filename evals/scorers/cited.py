"""Open a cited source by what its reference names: segment, row, resource, section, setting, table row."""

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

import knowledge.codes
from evals.scorers.documents import X12, Documents, attachment

_TABLES = Path(knowledge.codes.__file__).parent


class Opened(NamedTuple):
    """A source found. `texts` are where a quote may stand; `wide` is all that a statement about it may rest on.

    `states` False = what is said of this source is reckoned from it and cannot be looked up in it.
    """

    texts: tuple[str, ...]
    wide: str
    states: bool = True

    def holds(self, quote: str) -> bool:
        """Say whether a quote stands in it, word for word; line breaks in the source count as spaces."""
        wanted = " ".join(quote.split())
        return any(wanted in " ".join(text.split()) for text in self.texts)


class Unopened(NamedTuple):
    """A source that is not there (`there` False), or that cannot be opened here (None)."""

    there: bool | None
    why: str


def x12_segment(documents: Documents, source: str) -> Opened | Unopened:
    """Open "file ... segment N", for a claim or line "file claim ID line N (segment N)"."""
    asked = re.fullmatch(r"(\S+)(?: claim (\S+?))?(?: line (\d+))? \(?segment (\d+)\)?", source)
    if asked is None:
        return Unopened(False, "names no file and segment")
    name, claim_id, line, number = asked[1], asked[2], asked[3], int(asked[4])
    file = documents.x12(name)
    if file is None:
        return Unopened(False, "no such X12 file in the folder")
    if not 1 <= number <= len(file.segments):
        return Unopened(False, f"the file has {len(file.segments)} segments")
    around = file.claim_around(number)
    if claim_id is not None and not any(file.elements(s)[:2] == ["CLM", claim_id] for s in around):
        return Unopened(False, f"segment {number} does not belong to claim {claim_id}")
    if line is not None and file.elements(file.segments[number - 1])[:2] != ["LX", line]:
        return Unopened(False, f"segment {number} does not begin line {line}")
    return Opened(around, " ".join((*_header(file), *around)))


def table_row(documents: Documents, source: str) -> Opened | Unopened:
    """Open "file.csv:N", the N-th line of the file."""
    asked = re.fullmatch(r"(\S+\.csv):(\d+)", source)
    if asked is None:
        return Unopened(False, "names no CSV file and line")
    lines = documents.lines(asked[1])
    if lines is None or not 1 < int(asked[2]) <= len(lines):
        return Unopened(False, "no such file or line in the folder")
    row = lines[int(asked[2]) - 1]
    return Opened((row,), row)


def chart_resource(documents: Documents, source: str) -> Opened | Unopened:
    """Open "charts/file.json Type/id"."""
    name, _, resource_id = source.partition(" ")
    resources = documents.resources(name)
    if resources is None:
        return Unopened(False, "no such chart in the folder")
    resource = resources.get(resource_id.strip())
    if resource is None:
        return Unopened(False, "the chart has no such resource")
    text = attachment(resource)
    if text is None and resource.get("resourceType") == "DocumentReference":
        return Unopened(None, "the document is no plain text: its words are not read here")
    raw = json.dumps(resource, ensure_ascii=False)
    return Opened((text or raw, *_strings(resource)), f"{raw} {text or ''}")


def policy_section(documents: Documents, source: str) -> Opened | Unopened:
    """Open a policy by its file or its id; the words after it must be a heading, when there are any."""
    name, _, section = source.partition(" ")
    paths = sorted((documents.folder / "policies").glob("*.md"))
    texts = {f"policies/{path.name}": path.read_text(encoding="utf-8") for path in paths}
    by_id = (text for text in texts.values() if re.search(rf"(?m)^policy_id:\s*{re.escape(name)}\s*$", text))
    text = texts.get(name) or next(by_id, None)
    if text is None:
        return Unopened(False, "no such policy in the folder")
    heading = section.removeprefix("section").strip(' ":,§')
    if heading and heading not in text:
        return Unopened(False, f"the policy has no section {heading}")
    return Opened((text,), text)


def contract_or_setting(documents: Documents, source: str) -> Opened | Unopened:
    """Open "contracts/file.csv:N", or "payers.yaml:N PAYER setting"."""
    if source.startswith("contracts/"):
        return table_row(documents, source)
    asked = re.match(r"payers\.yaml(?::(\d+))? (\S+) (\w+)", source)
    if asked is None:
        return Unopened(False, "names no file and row")
    row = next((row for row in documents.payers if row.get("id") == asked[2]), None)
    if row is None or asked[3] not in row:
        return Unopened(False, f"payers.yaml has no {asked[3]} for {asked[2]}")
    lines = documents.lines("payers.yaml") or ()
    if asked[1] and f"id: {asked[2]}" not in "".join(lines[int(asked[1]) - 1 : int(asked[1])]):
        return Unopened(False, f"line {asked[1]} does not begin the entry of {asked[2]}")
    return Opened((), json.dumps(row, default=str), states=False)


def code_row(documents: Documents, source: str) -> Opened | Unopened:
    """Open "name table as of DATE, row CODE" among the code tables beside the code."""
    asked = re.fullmatch(r"(\w+) table as of (\S+), row (\S+)", source)
    if asked is None:
        return Unopened(False, "names no table and row")
    table, as_of, code = asked[1], asked[2], asked[3]
    entry = _sources().get(table)
    if entry is None:
        return Unopened(False, f"there is no table {table}")
    if str(entry["as_of"]) != as_of:
        return Unopened(False, f"the table stands for {entry['as_of']}")
    rows = [row for row in _rows(table) if code in row]
    if not rows:
        return Unopened(False, f"the table has no row {code}")
    return Opened(tuple(" ".join(row) for row in rows), " ".join((as_of, *(" ".join(row) for row in rows))))


def _header(file: X12) -> tuple[str, ...]:
    """Return what stands before the first claim, and every segment that names the payer or dates the payment."""
    named = ("BPR", "TRN", "DTM", "N1", "NM1", "BHT", "REF", "GS")
    return tuple(segment for segment in file.segments if file.elements(segment)[0] in named)


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(found for inner in value.values() for found in _strings(inner))
    if isinstance(value, list):
        return tuple(found for inner in value for found in _strings(inner))
    return (value,) if isinstance(value, str) else ()


@cache
def _sources() -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load((_TABLES / "sources.yaml").read_text(encoding="utf-8")))


@cache
def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    path = _TABLES / str(_sources()[table]["file"])
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(tuple(row) for row in csv.reader(stream))
