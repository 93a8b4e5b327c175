from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.codes import Drug, HcpcsTable, load_codes
from knowledge.codes.succession import Succession

HCPCS = load_codes().hcpcs


@pytest.mark.parametrize(
    ("code", "on", "state"),
    [
        ("J9271", "2015-12-31", "not_yet_effective"),
        ("J9271", "2016-01-01", "active"),
        ("J9271", "2026-03-16", "active"),
        # Ended codes: the last day is inclusive.
        ("J9070", "2024-03-31", "active"),
        ("J9070", "2024-04-01", "deleted"),
        ("J9310", "2019-01-01", "deleted"),
        ("J2505", "2022-01-01", "deleted"),
        ("J9265", "2015-01-01", "deleted"),
        ("J9250", "2024-04-01", "deleted"),
        # A first day that is only bracketed.
        ("J9289", "2024-07-01", "not_yet_effective"),
        ("J9289", "2025-03-01", "unknown"),
        ("J9289", "2025-10-01", "active"),
        # Absent from the last limit file: in doubt after the last file that shows it.
        ("J9202", "2024-07-01", "active"),
        ("J9202", "2026-01-01", "unknown"),
        ("J9340", "2026-01-01", "unknown"),
        # Reused numbers.
        ("J1440", "2023-07-01", "active"),
        ("J9062", "2026-07-01", "active"),
        ("J9062", "2025-10-02", "unknown"),
        ("Z0000", "2026-01-01", "unknown"),
    ],
)
def test_state_of_a_code_on_a_day(code: str, on: str, state: str) -> None:
    assert HCPCS.state(code, date.fromisoformat(on)).state == state


@pytest.mark.parametrize(
    ("code", "on", "generic"),
    [
        ("J1440", "2012-01-01", "filgrastim"),
        ("J1440", "2024-01-01", "fecal microbiota, live-jslm"),
        ("J9062", "2010-01-01", "cisplatin"),
        ("J9062", "2026-08-01", "amivantamab + hyaluronidase (SC)"),
    ],
)
def test_a_reused_number_means_what_it_meant_on_the_day(code: str, on: str, generic: str) -> None:
    drug = HCPCS.lookup(code, date.fromisoformat(on))
    assert drug is not None
    assert drug.generic == generic


@pytest.mark.parametrize(
    ("old", "units", "new", "expected"),
    [
        ("J9070", "10", "J9075", "200"),
        ("J9310", "7", "J9312", "70"),
        ("J2505", "1", "J2506", "12"),
        ("J9250", "10", "J9260", "1"),
        ("J9265", "10", "J9267", "300"),
        ("J9340", "2", "J9342", "30"),
        ("C9083", "35", "J9061", "175"),
        ("C9084", "15", "J9359", "20"),
    ],
)
def test_units_of_an_ended_code_convert_to_its_successor(old: str, units: str, new: str, expected: str) -> None:
    found = {item.code: item for item in HCPCS.successors(old, date(2026, 4, 1))}
    assert found[new].units(Decimal(units)) == Decimal(expected)


def test_the_general_successor_is_named_before_those_of_single_products() -> None:
    codes = [item.code for item in HCPCS.successors("J9070", date(2024, 4, 1))]
    assert codes == ["J9075", "J9071", "J9072", "J9073", "J9074"]


def test_units_that_do_not_measure_the_same_thing_do_not_convert() -> None:
    (bcg,) = HCPCS.successors("J9031", date(2026, 1, 1))
    assert bcg.code == "J9030"
    assert bcg.units(Decimal(1)) is None


def test_a_code_in_force_and_a_new_meaning_of_an_old_number_have_no_successor() -> None:
    assert HCPCS.successors("J9271", date(2026, 1, 1)) == ()
    assert HCPCS.successors("J9062", date(2026, 1, 1)) == ()


def test_replacements_are_followed_through_a_chain() -> None:
    def row(code: str, qty: str, added: str, terminated: str | None) -> Drug:
        last = date.fromisoformat(terminated) if terminated else None
        return Drug(
            code=code,
            unit_qty=Decimal(qty),
            unit_uom="mg",
            added=date.fromisoformat(added),
            end="ended" if last else "open",
            terminated=last,
        )

    table = HcpcsTable(
        [
            row("J0001", "100", "2000-01-01", "2009-12-31"),
            row("J0002", "10", "2010-01-01", "2019-12-31"),
            row("J0003", "5", "2020-01-01", None),
        ],
        successions=[
            Succession(code="J0001", successor="J0002", kind="replaced"),
            Succession(code="J0002", successor="J0003", kind="replaced"),
            Succession(code="J0003", successor="J0001", kind="replaced"),  # a loop in the data ends the walk
        ],
    )
    (found,) = table.successors("J0001", date(2026, 1, 1))
    assert (found.code, found.units(Decimal(1))) == ("J0003", Decimal(20))


def test_predecessors_name_replaced_and_unclassified_codes() -> None:
    assert {step.code for step in HCPCS.predecessors("J9271")} == {"C9027", "J9999"}


def test_packages_tell_single_dose_from_multi_dose() -> None:
    kanjinti = {vial.amount: vial.single_dose for vial in HCPCS.vials("Q5117")}
    assert kanjinti == {Decimal(150): True, Decimal(420): False}
    (zynlonta,) = HCPCS.vials("J9359")
    assert zynlonta.billing_units == Decimal("133.33")


def test_unit_traps_are_named_from_both_sides() -> None:
    assert [trap.other for trap in HCPCS.unit_traps("J9278")] == ["J9045"]
    assert [trap.other for trap in HCPCS.unit_traps("J9045")] == ["J9278"]


@given(st.sampled_from(sorted(HCPCS.codes)), st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_a_code_once_deleted_stays_deleted_until_its_number_is_reused(code: str, on: date) -> None:
    state = HCPCS.state(code, on)
    drug = HCPCS.lookup(code, on)
    assert drug is not None
    if state.state == "deleted":
        later = HCPCS.state(code, on + timedelta(days=400))
        assert later.state == "deleted" or later.drug != drug
        assert drug.state(on + timedelta(days=400)) == "deleted"


@given(st.sampled_from(sorted(HCPCS.codes)), st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_every_successor_named_may_be_billed_on_the_day(code: str, on: date) -> None:
    for item in HCPCS.successors(code, on):
        assert HCPCS.state(item.code, on).state in {"active", "unknown"}
