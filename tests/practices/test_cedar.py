"""The sample practice: rendered as specified, balanced, and labelled line by line."""

import base64
import csv
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from plain_835 import Transaction, read_835, segments_of

from evals.practices.building.reading import read_spec
from evals.practices.building.rendering import FOLDER, prepare, render

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar"
REMITS = sorted((CEDAR / FOLDER / "remits").iterdir())
MUST_OCCUR_TWICE = (
    "auth-units-mismatch auth-number-not-on-claim auth-for-other-code auth-for-other-provider-or-site auth-expired "
    "auth-never-obtained auth-denied-before-service diagnosis-not-authorized-indication auth-valid-payer-error "
    "auth-not-in-force billed-units-wrong waste-units-wrong jw-jz-missing mue-exceeded-dose-right code-deleted "
    "code-not-yet-effective ndc-missing-or-invalid filed-in-time-proof-exists filed-late duplicate-of-paid-claim "
    "repeat-line-called-duplicate coverage-terminated other-payer-primary records-request-unanswered unknown"
).split()


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CEDAR / name).read_text(encoding="utf-8").splitlines()]


LABELS = rows("labels.jsonl")
DECOYS = rows("decoys.jsonl")


def transactions() -> dict[str, list[Transaction]]:
    return {path.name: read_835(path.read_bytes()) for path in REMITS}


def key_of(row: dict[str, Any]) -> tuple[str, ...]:
    line = row["line"]
    if line is None:
        return row["claim_id"], row["payer_claim_number"], row["trace_number"], "claim"
    code = "-".join([line["hcpcs"], *line["modifiers"]])
    return (
        row["claim_id"],
        row["payer_claim_number"],
        row["trace_number"],
        code,
        str(Decimal(line["charge"]).normalize()),
    )


def test_the_folder_is_what_its_specification_renders_to_the_byte() -> None:
    files = render(read_spec(CEDAR / "spec"))
    on_disk = {
        path.relative_to(CEDAR).as_posix(): path.read_bytes()
        for path in [*(CEDAR / FOLDER).rglob("*"), CEDAR / "labels.jsonl", CEDAR / "decoys.jsonl"]
        if path.is_file()
    }
    assert sorted(files) == sorted(on_disk)
    assert [name for name in files if files[name] != on_disk[name]] == []


@pytest.mark.parametrize("path", REMITS, ids=lambda path: path.name)
def test_every_remit_balances_at_line_claim_and_payment(path: Path) -> None:
    for transaction in read_835(path.read_bytes()):
        assert transaction.segments == transaction.declared
        for claim in transaction.claims:
            for line in claim.lines:
                assert line.charge == line.paid + line.adjustments, (claim.claim_id, line.code)
            if claim.lines:
                assert claim.charge == sum(line.charge for line in claim.lines), claim.claim_id
            taken = claim.adjustments + sum((line.adjustments for line in claim.lines), Decimal(0))
            assert claim.charge == claim.paid + taken, claim.claim_id
        paid = sum((claim.paid for claim in transaction.claims), Decimal(0))
        assert transaction.paid == paid - transaction.plb


def test_every_answered_line_is_labelled_or_a_decoy_exactly_once() -> None:
    answered: Counter[tuple[str, ...]] = Counter()
    seen: set[str] = set()
    for found in transactions().values():
        for transaction in found:
            if transaction.trace in seen:
                continue
            seen.add(transaction.trace)
            for claim in transaction.claims:
                if claim.status == "22":
                    continue
                head = (claim.claim_id, claim.icn, transaction.trace)
                answered.update((*head, line.code, str(line.charge.normalize())) for line in claim.lines)
                if not claim.lines:
                    answered[*head, "claim"] += 1
    assert answered == Counter(key_of(row) for row in [*LABELS, *DECOYS])


@pytest.mark.parametrize("name", ["labels.jsonl", "decoys.jsonl"])
def test_every_row_stands_in_each_remit_file_it_names(name: str) -> None:
    found = transactions()
    for row in rows(name):
        for file in row["remit_files"]:
            claims = [c for t in found[file] if t.trace == row["trace_number"] for c in t.claims]
            mine = [c for c in claims if (c.claim_id, c.icn) == (row["claim_id"], row["payer_claim_number"])]
            assert mine, row["case"]
            if row["line"] is not None:
                assert row["line"]["line_control"] in [line.control for claim in mine for line in claim.lines]


def test_there_are_sixty_denied_lines_and_sixty_that_are_none() -> None:
    assert len(LABELS) >= 60
    assert len(DECOYS) >= 60
    causes = Counter(row["root_cause"] for row in LABELS)
    assert [cause for cause in MUST_OCCUR_TWICE if causes[cause] < 2] == []


def test_four_lines_of_business_and_twenty_patients() -> None:
    payers = yaml.safe_load((CEDAR / FOLDER / "payers.yaml").read_text(encoding="utf-8"))
    assert len({row["line_of_business"] for row in payers}) == 4
    assert {row["payer_id"] for row in LABELS} == {row["id"] for row in payers}
    assert len({case.patient for case in read_spec(CEDAR / "spec").cases}) == 20


def test_the_seed_case_is_a_mismatch_of_200_and_400_units() -> None:
    (seed,) = [row for row in LABELS if row["case"] == "auth-units-seed"]
    assert (seed["root_cause"], seed["remedy"], seed["then"]) == (
        "auth-units-mismatch",
        "authorization_fix",
        "reconsideration",
    )
    assert seed["auth_number"] == "A-1"
    assert seed["policy_id"] == "CHP-ONC-014"
    assert seed["line"]["service_date"] == "2026-03-16"
    assert seed["binding_deadline"] == {"action": "authorization_fix", "date": "2026-05-15"}


def test_what_needs_a_person_is_routed_to_one() -> None:
    limit = Decimal("25000.00")
    for row in LABELS:
        needs_person = (
            row["root_cause"] == "unknown"
            or row["remedy"] in {"write_off", "bill_patient", "refund"}
            or Decimal(row["amount_at_stake"]) > limit
        )
        assert row["route"] == "review" or not needs_person, row["case"]
        assert (row["route"] == "review") == bool(row["review_reasons"]), row["case"]


def test_no_clock_of_an_open_label_had_run_out_when_the_folder_was_made() -> None:
    as_of = date(2026, 5, 1)
    for row in LABELS:
        binding = row["binding_deadline"]
        assert binding is None or date.fromisoformat(binding["date"]) > as_of, row["case"]


def test_charts_are_collections_whose_notes_can_be_read() -> None:
    charts = sorted((CEDAR / FOLDER / "charts").glob("*.json"))
    named = {row["chart"] for row in LABELS if row["chart"]}
    assert named <= {f"charts/{path.name}" for path in charts}
    for path in charts:
        bundle = json.loads(path.read_text(encoding="utf-8"))
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
        resources = [entry["resource"] for entry in bundle["entry"]]
        assert len({(r["resourceType"], r["id"]) for r in resources}) == len(resources)
        for document in (r for r in resources if r["resourceType"] == "DocumentReference"):
            attachment = document["content"][0]["attachment"]
            data = base64.b64decode(attachment["data"])
            assert data.startswith(b"%PDF-") == (attachment["contentType"] == "application/pdf")


def test_one_chart_is_nobodys_and_one_patient_has_none() -> None:
    charts = {f"charts/{path.name}" for path in (CEDAR / FOLDER / "charts").glob("*.json")}
    spec = read_spec(CEDAR / "spec")
    charted = {f"charts/ced10099-{name}.json" for name in ("finch",)}
    assert charted <= charts
    assert "finch" not in {case.patient for case in spec.cases}
    assert [row for row in LABELS if row["chart"] is None and row["payer_id"] == "CASC1"]


def test_every_answered_claim_has_its_837_but_for_three() -> None:
    submitted = {
        row[1]
        for path in (CEDAR / FOLDER / "claims").iterdir()
        for row in segments_of(path.read_bytes())
        if row[0] == "CLM"
    }
    answered = {claim.claim_id for found in transactions().values() for t in found for claim in t.claims}
    assert submitted <= answered
    assert sorted(answered - submitted) == ["CED26-0128", "CED26-0206V", "CED26-0208"]


def test_every_document_that_an_authorization_names_is_in_a_chart() -> None:
    named: set[str] = set()
    for path in (CEDAR / FOLDER / "auths").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as source:
            named |= {row["document"] for row in csv.DictReader(source) if row["document"]}
    charted = {
        entry["resource"]["id"]
        for path in (CEDAR / FOLDER / "charts").glob("*.json")
        for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]
    }
    assert len(named) >= 10
    assert named <= charted


def test_paid_lines_of_the_contracted_payer_are_allowed_at_the_contracted_rate() -> None:
    with (CEDAR / FOLDER / "contracts" / "cascade.csv").open(newline="", encoding="utf-8") as source:
        rates = {row["hcpcs"]: Decimal(row["rate"]) for row in csv.DictReader(source) if row["start_date"] >= "2026"}
    for claim in prepare(read_spec(CEDAR / "spec")).settled:
        for line in claim.lines:
            if claim.case.payer == "CASC1" and line.line.code in rates and line.answer.allowed is not None:
                assert line.allowed == rates[line.line.code] * line.units_paid, claim.case.id
