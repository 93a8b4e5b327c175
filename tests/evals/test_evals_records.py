"""The form of records, the rules they obey by themselves, and the files they name."""

import hashlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from eval_builders import CLAIM, raw_record, record

from evals.exported import as_exported, read_export
from evals.scorers.products import score_products
from evals.scorers.validity import score_validity

LIMITS = {"review": {"min_confidence": 0.9, "max_amount_without_review": "1000.00"}}


def faults(**changed: Any) -> str:
    return "; ".join(score_validity(as_exported(1, raw_record(**changed)), LIMITS))


def test_a_sound_record_has_no_faults() -> None:
    assert faults() == ""


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"amount_at_stake": "4,00"}, "schema: amount_at_stake"),
        ({"root_cause": "nearest-guess"}, "schema: root_cause"),
        ({"line__service_date": "16.03.2026"}, "schema: line.service_date"),
        ({"root_cause": "unknown", "category": "unknown"}, "rule 2: the cause is unknown"),
        ({"remedy": "write_off"}, "rule 2: write_off"),
        ({"remedy": "bill_patient"}, "rule 2: bill_patient"),
        ({"confidence": 0.89}, "below the practice's limit"),
        ({"amount_at_stake": "1000.01"}, "above the practice's limit"),
        ({"review_reasons": [{"code": "c", "says": "s"}]}, "straight through with review reasons"),
        ({"route": "review"}, "to review without a reason"),
        ({"category": "unknown"}, "category unknown with root cause"),
    ],
)
def test_each_fault_of_form_is_said(changed: dict[str, Any], fault: str) -> None:
    assert fault in faults(**changed)


def test_a_practice_may_let_nothing_go_by_itself() -> None:
    found = score_validity(as_exported(1, raw_record()), {"review": {"straight_through": False}})

    assert found == ("the practice lets nothing go straight through",)


def test_an_export_line_that_is_no_record_is_kept_with_its_problem(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"denial_id": "x"}\n\n', encoding="utf-8")

    (found,) = read_export(path)

    assert found.record is None
    assert found.problem is not None
    assert any("unreadable" in fault for fault in score_validity(found, LIMITS))


@pytest.mark.parametrize("text", ["[]\n", "{\n"])
def test_an_export_that_is_not_json_lines_is_refused_by_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"records\.jsonl:1"):
        read_export(path)


def test_fields_that_were_added_are_left_alone() -> None:
    assert faults(mood="good") == ""


def made(home: Path, kind: str, name: str, data: bytes) -> dict[str, Any]:
    (home / name).write_bytes(data)
    return {kind: {"path": name, "sha256": hashlib.sha256(data).hexdigest()}}


def pdf(home: Path) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(home / "blank.pdf")
    return (home / "blank.pdf").read_bytes()


def test_files_that_are_there_and_open_are_sound(tmp_path: Path) -> None:
    products = {
        **made(tmp_path, "letter", "letter.pdf", pdf(tmp_path)),
        **made(tmp_path, "corrected_claim", "claim.837", CLAIM.encode()),
    }

    assert score_products(record(products=products), tmp_path) == ()


@pytest.mark.parametrize(
    ("kind", "data", "problem"),
    [
        ("letter", b"%PDF-1.7 torn", "does not open"),
        ("letter", b"Dear payer", "neither PDF nor claim"),
        ("corrected_claim", b"ISA*", "does not begin with an ISA"),
        ("corrected_claim", CLAIM.replace("SE*13", "SE*12").encode(), "SE counts 12 segments, there are 13"),
        ("corrected_claim", CLAIM.replace("IEA*1*000000001~", "").encode(), "does not end with IEA"),
    ],
)
def test_a_file_that_is_no_good_is_said(tmp_path: Path, kind: str, data: bytes, problem: str) -> None:
    (found,) = score_products(record(products=made(tmp_path, kind, "file", data)), tmp_path)

    assert problem in found


def test_a_file_that_is_gone_changed_or_outside_is_said(tmp_path: Path) -> None:
    products = made(tmp_path, "letter", "letter.pdf", pdf(tmp_path))
    (tmp_path / "letter.pdf").write_bytes(b"%PDF other")
    gone = {"letter": {"path": "none.pdf", "sha256": "0"}}
    outside = {"letter": {"path": "../../letter.pdf", "sha256": "0"}}

    assert "is not the file recorded" in score_products(record(products=products), tmp_path)[0]
    assert score_products(record(products=gone), tmp_path) == ("letter: no file none.pdf",)
    assert score_products(record(products=outside), tmp_path) == ("letter: no file ../../letter.pdf",)


def test_work_that_goes_out_by_itself_has_a_file(tmp_path: Path) -> None:
    assert score_products(record(), tmp_path) == ("reconsideration goes straight through and no file was made",)
    assert score_products(record(remedy="contact_payer"), tmp_path) == ()
    assert score_products(record(route="review"), tmp_path) == ()
    assert score_products(record(status="won"), tmp_path) == ()
