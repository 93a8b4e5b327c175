import csv
import re
from datetime import date
from pathlib import Path

import pytest

from knowledge.codes import Carc, CodeTableError, load_codes
from knowledge.codes.sources import HERE, read_sources, read_table

CODES = load_codes()


def test_every_table_has_a_source_and_every_data_file_is_a_table() -> None:
    assert {source.file for source in CODES.sources.values()} == {path.name for path in HERE.glob("*.csv")}
    assert CODES.table_date("mue") == date(2024, 7, 1)


def test_tables_are_loaded_once() -> None:
    assert load_codes() is CODES


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("15", date(2026, 1, 1), ("284", "296")),
        ("15", date(2018, 5, 1), ("15",)),
        ("138", date(2026, 1, 1), ("285", "286")),
        ("57", date(2026, 1, 1), ("150", "151", "152", "153", "154")),
        ("25", date(2026, 1, 1), ()),
        ("197", date(2026, 1, 1), ("197",)),
        ("998", date(2026, 1, 1), ()),
    ],
)
def test_a_retired_reason_is_mapped_to_its_successors(code: str, on: date, expected: tuple[str, ...]) -> None:
    assert CODES.carc.current(code, on) == expected


def test_a_retired_reason_is_classified_by_its_successors() -> None:
    assert {row.code for row in CODES.carc.classify_as("15")} == {"284", "296"}
    assert [row.nature for row in CODES.carc.classify_as("42")] == ["contractual"]
    assert CODES.carc.classify_as("998") == ()


def test_successors_of_retired_reasons_are_themselves_in_force() -> None:
    for code in CODES.carc_codes:
        row = CODES.carc.lookup(code)
        assert row is not None
        for successor in row.successors:
            found = CODES.carc.lookup(successor)
            assert found is not None, (code, successor)
            assert not found.retired


def test_reasons_that_demand_a_remark() -> None:
    demanding = {code for code in CODES.carc_codes if (row := CODES.carc.lookup(code)) and row.remark_required}
    expected = "16 96 129 148 201 226 227 234 237 250 251 252 267 A1"
    assert demanding == set(expected.split())


def test_pairs_that_are_no_denial_follow_retired_reasons() -> None:
    assert CODES.non_denials.lookup("PR", "2") is not None
    assert CODES.non_denials.lookup("CO", "197") is None
    assert CODES.non_denials.lookup("CO", "15") is None
    old = CODES.non_denials.lookup("CO", "42")
    assert old is not None
    assert old.only_if == "not_whole_charge"
    assert CODES.non_denials.lookup("PR", "126") is not None  # deductible before 2008


def test_expected_bundles_are_port_draws_flushes_and_supplies() -> None:
    assert CODES.non_denials.expected_bundle("36591") is not None
    assert CODES.non_denials.expected_bundle("A4221") is not None
    assert CODES.non_denials.expected_bundle("96413") is None


def test_alert_remarks_are_told_from_remarks_and_from_unknown_ones() -> None:
    assert CODES.rarc.is_alert("MA01") is True
    assert CODES.rarc.is_alert("N54") is False
    assert CODES.rarc.is_alert("N9999") is None
    assert CODES.rarc.well_formed("N702")
    assert not CODES.rarc.well_formed("X12")


def test_mue_says_of_which_quarter_it_is() -> None:
    found = CODES.mue_limit("J9271", date(2026, 3, 16))
    assert found is not None
    assert (found.value, found.mai, found.same_quarter) == (400, 3, False)
    assert CODES.mue_limit("96376", date(2024, 8, 1)) is not None
    outpatient = CODES.mue_limit("96366", date(2024, 8, 1), "outpatient")
    assert outpatient is not None
    assert (outpatient.value, outpatient.same_quarter) == (24, True)
    assert CODES.mue_limit("J9277", date(2026, 7, 1)) is None


def test_recipes_read_reason_and_remark_together() -> None:
    assert [r.id for r in CODES.recipes.read("CO", "284", {"N54"})] == ["auth-mismatch"]
    assert [r.id for r in CODES.recipes.read("CO", "302", set())] == ["auth-window-ended"]
    assert CODES.recipes.read("CO", "197", set()) == ()


def test_one_initial_administration_code_leads_by_precedence() -> None:
    assert CODES.administration.initial_codes()[0] == "96413"
    assert CODES.administration.lookup("99213") is None


def test_a_bad_row_is_named_by_file_line_and_field(tmp_path: Path) -> None:
    file = tmp_path / "carc.csv"
    file.write_text("code,nature,denial_by_default,category,action\n1,patient,no,x,y\n2,odd,no,x,y\n")
    with pytest.raises(CodeTableError, match=r"carc\.csv:3: nature"):
        read_table(file, Carc)


def test_an_unreadable_source_list_is_named(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("carc: 7\n")
    with pytest.raises(CodeTableError, match=r"sources\.yaml"):
        read_sources(file)


def test_codes_are_unique_except_reused_drug_numbers() -> None:
    for path in HERE.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        if path.name in {"carc.csv", "rarc.csv", "mue.csv", "administration.csv"}:
            assert len({row["code"] for row in rows}) == len(rows)
        for row in rows:
            for cell in row.values():
                assert not re.search(r"\s\s|^\s|\s$", cell or ""), (path.name, row)
