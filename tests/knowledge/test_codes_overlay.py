"""Tables loaded into a home lie over the shipped ones row by row, and the newest word counts."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published_files import HCPCS_NAME, MUE_NAME, NDC_NAME, hcpcs, mue, ndc, record

from knowledge.codes import Codes, CodeTableError, load_codes
from knowledge.codes.home_tables import read_loaded
from knowledge.codes.loading import LoadError, Update, update_tables
from knowledge.codes.quarters import nearest, quarter_after, same_quarter

SHIPPED = load_codes()
OCTOBER = date(2026, 10, 1)


def load(folder: Path, data: bytes, name: str = HCPCS_NAME, **options: object) -> Update:
    return update_tables(data, name, folder, known=SHIPPED.hcpcs.codes, **options)  # type: ignore[arg-type]


def codes_with(folder: Path, *records: str, name: str = HCPCS_NAME) -> Codes:
    load(folder, hcpcs(*records), name)
    return load_codes(folder)


def test_nothing_loaded_is_what_ships(tmp_path: Path) -> None:
    assert load_codes(tmp_path / "codes") is SHIPPED
    assert load_codes() is SHIPPED


def test_a_new_code_is_known_from_its_first_day(tmp_path: Path) -> None:
    codes = codes_with(tmp_path, record("J9777", "Injection, inventumab, 5 mg"))
    assert codes.hcpcs.state("J9777", date(2026, 9, 30)).state == "not_yet_effective"
    found = codes.hcpcs.state("J9777", OCTOBER)
    assert found.state == "active"
    assert found.drug is not None
    assert (found.drug.generic, found.drug.unit_qty, found.drug.unit_uom) == ("inventumab", Decimal(5), "mg")
    assert SHIPPED.hcpcs.lookup("J9777", OCTOBER) is None


def test_the_files_days_take_the_place_of_brackets_and_doubts_and_the_doses_stay(tmp_path: Path) -> None:
    codes = codes_with(
        tmp_path,
        record("J9289", "Injection, nivolumab, 2 mg and hyaluronidase-nvhy", added="20250701"),
        record("J9202", "Goserelin acetate implant, per 3.6 mg", added="19940101", terminated="20260930", action="D"),
    )
    assert SHIPPED.hcpcs.state("J9289", date(2025, 7, 1)).state == "unknown"
    assert codes.hcpcs.state("J9289", date(2025, 6, 30)).state == "not_yet_effective"
    assert codes.hcpcs.state("J9289", date(2025, 7, 1)).state == "active"
    assert SHIPPED.hcpcs.state("J9202", date(2026, 8, 1)).state == "unknown"
    assert codes.hcpcs.state("J9202", date(2026, 9, 30)).state == "active"
    assert codes.hcpcs.state("J9202", OCTOBER).state == "deleted"
    then, now = SHIPPED.hcpcs.lookup("J9289", OCTOBER), codes.hcpcs.lookup("J9289", OCTOBER)
    assert then is not None
    assert now is not None
    assert (now.typical_dose, now.container, now.unit_qty) == (then.typical_dose, then.container, then.unit_qty)


def test_a_number_given_to_another_drug_means_each_in_its_time(tmp_path: Path) -> None:
    codes = codes_with(tmp_path, record("J9271", "Injection, inventumab, 5 mg", added="20261001"))
    old, new = codes.hcpcs.lookup("J9271", date(2026, 9, 30)), codes.hcpcs.lookup("J9271", OCTOBER)
    assert old is not None
    assert new is not None
    assert (old.generic, new.generic) == ("pembrolizumab", "inventumab")
    assert codes.hcpcs.state("J9271", OCTOBER).state == "active"


def test_of_a_reused_number_the_file_changes_the_meaning_it_is_about(tmp_path: Path) -> None:
    words = "Injection, amivantamab and hyaluronidase, 5 mg"
    codes = codes_with(tmp_path, record("J9062", words, added="20260401"))
    assert codes.hcpcs.state("J9062", date(2026, 4, 1)).state == "active"
    cisplatin = codes.hcpcs.lookup("J9062", date(2010, 1, 1))
    assert cisplatin is not None
    assert cisplatin.generic == "cisplatin"


def test_a_changed_unit_counts_from_the_day_of_the_change(tmp_path: Path) -> None:
    codes = codes_with(
        tmp_path,
        record("J9305", "Injection, pemetrexed, 5 mg", added="20050101", changed="20261001", action="B"),
    )
    units = [codes.hcpcs.lookup("J9305", day) for day in (date(2026, 9, 30), OCTOBER)]
    assert [row.unit_qty for row in units if row is not None] == [Decimal(10), Decimal(5)]


def test_an_older_file_changes_no_row_of_a_newer_table_but_adds_what_it_lacks(tmp_path: Path) -> None:
    codes = codes_with(
        tmp_path,
        record("J9271", "Injection, pembrolizumab, 1 mg", added="20160101", terminated="20191231"),
        record("J9778", "Injection, fabulimab, 3 mg", added="20190101"),
        name="HCPC2020_JAN_ANWEB.txt",
    )
    assert codes.hcpcs.state("J9271", OCTOBER).state == "active"
    assert codes.hcpcs.state("J9778", date(2020, 2, 1)).state == "active"
    assert codes.source_of("hcpcs", "J9778").as_of == date(2020, 1, 1)
    assert not codes.reaches("hcpcs", "J9778", date(2020, 4, 1))


def test_the_newest_of_several_files_counts_in_whatever_order_they_come(tmp_path: Path) -> None:
    open_row = record("J9777", "Injection, inventumab, 5 mg", added="20260101")
    ended = record("J9777", "Injection, inventumab, 5 mg", added="20260101", terminated="20261231")
    for order, folder in (((0, 1), tmp_path / "a"), ((1, 0), tmp_path / "b")):
        files = [(open_row, HCPCS_NAME), (ended, "HCPC2027_JAN_ANWEB.txt")]
        for index in order:
            load(folder, hcpcs(files[index][0]), files[index][1])
        codes = load_codes(folder)
        assert codes.hcpcs.state("J9777", date(2027, 1, 1)).state == "deleted"
        assert codes.source_of("hcpcs", "J9777").as_of == date(2027, 1, 1)


def test_every_row_knows_its_own_source(tmp_path: Path) -> None:
    codes = codes_with(tmp_path, record("J9271", "Injection, pembrolizumab, 1 mg", added="20160101"))
    assert codes.source_of("hcpcs", "j9271").as_of == OCTOBER
    assert codes.source_of("hcpcs", "J9299").as_of == date(2026, 7, 1)
    assert codes.table_date("hcpcs") == OCTOBER
    assert codes.reaches("hcpcs", "J9271", date(2026, 12, 31))
    assert not codes.reaches("hcpcs", "J9299", OCTOBER)


def test_the_limit_of_the_quarter_of_service_is_taken_for_the_setting(tmp_path: Path) -> None:
    load(tmp_path, mue("J9271,300,3 Clinical,x"), MUE_NAME)
    codes = load_codes(tmp_path)
    now = codes.mue_limit("J9271", date(2026, 11, 1))
    assert now is not None
    assert (now.value, now.same_quarter, now.table_date) == (300, True, OCTOBER)
    then = codes.mue_limit("J9271", date(2024, 8, 1))
    assert then is not None
    assert (then.value, then.same_quarter) == (400, True)
    hospital = codes.mue_limit("J9271", date(2026, 11, 1), "outpatient")
    assert hospital is not None
    assert (hospital.value, hospital.same_quarter) == (400, False)
    assert codes.source_of("mue", "J9271", date(2026, 11, 1), "practitioner").as_of == OCTOBER
    assert codes.source_of("mue", "J9271", date(2026, 11, 1), "outpatient").as_of == date(2024, 7, 1)


def test_a_code_that_is_not_in_the_quarters_table_has_no_limit_in_it(tmp_path: Path) -> None:
    load(tmp_path, mue("96413,1,3 Clinical,x"), MUE_NAME)
    codes = load_codes(tmp_path)
    assert codes.mue_limit("J9271", date(2026, 11, 1)) is None
    assert codes.mue_limit("J9271", date(2024, 8, 1)) is not None


def test_a_package_has_its_code_by_quarter(tmp_path: Path) -> None:
    assert not SHIPPED.ndc.loaded
    assert SHIPPED.ndc.lookup("00006302602", OCTOBER) is None
    one = "J9271,x,Invented Labs,00006-3026-02,Keytruda,1 MG,4,1,100,100"
    two = "J9777,x,Invented Labs,00006-3026-02,Keytruda,1 MG,4,1,100,100"
    load(tmp_path, ndc(one), NDC_NAME)
    load(tmp_path, ndc(one, two, title=""), NDC_NAME.replace("October 2026", "January 2027"))
    codes = load_codes(tmp_path)
    found = codes.ndc.lookup("00006302602", date(2026, 12, 31))
    assert found is not None
    assert (found.code, found.size, found.per_item, found.same_quarter) == ("J9271", Decimal(4), Decimal(100), True)
    earlier = codes.ndc.lookup("00006302602", date(2026, 9, 30))
    assert earlier is not None
    assert not earlier.same_quarter
    # Under two codes in January: none of them is the one.
    assert codes.ndc.lookup("00006302602", date(2027, 1, 1)) is None
    assert [row.code for row in codes.ndc.rows("00006302602", date(2027, 1, 1))] == ["J9271", "J9777"]
    assert codes.ndc.lookup("99999999999", OCTOBER) is None


def test_loading_the_same_again_changes_nothing(tmp_path: Path) -> None:
    data = hcpcs(record("J9777"))
    assert load(tmp_path, data).changed
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    codes = load_codes(tmp_path)
    assert not load(tmp_path, data).changed
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert load_codes(tmp_path) is codes


def test_another_load_of_the_day_takes_the_place_of_the_first_and_changes_the_stamp(tmp_path: Path) -> None:
    first = codes_with(tmp_path, record("J9777"))
    second = codes_with(tmp_path, record("J9778"))
    assert second.hcpcs.lookup("J9777", OCTOBER) is None
    assert second.hcpcs.lookup("J9778", OCTOBER) is not None
    stamps = [{name: source.stamp() for name, source in codes.sources.items()} for codes in (SHIPPED, first, second)]
    assert stamps[0] != stamps[1] != stamps[2]
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".yaml"}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failed_write_leaves_the_tables_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = codes_with(tmp_path, record("J9777"))

    def full(_from: object, _to: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("knowledge.codes.home_tables.os.replace", full)
    with pytest.raises(CodeTableError, match="No space left"):
        load(tmp_path, hcpcs(record("J9778")))
    assert load_codes(tmp_path) is codes


def test_what_ships_is_not_written_to(tmp_path: Path) -> None:
    from knowledge.codes.sources import HERE

    before = {path: path.stat().st_mtime_ns for path in HERE.rglob("*") if path.suffix in (".csv", ".yaml")}
    codes_with(tmp_path, record("J9271", added="20160101"))
    assert {path: path.stat().st_mtime_ns for path in HERE.rglob("*") if path.suffix in (".csv", ".yaml")} == before


@pytest.mark.parametrize("text", ["[", "a: 7\n", "a:\n  file: x\n"])
def test_entries_that_cannot_be_read_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sources.yaml").write_text(text)
    with pytest.raises(CodeTableError, match=r"sources\.yaml"):
        load_codes(tmp_path)


def test_a_stored_table_that_is_gone_is_named_and_can_be_loaded_again(tmp_path: Path) -> None:
    load(tmp_path, hcpcs(record("J9777")))
    (entry,) = read_loaded(tmp_path).values()
    (tmp_path / entry.file).unlink()
    with pytest.raises(CodeTableError, match="hcpcs-2026-10-01"):
        load_codes(tmp_path)
    assert load(tmp_path, hcpcs(record("J9777"))).changed
    assert load_codes(tmp_path).hcpcs.lookup("J9777", OCTOBER) is not None


def test_a_day_that_is_nowhere_said_must_be_given(tmp_path: Path) -> None:
    data = hcpcs(record("J9777"))
    with pytest.raises(LoadError, match="--as-of"):
        load(tmp_path, data, "codes.txt")
    assert load(tmp_path, data, "codes.txt", as_of=OCTOBER).source.as_of == OCTOBER


def test_a_file_more_bad_than_good_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="2 rows cannot be read and 1 can"):
        load(tmp_path, mue("J9271,400,3,x", "x,1,3,x", "y,1,3,x"), MUE_NAME)
    assert load_codes(tmp_path) is SHIPPED
    update = load(tmp_path, mue("J9271,400,3,x", "x,1,3,x"), MUE_NAME)
    assert len(update.faults) == 1


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_a_table_speaks_for_a_quarter(day: date) -> None:
    after = quarter_after(day)
    assert timedelta(days=86) <= after - day <= timedelta(days=92)
    assert not same_quarter(after, day)
    assert same_quarter(after, day) == same_quarter(day, after)


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 7, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2027, 1, 1)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
    ],
)
def test_the_quarter_after_keeps_the_day_where_the_month_has_it(day: date, after: date) -> None:
    assert quarter_after(day) == after


def test_the_nearest_quarter_is_chosen_and_of_two_the_earlier() -> None:
    days = [date(2024, 7, 1), date(2025, 1, 1), date(2026, 10, 1)]
    assert nearest(days, date(2024, 11, 1)) == date(2024, 7, 1)
    assert nearest(days, date(2026, 5, 1)) == date(2026, 10, 1)
    assert nearest([], date(2026, 5, 1)) is None
