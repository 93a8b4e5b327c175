"""What an authorization allows, and the one cell of the dose table that decides."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.types.practice import Authorization
from tools.dosing.authorized import Allowed, UsedBefore, allowed, left_over, used_before
from tools.dosing.ordered import OrderedDose
from tools.dosing.table import DoseFacts, dose_table
from tools.dosing.waste import waste_lines

D = Decimal


def authorization(
    quantity: str | None = "200", basis: Any = "billing_units", per: Any = "dose", **fields: Any
) -> Authorization:
    return Authorization(
        auth_number="A-1",
        payer_id="CASC1",
        member_id="CHP100200",
        status="approved",
        hcpcs=("J9271",),
        quantity=None if quantity is None else D(quantity),
        quantity_basis=basis,
        per=per,
        **fields,
    )


def facts(**known: Any) -> DoseFacts:
    """The seed case: 400 mg ordered, given and billed; 200 units a dose authorized."""
    base: dict[str, Any] = {
        "per_unit": D(1),
        "ordered": OrderedDose(milligrams=(D(400),), how=("400 mg as ordered",)),
        "given": D(400),
        "discarded": D(0),
        "waste": waste_lines(D(400), D(1), D(400), True),
        "billed": D(400),
        "allowed": allowed(authorization(doses=D(6)), D(1), [D(100)]),
    }
    return DoseFacts(**{**base, **known})


@pytest.mark.parametrize(
    ("quantity", "basis", "per", "doses", "per_unit", "vials", "per_dose", "total"),
    [
        ("200", "billing_units", "dose", "6", "1", "100", 200, 1200),
        ("200", "billing_units", "dose", None, "1", "100", 200, None),
        ("1200", "billing_units", "total", "6", "1", "100", None, 1200),
        ("400", "mg", "dose", None, "10", "100 400", 40, None),
        ("1095", "mg", "dose", "2", "10", "100 400", 110, 220),
        ("480", "mcg", "dose", None, "0.001", "", 480, None),
        ("8", "ml", "dose", None, "1", "100", None, None),
        ("2", "vials", "dose", "4", "1", "100", 200, 800),
        ("2", "vials", "dose", "4", "1", "40 100", None, None),
        ("6", "doses", "total", None, "1", "100", None, None),
        ("6", "visits", None, None, "1", "100", None, None),
    ],
)
def test_every_basis_becomes_units_or_stays_unknown(
    quantity: str,
    basis: str,
    per: str | None,
    doses: str | None,
    per_unit: str,
    vials: str,
    per_dose: int | None,
    total: int | None,
) -> None:
    row = authorization(quantity, basis, per, doses=None if doses is None else D(doses))
    found = allowed(row, D(per_unit), [D(size) for size in vials.split()])
    assert (found.per_dose, found.total) == (per_dose, total)
    assert bool(found.missing) == (per_dose is None and total is None and basis not in ("doses", "visits"))


def test_a_concentration_turns_millilitres_into_units() -> None:
    assert allowed(authorization("8", "ml"), D(1), mg_per_ml=D(25)).per_dose == 200


def test_an_unsaid_per_leaves_the_limit_unknown_and_asks() -> None:
    found = allowed(authorization("1200", per=None), D(1))
    assert (found.per_dose, found.total) == (None, None)
    assert found.missing == ("authorization A-1: whether the quantity is per dose or in total",)


def test_no_quantity_is_asked_for() -> None:
    assert allowed(authorization(None), D(1)).missing == ("authorization A-1: quantity and its unit",)


def test_doses_limit_how_often_not_how_much() -> None:
    found = allowed(authorization("6", "doses", "total"), D(1))
    assert (found.doses, found.per_dose, found.total) == (6, None, None)


def test_earlier_doses_count_inside_the_window_and_before_the_day_only() -> None:
    earlier = [
        (date(2026, 1, 4), D(200)),
        (date(2026, 1, 5), D(200)),
        (date(2026, 1, 26), D(150)),
        (date(2026, 1, 26), D(50)),
        (date(2026, 3, 16), D(400)),
    ]
    used = used_before(earlier, date(2026, 1, 5), date(2026, 7, 4), before=date(2026, 3, 16))
    assert (used.units, used.doses) == (400, 2)
    assert left_over(D(1200), used) == 800
    assert left_over(None, used) is None


def test_the_seed_case_names_the_authorized_dose() -> None:
    table = dose_table(facts())
    assert table.mismatch is not None
    assert (table.mismatch.cell, table.mismatch.against) == ("authorized_per_dose", "billed")
    assert table.mismatch.says == "400 units billed, 200 units authorized a dose"
    assert table.mismatch.values == {"authorized": "200", "billed": "400"}
    assert table.missing == ()
    assert [(row.cell, row.amount, row.units) for row in table.rows] == [
        ("ordered", 400, 400),
        ("given", 400, 400),
        ("discarded", 0, 0),
        ("billed", 400, 400),
        ("billed_waste", None, None),
        ("authorized_per_dose", 200, 200),
        ("authorized_total", 1200, 1200),
        ("used_before", 0, 0),
        ("left", 1200, 1200),
    ]


def test_a_claim_that_differs_from_the_dose_given_leads_over_the_authorization() -> None:
    table = dose_table(facts(given=D(200), ordered=OrderedDose(milligrams=(D(200),))))
    assert table.mismatch is not None
    assert (table.mismatch.cell, table.mismatch.against) == ("billed", "given")
    assert table.mismatch.says == "400 units billed, 200 units given (200 mg at 1 mg a unit)"


def test_a_dose_that_differs_from_its_order_leads_over_the_authorization() -> None:
    table = dose_table(facts(ordered=OrderedDose(milligrams=(D(200),))))
    assert table.mismatch is not None
    assert (table.mismatch.cell, table.mismatch.against) == ("given", "ordered")


def test_a_dose_rounded_to_its_vials_agrees_with_its_order() -> None:
    table = dose_table(facts(ordered=OrderedDose(milligrams=(D("380.5"),)), allowed=Allowed()))
    assert table.mismatch is None


def test_waste_billed_short_is_named_with_the_vials() -> None:
    oxaliplatin = facts(
        per_unit=D("0.5"),
        ordered=OrderedDose(milligrams=(D(155),)),
        given=D(155),
        discarded=D(45),
        waste=waste_lines(D(155), D("0.5"), D(200), True),
        billed=D(310),
        billed_waste=D(45),
        allowed=Allowed(),
    )
    table = dose_table(oxaliplatin)
    assert table.mismatch is not None
    assert table.mismatch.cell == "billed_waste"
    assert table.mismatch.values == {"billed": "45", "discarded": "90"}


def test_an_authorization_used_up_by_earlier_doses_names_what_is_left() -> None:
    table = dose_table(facts(allowed=Allowed(total=D(1200)), used=UsedBefore(units=D(1000), doses=5)))
    assert table.mismatch is not None
    assert table.mismatch.cell == "left"
    assert table.mismatch.says == (
        "400 units billed, 200 units left of 1200 authorized after 1000 used by 5 earlier doses"
    )


def test_an_overdrawn_authorization_is_shown_below_zero() -> None:
    table = dose_table(facts(allowed=Allowed(total=D(100)), used=UsedBefore(units=D(150), doses=1)))
    assert (table.row("left").amount, table.row("left").units) == (-50, -50)


def test_what_is_unknown_decides_nothing_and_is_asked_for() -> None:
    table = dose_table(DoseFacts(billed=D(400), ordered=OrderedDose(missing=("weight",))))
    assert table.mismatch is None
    assert table.missing == ("the amount in one billing unit", "the dose given", "weight")


@given(st.integers(1, 2000), st.integers(1, 2000))
def test_the_cell_is_the_authorized_dose_exactly_when_more_was_rightly_billed(billed: int, limit: int) -> None:
    dose = D(billed)
    table = dose_table(DoseFacts(per_unit=D(1), given=dose, billed=dose, allowed=Allowed(per_dose=D(limit))))
    assert (table.mismatch is not None) == (billed > limit)
    assert table.mismatch is None or table.mismatch.cell == "authorized_per_dose"


@given(
    st.decimals(1, 3000, places=1),
    st.sampled_from([D("0.1"), D("0.5"), D(1), D(10), D(50)]),
    st.integers(1, 12),
)
def test_an_authorization_in_mg_covers_the_units_its_own_dose_is_billed_with(
    mg: Decimal, per_unit: Decimal, doses: int
) -> None:
    found = allowed(authorization(str(mg), "mg", "dose", doses=D(doses)), per_unit)
    table = dose_table(DoseFacts(per_unit=per_unit, given=mg, billed=found.per_dose, allowed=found))
    assert table.mismatch is None
