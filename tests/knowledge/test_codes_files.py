"""Published code files are read in their layouts; a bad row is named and harms no other."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from published_files import HCPCS_NAME, MUE_NAME, NDC_NAME, hcpcs, mue, ndc, record, workbook, zip_of

from knowledge.codes.loaded_rows import LoadedDrug, LoadedReason, LoadedRemark
from knowledge.codes.loading import LoadError, parse_file
from knowledge.codes.loading.effective import effective_day
from knowledge.codes.loading.hcpcs_file import read_words
from knowledge.codes.mue import MueRow
from knowledge.codes.ndc import NdcRow

PEMBROLIZUMAB = "J9271,x,Invented Labs,00006-3026-02,Keytruda,1 MG,4,1,100,100"


def test_the_fixed_hcpcs_file_gives_drugs_with_days_and_unit() -> None:
    found = parse_file(
        hcpcs(
            record("A4221", "Supplies for a catheter, per week", betos="D1E"),
            record("J9777", "Injection, inventumab, 5 mg"),
            record("J9778", "Injection, fabulimab", terminated="20261231"),
            record("J9778", "and otherumab, 3 mg", kind="4", betos="", added="", changed="", action=""),
            record("   A1", "A modifier", kind="7"),
            record("99999", "A code of level I"),
        ),
        HCPCS_NAME,
    )
    assert found.kind == "hcpcs"
    assert found.faults == ()
    assert found.passed_over == 3
    first, second = found.rows
    assert first == LoadedDrug(
        code="J9777",
        added=date(2026, 10, 1),
        changed=date(2026, 10, 1),
        action="N",
        generic="inventumab",
        unit_qty=Decimal(5),
        unit_uom="mg",
        unit_text="5 mg",
    )
    assert isinstance(second, LoadedDrug)
    assert (second.generic, second.unit_text, second.terminated) == (
        "fabulimab and otherumab",
        "3 mg",
        date(2026, 12, 31),
    )


def test_a_code_the_shipped_table_knows_is_kept_whatever_its_type_of_service() -> None:
    data = hcpcs(record("Q0138", "Ferumoxytol, 1 mg", betos="P9A"))
    assert parse_file(data, HCPCS_NAME).rows == ()
    assert len(parse_file(data, HCPCS_NAME, known=frozenset({"Q0138"})).rows) == 1


@pytest.mark.parametrize(
    ("words", "drug", "unit"),
    [
        ("Injection, pembrolizumab, 1 mg", "pembrolizumab", (Decimal(1), "mg")),
        ("Injection, leucovorin calcium, per 50 mg", "leucovorin calcium", (Decimal(50), "mg")),
        (
            "Injection, pemetrexed (someone), not therapeutically equivalent to j9305, 10 mg",
            "pemetrexed (someone), not therapeutically equivalent to j9305",
            (Decimal(10), "mg"),
        ),
        (
            "Injection, epoetin alfa, (for non-esrd use), 1000 units",
            "epoetin alfa, (for non-esrd use)",
            (Decimal(1000), "units"),
        ),
        ("Injection, filgrastim, 1 microgram", "filgrastim", (Decimal(1), "mcg")),
        ("Injection, cyclophosphamide, 1 gm", "cyclophosphamide", (Decimal(1), "g")),
        # A combination, or a vial of whatever size, has no one plain unit.
        ("Injection, nivolumab and relatlimab-rmbw, 3 mg/1 mg", "nivolumab and relatlimab-rmbw", (None, None)),
        ("Injection, pegaspargase, per single dose vial", "pegaspargase", (None, None)),
        ("Not otherwise classified, antineoplastic drugs", "not otherwise classified", (None, None)),
    ],
)
def test_the_unit_is_read_from_plain_words_only(words: str, drug: str, unit: tuple[Decimal | None, str | None]) -> None:
    generic, _, quantity, measure = read_words(words)
    assert (generic, (quantity, measure)) == (drug, unit)


def test_the_hcpcs_workbook_and_its_csv_say_the_same() -> None:
    header = ["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "BETOS", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD"]
    row: list[str | int] = ["J9777", 100, 3, "Injection, inventumab, 5 mg", "O1D", 20261001, 20261001, "", "A"]
    book = parse_file(workbook([["October 2026"], list(header), row]), "HCPC2026_OCT_ANWEB.xlsx")
    text = ",".join(header) + "\n" + ",".join(f'"{cell}"' for cell in row) + "\n"
    saved = parse_file(text.encode(), "HCPC2026_OCT_ANWEB.csv")
    assert book.rows == saved.rows
    assert isinstance(book.rows[0], LoadedDrug)
    assert book.rows[0].added == date(2026, 10, 1)


def test_a_workbook_may_hold_day_numbers() -> None:
    header: list[str | int] = ["HCPC", "RECID", "LONG DESCRIPTION", "ADD DT", "TERM DT"]
    (row,) = parse_file(workbook([header, ["J9777", 3, "Injection, inventumab, 5 mg", 46296, ""]]), "x.xlsx").rows
    assert isinstance(row, LoadedDrug)
    assert row.added == date(2026, 10, 1)


@pytest.mark.parametrize("setting", ["practitioner", "outpatient"])
def test_an_mue_table_is_told_by_its_column(setting: str) -> None:
    column = {"practitioner": "Practitioner Services", "outpatient": "Outpatient Hospital Services"}[setting]
    found = parse_file(mue("J9271,400,3 Date of Service Edit: Clinical,x", setting=column), "mue.csv")
    assert (found.kind, found.part) == ("mue", setting)
    assert found.rows == (MueRow(code="J9271", mai=3, **{setting: 400}),)


def test_the_suppliers_mue_table_is_refused() -> None:
    with pytest.raises(LoadError, match="suppliers"):
        parse_file(mue("A4221,1,3,x", setting="DME Supplier Services"), "mue.csv")


def test_the_crosswalk_gives_packages_and_passes_over_what_is_no_ndc() -> None:
    found = parse_file(ndc(PEMBROLIZUMAB, "J7331,x,Devices,1234-5678-9012,Gel,1 MG,1,1,20,20"), NDC_NAME)
    assert found.rows == (
        NdcRow(
            ndc="00006302602",
            code="J9271",
            drug="Keytruda",
            labeler="Invented Labs",
            dosage="1 MG",
            size=Decimal(4),
            quantity=Decimal(1),
            per_item=Decimal(100),
            per_package=Decimal(100),
        ),
    )
    assert (found.faults, found.passed_over) == ((), 1)


def test_a_crosswalk_of_another_payment_method_is_refused_and_in_a_zip_left_alone() -> None:
    other = "section 508 version of October 2026 AWP NDC-HCPCS Crosswalk.csv"
    with pytest.raises(LoadError, match="AWP"):
        parse_file(ndc(PEMBROLIZUMAB), other)
    data = zip_of({other: ndc(PEMBROLIZUMAB, PEMBROLIZUMAB), NDC_NAME: ndc(PEMBROLIZUMAB), "notes.txt": b"Words."})
    assert parse_file(data, "october-2026-ndc-hcpcs-crosswalk.zip").member == NDC_NAME


def test_the_hcpcs_zip_holds_the_table_twice_and_papers_beside_it() -> None:
    header: list[str | int] = ["HCPC", "RECID", "LONG DESCRIPTION", "ADD DT", "TERM DT"]
    data = zip_of(
        {
            "HCPC2026_OCT_ANWEB_09232026.xlsx": workbook([header, ["J9777", 3, "Injection, x, 5 mg", 20261001, ""]]),
            "HCPC2026_OCT_ANWEB_09232026.txt": hcpcs(record("J9777")),
            "HCPC2026_recordlayout.txt": b"NAME   LENGTH  BEG END\n",
            "proc_notes.txt": b"0001 A note.\n",
        }
    )
    assert len(parse_file(data, "october-2026-alpha-numeric-hcpcs-file.zip").rows) == 1


def test_a_zip_of_several_tables_is_not_guessed_at() -> None:
    data = zip_of({"a.csv": mue("J9271,400,3,x"), "b.csv": mue("J9271,400,3,x", setting="Outpatient Services")})
    with pytest.raises(LoadError, match=r"a\.csv \(mue\), b\.csv \(mue\)"):
        parse_file(data, "mue.zip")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no table that is known"),
        (b"Dear sir,\nhello\n", "no table that is known"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0 old", "save the sheet as CSV"),
        (zip_of({"readme.pdf": b"%PDF"}), "no table that is known"),
        (workbook([["nothing", "here"]]), "no table that is known"),
        (zip_of({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"<broken"}), "save the sheet as CSV"),
    ],
)
def test_what_is_no_code_table_is_said_to_be_none(data: bytes, says: str) -> None:
    with pytest.raises(LoadError, match=says):
        parse_file(data, "file")


def test_reasons_and_remarks_are_told_apart_by_their_codes() -> None:
    reasons = parse_file(b"Code,Start,Stop,Description\n15,1995-01-01,20180501,Our words\nB7,1/1/1995,,Ours\n", "r.csv")
    assert reasons.kind == "carc"
    assert reasons.rows[0] == LoadedReason(
        code="15", start=date(1995, 1, 1), stop=date(2018, 5, 1), meaning="Our words"
    )
    remarks = parse_file(b"code\tstart\tmeaning\talert\nMA01\t1997-01-01\tTell them\tyes\nN54\t\tBad\tno\n", "r.tsv")
    assert remarks.kind == "rarc"
    assert remarks.rows[1] == LoadedRemark(code="N54", meaning="Bad", alert=False)


def test_own_words_may_hold_commas_quotes_and_line_breaks() -> None:
    data = b'code,start,meaning\n15,1995-01-01,"Said ""no"",\nand meant it"\n16,1995-01-01,Short\n'
    found = parse_file(data, "r.csv")
    assert [row.meaning for row in found.rows if isinstance(row, LoadedReason)] == ['Said "no", and meant it', "Short"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["J9271,4O0,3 Clinical,x"], "6: MUE value: '4O0' is no whole number"),
        (["J9271,400,4 New,x"], "6: MUE adjudication indicator: '4 New' does not begin with 1, 2 or 3"),
        (["J92,400,3,x"], "6: HCPCS/CPT code: 'J92' is no code"),
        (["J9271,400"], "6: MUE adjudication indicator: '' does not begin"),
        (['J9271,"400,3,x'], "6: MUE adjudication indicator"),
    ],
)
def test_a_bad_row_is_named_by_file_row_and_column_and_the_others_are_kept(rows: list[str], fault: str) -> None:
    found = parse_file(mue(*rows, "96413,1,3,x", "96415,8,3,x"), MUE_NAME)
    assert [row.code for row in found.rows if isinstance(row, MueRow)] == ["96413", "96415"]
    (told,) = found.faults
    assert str(told).startswith(f"{MUE_NAME}:{fault}")


def test_rows_that_contradict_each_other_are_all_left_out() -> None:
    found = parse_file(mue("J9271,400,3,x", "J9271,200,3,x", "96413,1,3,x", "96413,1,3,x"), MUE_NAME)
    assert [row.code for row in found.rows if isinstance(row, MueRow)] == ["96413"]
    assert [fault.row for fault in found.faults] == [6, 7]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"added": "2026AB01"}, "added: '2026AB01' is no date"),
        ({"added": "20260231"}, "added: '20260231' is no day of the calendar"),
        ({"added": "20261001", "terminated": "20250101"}, "terminated: the last day 2025-01-01 is before the first"),
    ],
)
def test_a_bad_date_leaves_the_record_out(change: dict[str, str], says: str) -> None:
    found = parse_file(hcpcs(record("J9777", **change), record("J9778")), HCPCS_NAME)
    assert [row.code for row in found.rows if isinstance(row, LoadedDrug)] == ["J9778"]
    assert says in str(found.faults[0])


def test_a_record_that_is_cut_off_does_not_pass_for_an_open_one() -> None:
    found = parse_file(hcpcs(record("J9777", terminated="20261231")[:284], record("J9778")), HCPCS_NAME)
    assert [row.code for row in found.rows if isinstance(row, LoadedDrug)] == ["J9778"]
    assert "ends in column 284" in str(found.faults[0])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", date(2026, 10, 1)),
        ("HCPC2026_OCT_ANWEB_09232026.txt", date(2026, 10, 1)),
        ("october-2026-alpha-numeric-hcpcs-file.zip", date(2026, 10, 1)),
        ("section 508 version of January 2027 ASP NDC-HCPCS Crosswalk 121726.csv", date(2027, 1, 1)),
        ("carc_2026-11-01.csv", date(2026, 11, 1)),
        ("mue 2026Q4.csv", date(2026, 10, 1)),
        ("Effective January 1, 2005, Medicare pays", None),
        ("MUE_Eff_13-45-2026.csv", None),
        ("market 2026.csv", None),
        ("codes.csv", None),
    ],
)
def test_the_day_is_read_from_a_name(text: str, day: date | None) -> None:
    assert effective_day([text]) == day


JUNK = st.text(st.characters(blacklist_characters="\r\n"), max_size=60)
GOOD = ["96413,1,3,x", "96415,8,3,x", "J9271,400,3 Clinical,x"]


@given(st.lists(JUNK, max_size=6), st.integers(0, 3))
def test_no_junk_row_raises_or_costs_a_good_one(junk: list[str], at: int) -> None:
    # A made-up row that is a sound one for a good row's code contradicts it, and then both go.
    assume(not any(row[:5] in line.upper() for row in GOOD for line in junk))
    lines = [*GOOD[:at], *junk, *GOOD[at:]]
    found = parse_file(mue() + "\r\n".join(lines).encode("utf-8", "replace"), MUE_NAME)
    assert {row[:5] for row in GOOD} <= {row.code for row in found.rows if isinstance(row, MueRow)}


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_no_bytes_among_sound_records_raise_or_cost_one(junk: list[bytes]) -> None:
    sound = [record(f"J97{number}") for number in range(10, 30)]
    lines = [each.encode() for each in sound[:10]] + junk + [each.encode() for each in sound[10:]]
    found = parse_file(b"\r\n".join(lines), HCPCS_NAME)
    codes = {row.code for row in found.rows if isinstance(row, LoadedDrug)}
    assert {each[:5] for each in sound} <= codes


@given(st.binary(max_size=300), st.sampled_from(["hcpcs", "mue", "ndc", "carc", "rarc", None]))
def test_no_bytes_at_all_raise_anything_but_a_load_error(data: bytes, kind: str | None) -> None:
    try:
        assert parse_file(data, "file.csv", kind).member == "file.csv"  # type: ignore[arg-type]
    except LoadError as error:
        says = str(error)
    else:
        says = "file.csv"
    assert "file.csv" in says


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=12).map(",".join), max_size=8))
def test_no_crosswalk_rows_raise_or_cost_a_good_one(junk: list[str]) -> None:
    found = parse_file(ndc(PEMBROLIZUMAB, *(line.encode("ascii", "replace").decode() for line in junk)), NDC_NAME)
    assert any(isinstance(row, NdcRow) and row.ndc == "00006302602" for row in found.rows)
