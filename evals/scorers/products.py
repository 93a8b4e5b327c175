"""Score the files made: each is there, is the one recorded, and opens; work that goes out by itself has one."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pikepdf
from fhir.resources.R4B.bundle import Bundle

from knowledge.types.record import DenialRecord, RecordProduct

NO_FILE_NEEDED = frozenset({"close", "write_off", "refund", "bill_patient", "hold", "contact_payer"})
"""Remedies that are a decision or a call."""


def score_products(record: DenialRecord, home: Path) -> tuple[str, ...]:
    """Return what is wrong with a record's files below `home`; nothing when all are sound."""
    made: dict[str, RecordProduct | None] = {
        name: getattr(record.products, name) for name in type(record.products).model_fields
    }
    there = {kind: product for kind, product in made.items() if product is not None}
    wrong = [problem for kind, product in there.items() for problem in _check(kind, product, home)]
    open_still = record.status not in ("won", "lost", "closed")
    if record.route == "straight_through" and record.remedy not in NO_FILE_NEEDED and not there and open_still:
        wrong.append(f"{record.remedy} goes straight through and no file was made")
    return tuple(wrong)


def _check(kind: str, product: RecordProduct, home: Path) -> list[str]:
    path = home / product.path
    if not path.resolve().is_relative_to(home.resolve()) or not path.is_file():
        return [f"{kind}: no file {product.path}"]
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != product.sha256:
        return [f"{kind}: {product.path} is not the file recorded (sha256)"]
    if data.startswith(b"%PDF"):
        return _pdf(kind, path)
    if kind == "corrected_claim":
        return _claim(kind, data)
    if kind == "authorization_bundle":
        return _bundle(kind, data)
    if kind == "records_metadata":
        return _records(kind, data)
    return [f"{kind}: {product.path} is neither PDF nor claim"]


def _pdf(kind: str, path: Path) -> list[str]:
    try:
        with pikepdf.open(path) as pdf:
            return [] if len(pdf.pages) else [f"{kind}: {path.name} has no page"]
    except pikepdf.PdfError as error:
        return [f"{kind}: {path.name} does not open: {error}"]


def _bundle(kind: str, data: bytes) -> list[str]:
    """See that it is an R4 bundle, the claim first, whose references are all answered in it."""
    try:
        Bundle.model_validate_json(data)
    except ValueError as error:
        return [f"{kind}: is no FHIR R4 bundle: {error}"]
    entries = json.loads(data)["entry"]
    known = {entry["fullUrl"] for entry in entries}
    dangling = sorted(set(re.findall(r'"reference": "([^"]+)"', data.decode())) - known)
    wrong = [f"{kind}: {reference} is not in the bundle" for reference in dangling]
    return wrong if entries[0]["resource"]["resourceType"] == "Claim" else [*wrong, f"{kind}: the claim is not first"]


def _records(kind: str, data: bytes) -> list[str]:
    """See that every file of a records answer is whole and answers something that was asked for."""
    answer = json.loads(data)
    asked = {resource for item in answer["requested"] for resource in item["resources"]}
    wrong = [f"{kind}: {f['name']} was not asked for" for f in answer["files"] if f["resource"] not in asked]
    for file in answer["files"]:
        if hashlib.sha256(base64.b64decode(file["content"])).hexdigest() != file["sha256"]:
            wrong.append(f"{kind}: {file['name']} is not what its sha256 says")
    return wrong


def _claim(kind: str, data: bytes) -> list[str]:
    """See that it is one whole interchange whose transactions count their segments right."""
    text = data.decode("utf-8", errors="replace").strip()
    if not text.startswith("ISA") or len(text) < 106:
        return [f"{kind}: does not begin with an ISA of 106 characters"]
    separator, terminator = text[3], text[105]
    segments = [segment.strip().split(separator) for segment in text.split(terminator) if segment.strip()]
    if segments[-1][0] != "IEA":
        return [f"{kind}: does not end with IEA"]
    start = 0
    for place, elements in enumerate(segments):
        if elements[0] == "ST":
            start = place
        elif elements[0] == "SE" and elements[1] != str(place - start + 1):
            return [f"{kind}: SE counts {elements[1]} segments, there are {place - start + 1}"]
    return []
