"""The tables behind a records answer: what remarks ask for, how documents are coded, how an answer travels."""

import csv
import re
from functools import cache
from pathlib import Path

from knowledge.types.practice import Frozen

HERE = Path(__file__).parent


class DocumentType(Frozen):
    """One sort of record: LOINC attachment code, report type code (PWK01), and the words its title is known by.

    `kind` is what a payer asks for; several types may answer one kind.
    """

    type: str
    kind: str
    words: tuple[str, ...]
    loinc: str
    report_type: str
    says: str
    source: str


class Transmission(Frozen):
    """How an answer travels, and its code (PWK02)."""

    channel: str
    code: str
    says: str
    source: str


def _rows(name: str) -> list[dict[str, str]]:
    text = (HERE / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


@cache
def document_types() -> tuple[DocumentType, ...]:
    """Return every document type, the one for "anything else" last."""
    return tuple(
        DocumentType.model_validate({**row, "words": tuple(word for word in row["words"].split("|") if word)})
        for row in _rows("document_types.csv")
    )


@cache
def asked_by_remark() -> dict[str, tuple[str, ...]]:
    """Return the kinds of record a remark code asks for; a remark not listed names no kind of its own."""
    return {row["remark"]: tuple(row["kinds"].split("|")) for row in _rows("remarks.csv")}


@cache
def asked_by_loinc() -> dict[str, str]:
    """Return the kind of record a LOINC attachment code asks for; one not listed names no kind that is known."""
    return {item.loinc: item.kind for item in document_types() if item.kind}


@cache
def transmission(channel: str) -> Transmission:
    """Return how an answer travels by a channel ("fax", "mail", "portal", "electronic"); KeyError for another."""
    known = {row["channel"]: Transmission.model_validate(row) for row in _rows("transmissions.csv")}
    return known[channel]


@cache
def kinds() -> frozenset[str]:
    """Return every kind of record that can be asked for by name."""
    return frozenset(item.kind for item in document_types() if item.kind)


def of_kind(kind: str, label: str) -> bool:
    """Tell whether a document with this type or title is of a kind: by whole words, so "summary" is no "mar"."""
    return any(_named(item, label) for item in document_types() if item.kind == kind)


def type_of(label: str, kind: str = "") -> DocumentType:
    """Return how a document with this type or title is coded; one that answers `kind` is looked for first."""
    types = document_types()
    of_the_kind = [item for item in types if kind and item.kind == kind]
    found = next((item for item in (*of_the_kind, *types) if _named(item, label)), None)
    return found or (of_the_kind[0] if of_the_kind else types[-1])


def _named(item: DocumentType, label: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}s?\b", label, re.IGNORECASE) for word in item.words)
