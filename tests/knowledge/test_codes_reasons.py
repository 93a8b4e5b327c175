"""Reasons and remarks by date: retired ones mapped, stops and restarts of a licensed list, numbers not described."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.codes import Carc, CarcTable, Codes, load_codes
from knowledge.codes.loading import update_tables

SHIPPED = load_codes()


def with_list(folder: Path, text: str, as_of: date = date(2026, 11, 1)) -> Codes:
    update_tables(text.encode(), "list.csv", folder, as_of=as_of)
    return load_codes(folder)


@pytest.mark.parametrize(
    ("code", "paid_on", "says"),
    [
        # The last day a retired reason may stand in a remit is its stop; from the next day its successors speak.
        ("15", "2018-05-01", ("15",)),
        ("15", "2018-05-02", ("284", "296")),
        ("138", "2018-05-02", ("285", "286")),
        ("165", "2018-05-02", ("287", "288")),
        ("125", "2013-11-01", ("125",)),
        ("125", "2013-11-02", ("16",)),
        ("B5", "2016-05-02", ("272", "273")),
        ("62", "2007-04-02", ("197", "198")),
        ("B18", "2009-03-02", ("181", "182")),
        ("25", "2008-04-02", ()),
        # Not yet there.
        ("302", "2010-01-01", ()),
        ("284", "2014-01-01", ()),
    ],
)
def test_a_retired_reason_speaks_for_itself_until_its_stop(code: str, paid_on: str, says: tuple[str, ...]) -> None:
    assert SHIPPED.carc.current(code, date.fromisoformat(paid_on)) == says


@given(st.sampled_from(sorted(SHIPPED.carc_codes)), st.dates(date(1995, 1, 1), date(2030, 1, 1)))
def test_no_retired_reason_is_ever_named_for_another(code: str, on: date) -> None:
    for current in SHIPPED.carc.current(code, on):
        row = SHIPPED.carc.lookup(current)
        assert row is not None
        assert current == code or not row.retired


def _row(start: int, stop: int | None) -> Carc:
    return Carc(
        code="15",
        start=date(start, 1, 1),
        stop=date(stop, 12, 31) if stop else None,
        nature="denial",
        denial_by_default=True,
        category="authorization",
        action="appeal",
        successors=("284",),
    )


def test_a_reason_started_again_is_itself_in_both_spans_and_its_successor_between() -> None:
    table = CarcTable([_row(2020, None), _row(2000, 2010)])
    said = {year: table.current("15", date(year, 6, 1)) for year in (1999, 2005, 2015, 2025)}
    assert said == {1999: (), 2005: ("15",), 2015: ("284",), 2025: ("15",)}
    row = table.lookup("15", date(2005, 1, 1))
    assert row is not None
    assert row.stop == date(2010, 12, 31)
    assert table.lookup("15") == _row(2020, None)


def test_a_stop_in_the_licensed_list_retires_a_reason_and_leaves_what_it_meant(tmp_path: Path) -> None:
    codes = with_list(tmp_path, "code,start,stop,meaning,successors\n197,2006-10-30,2026-12-31,,284\n")
    assert codes.carc.current("197", date(2026, 12, 31)) == ("197",)
    assert codes.carc.current("197", date(2027, 1, 1)) == ("284",)
    row = codes.carc.lookup("197")
    shipped = SHIPPED.carc.lookup("197")
    assert row is not None
    assert shipped is not None
    assert (row.meaning, row.category) == (shipped.meaning, shipped.category)
    assert [found.code for found in codes.carc.classify_as("197")] == ["197"]


def test_a_restart_in_the_licensed_list_needs_to_say_what_a_shell_means(tmp_path: Path) -> None:
    spans = "15,1995-01-01,2018-05-01{}\n15,2027-01-01,{}\n"
    bare = with_list(tmp_path / "a", "code,start,stop\n" + spans.format("", ""))
    assert bare.carc.current("15", date(2027, 2, 1)) == ("284", "296")
    said = ",denial,yes,authorization,appeal"
    header = "code,start,stop,nature,denial_by_default,category,action\n"
    whole = with_list(tmp_path / "b", header + spans.format(said, said))
    assert whole.carc.current("15", date(2018, 5, 1)) == ("15",)
    assert whole.carc.current("15", date(2020, 1, 1)) == ("284", "296")
    assert whole.carc.current("15", date(2027, 1, 1)) == ("15",)
    assert [row.category for row in whole.carc.classify_as("15")] == ["authorization"]


def test_own_words_take_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    codes = with_list(tmp_path, "code,description\n197,No approval on file\n16,Something is missing\n")
    row = codes.carc.lookup("197")
    assert row is not None
    assert (row.meaning, row.stop, row.retired) == ("No approval on file", None, False)
    assert codes.source_of("carc", "197").as_of == date(2026, 11, 1)
    assert codes.source_of("carc", "18").as_of == date(2024, 6, 18)


def test_a_new_reason_is_known_by_number_until_the_list_says_what_it_is(tmp_path: Path) -> None:
    bare = with_list(tmp_path / "a", "code,start,meaning\n399,2026-11-01,New words\n16,,x\n")
    assert "399" in bare.carc_codes
    assert bare.carc.listed == {"399"}
    assert bare.carc.lookup("399") is None
    assert bare.carc.classify_as("399") == ()
    header = "code,start,meaning,nature,denial_by_default,category,action\n"
    said = with_list(tmp_path / "b", f"{header}399,2026-11-01,New words,denial,yes,coding,corrected_claim\n")
    (row,) = said.carc.classify_as("399")
    assert (row.nature, row.category) == ("denial", "coding")


def test_a_list_older_than_the_shipped_table_changes_no_row_of_it(tmp_path: Path) -> None:
    codes = with_list(tmp_path, "code,stop,meaning\n197,2019-01-01,x\n", date(2019, 6, 1))
    assert codes.carc.lookup("197") == SHIPPED.carc.lookup("197")


def test_a_new_remark_is_described_when_it_is_known_to_be_an_alert_or_not(tmp_path: Path) -> None:
    codes = with_list(
        tmp_path,
        "code,start,stop,meaning,alert\nN990,2026-11-01,,Alert: read this,\nN991,2026-11-01,,Wrong drug,no\n"
        "N992,2026-11-01,,Who knows,\nN54,1999-01-01,2027-01-01,,\n",
    )
    assert [codes.rarc.is_alert(code) for code in ("N990", "N991", "N992")] == [True, False, None]
    assert codes.rarc.listed == {"N992"}
    row = codes.rarc.lookup("N54")
    assert row is not None
    assert (row.stop, row.alert) == (date(2027, 1, 1), False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("XX1,,,", "list.csv:3: code: 'XX1' has not the form of a reason code"),
        ("17,2026-13-01,,", "list.csv:3: start: '2026-13-01' is no day"),
        ("17,2026-01-01,2025-01-01,", "list.csv:3: stop: the last day 2025-01-01 is before the first"),
        ("17,,,bad mood", "list.csv:3: nature: 'bad mood' is none of denial"),
    ],
)
def test_a_row_of_a_list_that_cannot_be_is_named(tmp_path: Path, line: str, says: str) -> None:
    text = f"code,start,stop,nature\n16,,,\n{line}\n18,,,\n"
    update = update_tables(text.encode(), "list.csv", tmp_path, as_of=date(2026, 11, 1))
    assert update.source.rows == 2
    (fault,) = update.faults
    assert str(fault).startswith(says)
