"""Read exported denial records, this product's or another's, and say which lines cannot be read as such."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from knowledge.types.record import DenialRecord


class Exported(NamedTuple):
    """One line of an export: the record, or None with the reason; `raw` as it stood."""

    number: int
    raw: dict[str, Any]
    record: DenialRecord | None
    problem: str | None


def read_export(path: Path) -> tuple[Exported, ...]:
    """Read a JSON Lines file of denial records; added fields are left alone, as the contract allows.

    Raises:
        ValueError: a line is not a JSON object.
    """
    found = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            raw = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path.name}:{number}: not JSON: {error}") from error
        if not isinstance(raw, dict):
            raise ValueError(f"{path.name}:{number}: a record is a JSON object")
        found.append(as_exported(number, raw))
    return tuple(found)


def from_records(records: Iterable[DenialRecord]) -> tuple[Exported, ...]:
    """Take records in hand as if they had been exported."""
    return tuple(
        Exported(number, json.loads(record.model_dump_json()), record, None)
        for number, record in enumerate(records, start=1)
    )


def as_exported(number: int, raw: dict[str, Any]) -> Exported:
    """Read one object as a denial record; what it lacks is the problem, not an error."""
    try:
        return Exported(number, raw, DenialRecord.model_validate_json(json.dumps(raw), extra="ignore"), None)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return Exported(number, raw, None, f"{where}: {first['msg']} ({error.error_count()} in all)")
