"""What records say of their sources is true of the files, and checkpoints hold no patient."""

import base64
import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cedar_home import CEDAR, practice_of
from home_lives import clock

from agent.office import Office
from knowledge.codes import load_codes
from knowledge.types.record import DenialRecord, RecordEvidence
from tools.chart.pdf_text import pdf_text

PARTS = ("remits", "claims", "acks", "auths", "charts", "coverage", "contracts", "policies")
IN_FILE = re.compile(rf"^((?:{'|'.join(PARTS)})/[^ :]+|payers\.yaml|practice\.yaml)(?::(\d+))?(?: (.*))?$")


@cache
def segments_of(name: str) -> tuple[str, ...]:
    """The segments of an X12 file from 1 on, ISA the first."""
    text = (CEDAR / name).read_bytes().decode("utf-8-sig", "replace")
    text = text[text.index("ISA") :]
    return ("", *(segment.strip() for segment in text.split(text[105]) if segment.strip()))


def fault_of(evidence: RecordEvidence) -> str | None:
    """What is untrue about the source of a statement; None when it stands where it is said to."""
    if evidence.kind == "calculation":
        return None if evidence.source.startswith("calculation ") and evidence.quote is None else "no calculation"
    if evidence.kind == "code_table":
        name = evidence.source.split(" table as of ")[0]
        return None if name in load_codes().sources else f"no code table {name}"
    found = IN_FILE.match(evidence.source)
    if not found or not (CEDAR / found[1]).is_file():
        return "no such file"
    name, row, rest = found[1], found[2], found[3] or ""
    resource = _resource(name, rest.split()[0]) if name.startswith("charts/") else None
    if name.startswith("charts/") and resource is None:
        return "no such resource"
    text = (CEDAR / name).read_bytes().decode("utf-8-sig", "replace") if resource is None else _text(resource)
    if evidence.quote is not None and evidence.quote not in text:
        return "the quote does not stand in the file"
    if (
        row
        and evidence.quote is not None
        and name.endswith(".csv")
        and text.splitlines()[int(row) - 1] != evidence.quote
    ):
        return "the quote is not that row"
    if segment := re.search(r"segment (\d+)", rest):
        return _segment_fault(name, int(segment[1]), evidence.quote)
    return None


def _segment_fault(name: str, number: int, quote: str | None) -> str | None:
    segments = segments_of(name)
    if number >= len(segments):
        return "the file has no such segment"
    if quote is not None and quote not in segments[number : number + 60]:
        return "the quote does not stand at or soon after that segment"
    return None


def _resource(name: str, reference: str) -> dict[str, Any] | None:
    kind, identity = reference.split("/")
    entries = json.loads((CEDAR / name).read_text())["entry"]
    resources = [entry["resource"] for entry in entries]
    return next((r for r in resources if (r["resourceType"], r.get("id")) == (kind, identity)), None)


def _text(resource: dict[str, Any]) -> str:
    """What a resource says in words: a document's own text, else the resource as it stands."""
    if resource["resourceType"] != "DocumentReference":
        return json.dumps(resource, ensure_ascii=False)
    data = base64.b64decode(resource["content"][0]["attachment"]["data"])
    return pdf_text(data) if data.startswith(b"%PDF-") else data.decode("utf-8", "replace")


def test_every_statement_stands_where_the_record_says_it_does(cedar_records: tuple[DenialRecord, ...]) -> None:
    checked = [
        (record.remit.claim_id, evidence.source, evidence.quote, fault_of(evidence))
        for record in cedar_records
        for evidence in record.evidence
    ]
    assert len(checked) > 400
    assert [line for line in checked if line[-1]] == []


def test_the_check_itself_finds_a_wrong_row_segment_resource_and_quote() -> None:
    def evidence(source: str, quote: str | None = None, kind: str = "remit") -> RecordEvidence:
        return RecordEvidence.model_validate({"id": "E1", "kind": kind, "source": source, "quote": quote, "says": ""})

    row = (CEDAR / "auths" / "cascade.csv").read_text().splitlines()[1]
    assert fault_of(evidence("auths/cascade.csv:2", row)) is None
    assert fault_of(evidence("auths/cascade.csv:3", row)) == "the quote is not that row"
    assert fault_of(evidence("remits/CHP_ERA_0403.txt segment 22", "CAS*CO*198*22800")) is None
    assert fault_of(evidence("remits/CHP_ERA_0403.txt segment 30", "CAS*CO*198*22800")) is not None
    assert fault_of(evidence("remits/CHP_ERA_0403.txt segment 22", "CAS*CO*198*1")) is not None
    assert fault_of(evidence("charts/ced10018-okafor.json Observation/none")) == "no such resource"
    assert fault_of(evidence("remits/none.835 segment 1")) == "no such file"


def test_every_file_a_record_links_to_exists(cedar_records: tuple[DenialRecord, ...]) -> None:
    numbers = {
        row["auth_number"]
        for path in (CEDAR / "auths").iterdir()
        for row in csv.DictReader(path.read_text().splitlines())
    }
    for record in cedar_records:
        links = record.links
        assert (CEDAR / record.remit.file).is_file()
        assert links.claim_file is None or (CEDAR / links.claim_file.value).is_file()
        assert links.auth_number is None or links.auth_number.value in numbers, record.denial_id


@cache
def patient_words() -> frozenset[str]:
    """Names, member ids and birth dates of everyone in the sample practice."""
    words: set[str] = set()
    for path in (CEDAR / "charts").iterdir():
        for entry in json.loads(path.read_text())["entry"]:
            resource = entry["resource"]
            if resource["resourceType"] == "Patient":
                words |= {name["family"] for name in resource["name"]}
                words |= {given for name in resource["name"] for given in name["given"]}
                words |= {identifier["value"] for identifier in resource.get("identifier", ())}
                words.add(resource["birthDate"])
    for row in csv.DictReader((CEDAR / "coverage" / "verified.csv").read_text().splitlines()):
        words |= {row["member_id"], row["patient_last"], row["birth_date"]}
    return frozenset(words)


@pytest.mark.parametrize("decision", ["approve", "edit"])
def test_checkpoints_hold_no_patient_before_and_after_a_review_that_names_one(home: Path, decision: Any) -> None:
    with Office.open(home, clock) as office:
        practice_id = practice_of(office)
        case = next(r for r in office.records_of(practice_id) if r.status == "in_review")
        changes = {"remedy": "appeal", "then": None, "note": "Grace Okafor, CHP400118"} if decision == "edit" else None
        office.review(
            practice_id,
            case.denial_id,
            key="k1",
            decision=decision,
            reason="called Grace Okafor, born 1958, member CHP400118",
            by="biller",
            changes=changes,
        )
        found = {
            word
            for path in home.glob("checkpoints.db*")
            for data in [path.read_bytes().lower()]
            for word in patient_words()
            if word.lower().encode() in data
        }
    assert len(patient_words()) > 60
    assert found == set()
