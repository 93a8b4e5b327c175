from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.folder import read_authorizations, read_contracts, read_coverage
from knowledge.folder.authorizations import AUTHORIZATIONS
from knowledge.folder.csv_rows import read_rows
from knowledge.payers import PayerDirectory
from knowledge.types.practice import Payer
from knowledge.types.reading import ReadingFinding

PAYERS = PayerDirectory(
    [
        Payer(id="CASC1", name="Cascade Health Plan", aliases=("84001",)),
        Payer(id="MEDB", name="Medicare Part B", aliases=("84001",)),
    ]
)
HEADER = ",".join(AUTHORIZATIONS.columns)
GOOD = "A-1,CASC1,M1,approved,J9271 J9035,C34.11,200,billing_units,dose,4,2026-01-05,2026-07-04,,11,2025-12-29,,doc"


def row(**changed: str) -> str:
    cells = dict(zip(AUTHORIZATIONS.columns, GOOD.split(","), strict=True)) | changed
    return ",".join(cells.values())


def sheet(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join((header, *rows)) + end


def codes(findings: tuple[ReadingFinding, ...], *, at_least: str = "warning") -> list[tuple[str, str]]:
    severe = {"info": 0, "warning": 1, "error": 2}
    return [(f.code, f.where) for f in findings if severe[f.severity] >= severe[at_least]]


def test_a_row_is_read_whole_with_its_source() -> None:
    (found,), findings = read_authorizations(sheet(GOOD), "auths/a.csv", PAYERS)
    assert findings == ()
    assert (found.source, found.raw) == ("auths/a.csv:2", GOOD)
    assert found.hcpcs == ("J9271", "J9035")
    assert found.diagnosis_codes == ("C3411",)
    assert (found.quantity, found.doses) == (Decimal(200), Decimal(4))
    assert (found.start_date, found.end_date) == (date(2026, 1, 5), date(2026, 7, 4))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_line_ends_and_delimiters_do_not_matter(end: str, delimiter: str) -> None:
    text = sheet(GOOD, row(auth_number="A-2"), end=end).replace(",", delimiter)
    rows, findings = read_authorizations(text, "a.csv", PAYERS)
    assert [found.auth_number for found in rows] == ["A-1", "A-2"]
    assert [found.source for found in rows] == ["a.csv:2", "a.csv:3"]
    assert findings == ()


def test_columns_may_stand_in_any_order_and_case_with_strangers_among_them() -> None:
    text = "Rate , HCPCS,note,Payer-ID\n53.12,J9271,x,CASC1\n"
    rows, findings = read_contracts(text, "c.csv", PAYERS)
    assert [(found.hcpcs, found.rate) for found in rows] == [("J9271", Decimal("53.12"))]
    assert [f.code for f in findings] == ["columns-unknown", "columns-absent"]


def test_a_missing_required_column_says_what_was_found_and_what_is_expected() -> None:
    rows, findings = read_contracts("payer,code,price\nCASC1,J9271,5\n", "c.csv", PAYERS)
    assert rows == ()
    (finding,) = findings
    assert (finding.severity, finding.code, finding.where) == ("error", "columns-missing", "c.csv:1")
    assert "payer_id, hcpcs, rate is missing" in finding.says
    assert "found payer, code, price" in finding.says


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"start_date": "01/05/2026"}, "start_date '01/05/2026' is no day; expected YYYY-MM-DD"),
        ({"start_date": "2026-02-30"}, "'2026-02-30' is no day"),
        ({"quantity": "two"}, "quantity 'two' is no plain number"),
        ({"quantity": "-5"}, "quantity '-5'"),
        ({"quantity": "NaN"}, "quantity 'NaN'"),
        ({"status": "maybe"}, "status 'maybe' is not known; expected one of approved, denied, pended, voided"),
        ({"status": ""}, "status is blank"),
        ({"quantity_basis": "units"}, "quantity_basis 'units' is not known"),
        ({"member_id": ""}, "member_id is blank"),
        ({"document": "a,b"}, "18 cells where the header has 17"),
        ({"document": '"open'}, "a quote is opened and not closed"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_kept(changed: dict[str, str], says: str) -> None:
    text = sheet(GOOD, row(auth_number="BAD", **changed), row(auth_number="A-3"))
    read = read_rows(AUTHORIZATIONS, text, "auths/a.csv", PAYERS)
    assert [found.auth_number for found in read.rows] == ["A-1", "A-3"]
    (finding,) = read.findings
    assert (finding.severity, finding.code, finding.where) == ("error", "row-unread", "auths/a.csv:3")
    assert says in finding.says
    (unread,) = read.unread
    assert (unread.source, unread.kind) == ("auths/a.csv:3", "authorization")


def test_an_unusable_row_still_tells_whom_it_is_about() -> None:
    read = read_rows(AUTHORIZATIONS, sheet(row(quantity="?")), "a.csv", PAYERS)
    assert read.unread[0].keys == {"auth_number": "A-1", "payer_id": "CASC1", "member_id": "M1"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"end_date": "2025-01-01"}, "end-before-start"),
        ({"payer_id": "NOBODY"}, "payer-unknown"),
        ({"payer_id": "84001"}, "payer-unknown"),  # an alias of two payers
        ({"hcpcs": "pembro"}, "code-odd"),
        ({"member_id": "8.1E+11"}, "identifier-odd"),
        ({"quantity_basis": ""}, "quantity-without-basis"),
    ],
)
def test_a_doubtful_row_is_kept_with_a_warning(changed: dict[str, str], code: str) -> None:
    rows, findings = read_authorizations(sheet(row(**changed)), "a.csv", PAYERS)
    assert len(rows) == 1
    assert codes(findings) == [(code, "a.csv:2")]


def test_a_payer_named_by_an_alias_is_written_as_its_id() -> None:
    (found,), _ = read_authorizations(sheet(row(payer_id="cascade  health plan")), "a.csv", PAYERS)
    assert found.payer_id == "CASC1"
    (alone,), findings = read_authorizations(sheet(row(payer_id="84001")), "a.csv")
    assert (alone.payer_id, findings) == ("84001", ())


def test_a_row_cut_short_reads_as_blank_at_its_end() -> None:
    rows, findings = read_authorizations(sheet("A-1,CASC1,M1,approved,J9271"), "a.csv", PAYERS)
    assert rows[0].start_date is None
    assert codes(findings) == [("row-short", "a.csv:2")]


def test_a_quoted_cell_may_run_over_lines_and_later_rows_keep_their_numbers() -> None:
    text = sheet(row(denial_reason='"two\nlines, one ""cell"""'), row(auth_number="A-2"))
    rows, findings = read_authorizations(text, "a.csv", PAYERS)
    assert findings == ()
    assert rows[0].denial_reason == 'two\nlines, one "cell"'
    assert [found.source for found in rows] == ["a.csv:2", "a.csv:4"]


def test_a_stray_quote_does_not_swallow_the_rows_below() -> None:
    text = sheet(row(denial_reason='"stray'), row(auth_number="A-2"), row(auth_number="A-3", document='x"'))
    rows, findings = read_authorizations(text, "a.csv", PAYERS)
    assert [found.auth_number for found in rows] == ["A-2", "A-3"]
    assert codes(findings) == [("row-unread", "a.csv:2")]


def test_two_stray_quotes_do_not_make_an_identifier_of_two_rows() -> None:
    rows, findings = read_authorizations(sheet('"' + GOOD, '"' + GOOD, row(auth_number="A-3")), "a.csv", PAYERS)
    assert [found.auth_number for found in rows] == ["A-3"]
    assert codes(findings) == [("row-unread", "a.csv:2")]


def test_blank_lines_and_lines_of_delimiters_are_passed_over() -> None:
    rows, findings = read_authorizations(sheet("", GOOD, "," * 16, "   "), "a.csv", PAYERS)
    assert len(rows) == 1
    assert findings == ()


def test_a_cell_too_long_for_csv_is_one_bad_row() -> None:
    text = sheet(row(document="x" * 200_000), row(auth_number="A-2"))
    rows, findings = read_authorizations(text, "a.csv", PAYERS)
    assert [found.auth_number for found in rows] == ["A-2"]
    assert codes(findings) == [("row-unread", "a.csv:2")]


def test_an_empty_file_says_so() -> None:
    rows, findings = read_authorizations("\n \n", "a.csv", PAYERS)
    assert (rows, codes(findings)) == ((), [("file-empty", "a.csv")])


def test_coverage_keeps_open_ends_and_doubts_unknown_plan_types() -> None:
    text = (
        "payer_id,member_id,patient_last,patient_first,birth_date,start_date,end_date,order,plan_type,verified_on,trace\n"
        "CASC1,M1,Okafor,Ada,1961-04-02,2026-01-01,,Primary,commercial,2026-01-02,T1\n"
        "MEDB,M2,Okafor,Ben,1961-04-02,2026-01-01,2026-03-31,secondary,gold,2026-01-02,T2\n"
        "MEDB,M3,Okafor,Cy,1961-04-02,2026-01-01,,fourth,hospice,2026-01-02,T3\n"
    )
    rows, findings = read_coverage(text, "coverage/c.csv", PAYERS)
    assert [(found.member_id, found.order, found.end_date) for found in rows] == [
        ("M1", "primary", None),
        ("M2", "secondary", date(2026, 3, 31)),
    ]
    assert codes(findings) == [("plan-type-unknown", "coverage/c.csv:3"), ("row-unread", "coverage/c.csv:4")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("CASC1,J9271 J9035,,,5", "expected one code"),
        ("CASC1,J9271,,,", "rate is blank"),
        ("CASC1,J9271,,,$5", "rate '$5'"),
    ],
)
def test_a_contract_row_needs_one_code_and_a_plain_rate(line: str, why: str) -> None:
    rows, findings = read_contracts(f"payer_id,hcpcs,start_date,end_date,rate\n{line}\n", "c.csv", PAYERS)
    assert rows == ()
    assert why in findings[0].says


# Lines that cannot be part of a quoted cell: whatever they are, they may not cost a good row.
JUNK = st.text(st.characters(exclude_characters='"\n\r', exclude_categories=["Cs"]), max_size=60)


@given(st.lists(JUNK, max_size=8), st.data())
def test_no_junk_line_costs_a_good_row(junk: list[str], data: st.DataObject) -> None:
    lines = [row(auth_number=f"G{number}") for number in range(4)]
    for line in junk:
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    rows, _ = read_authorizations(sheet(*lines), "a.csv", PAYERS)
    assert [found.auth_number for found in rows if found.auth_number.startswith("G")][:4] == ["G0", "G1", "G2", "G3"]


@given(st.integers(0, 4), JUNK)
def test_one_stray_quote_costs_no_other_row(at: int, junk: str) -> None:
    lines = [row(auth_number=f"G{number}") for number in range(4)]
    lines.insert(at, '"' + junk)
    rows, _ = read_authorizations(sheet(*lines), "a.csv", PAYERS)
    assert {"G0", "G1", "G2", "G3"} <= {found.auth_number for found in rows}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_whatever_raises(text: str) -> None:
    for prefix in ("", HEADER + "\n"):
        read_authorizations(prefix + text, "a.csv", PAYERS)
        read_coverage(prefix + text, "a.csv", PAYERS)
        read_contracts(prefix + text, "a.csv", PAYERS)


@given(st.decimals(0, 10**9, places=2), st.dates())
def test_numbers_and_days_come_back_exactly(rate: Decimal, day: date) -> None:
    text = f"payer_id,hcpcs,start_date,end_date,rate\nCASC1,J9271,{day.isoformat()},,{rate:f}\n"
    (found,), findings = read_contracts(text, "c.csv", PAYERS)
    assert (found.rate, found.start_date, findings) == (rate, day, ())
