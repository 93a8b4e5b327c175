"""Bytes to JSON values, with every way that can fail told as a finding."""

import json
from decimal import Decimal, InvalidOperation

from knowledge.types.reading import ReadingFinding, Severity

MAX_BYTES = 64 * 1024 * 1024
"""A chart file larger than this is not opened: 64 MiB holds several hundred scanned pages."""


def decode_json(data: bytes, file: str) -> tuple[object, tuple[ReadingFinding, ...]]:
    """Decode one JSON document; numbers become Decimals and NaN or Infinity become None.

    Returns the value and what was noticed. With an `error` finding the value is None.
    """
    if len(data) > MAX_BYTES:
        says = f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read. Split the chart by date."
        return None, (_finding("error", "file-too-large", says, file),)
    text, findings = _decode_text(data, file)
    try:
        value: object = json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_not_a_number, strict=False
        )
    except json.JSONDecodeError as error:
        where = f"{file}:{error.lineno}:{error.colno}"
        says = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}. Export the chart again."
        return None, (*findings, _finding("error", "not-json", says, file, where))
    except RecursionError:
        says = "the JSON is nested deeper than any FHIR resource. It was not read."
        return None, (*findings, _finding("error", "nested-too-deep", says, file))
    return value, findings


def _decode_text(data: bytes, file: str) -> tuple[str, tuple[ReadingFinding, ...]]:
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        says = f"not {encoding} at byte {error.start}; read as latin-1, so accented letters may be wrong."
        return data.decode("latin-1"), (_finding("warning", "not-utf-8", says, file, f"byte {error.start}"),)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what any number type holds
        return None


def _not_a_number(_name: str) -> None:
    """Stand for NaN and Infinity, which JSON does not have: a number nobody can read is unknown."""


def _finding(severity: Severity, code: str, says: str, file: str, where: str = "") -> ReadingFinding:
    return ReadingFinding(severity, code, says, file, where=where or file)
