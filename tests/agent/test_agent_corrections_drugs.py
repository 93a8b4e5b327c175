"""Drug lines of a corrected claim: words, product, codes, charges, and what the claim's other denials add."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

import pytest
from agent_builders import (
    AS_OF,
    CATALOGUE,
    CODES,
    asked,
    case,
    chart,
    claim,
    diagnosed,
    dose,
    line,
    note,
    order,
)
from corrections_made import made, refused

from agent.desk import Desk
from agent.diagnosis.case import Case
from agent.drafting.charges import charge_rule
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.corrections import changes_for, dose_units
from agent.drafting.siblings import of_claim, together
from knowledge.types.chart import Amount
from knowledge.types.claim import DrugIdentification
from knowledge.types.corrections import (
    SetAuthorization,
    SetCode,
    SetDescription,
    SetModifiers,
    SetNdc,
    SetUnits,
    SplitWaste,
)

# --- a drug in words

UNCLASSIFIED = claim(line(1, hcpcs="J9999", modifiers=()))


def unlisted(*doses: object, text: str = "", orders: tuple[object, ...] = ()) -> Case:
    documents = (note("Nursing flow sheet", text=text),) if text else ()
    charted = chart(*doses, orders=orders, documents=documents)  # type: ignore[arg-type]
    return case("CO-16", ("N350",), sent=UNCLASSIFIED, chart=charted)


NEW_DRUG = {"hcpcs": "J9999", "drug": "ondrelimab"}


def described(of: Case) -> str:
    (change,) = made(of, "noc-line-without-narrative")
    assert isinstance(change, SetDescription)
    return change.text


def test_drug_dose_and_route_come_from_the_administration() -> None:
    assert described(unlisted(dose(500, route="intravenous infusion", **NEW_DRUG))) == "ONDRELIMAB 500 MG IV"


def test_the_ndc_is_named_in_words_where_the_line_has_none() -> None:
    of = unlisted(dose(500, route="subcutaneous", ndc11="99207010101", **NEW_DRUG))
    bare = claim(line(1, hcpcs="J9999", modifiers=(), drug=None))
    assert described(replace(of, claim=bare, line=bare.lines[0])) == "ONDRELIMAB 500 MG SC NDC 99207010101"


def test_the_route_may_come_from_the_order() -> None:
    of = unlisted(dose(500, **NEW_DRUG), orders=(order(500, text="500 mg IV weekly", **NEW_DRUG),))
    assert described(of) == "ONDRELIMAB 500 MG IV"


GIVEN_500 = "Ondrelimab 500 mg IV 10:00-11:05, one 500 mg vial. Nothing left over."


def test_a_note_of_the_day_that_agrees_with_the_order_is_enough() -> None:
    assert described(unlisted(text=GIVEN_500, orders=(order(500, **NEW_DRUG),))) == "ONDRELIMAB 500 MG IV"


@pytest.mark.parametrize(
    "of",
    [
        unlisted(),
        unlisted(dose(500, **NEW_DRUG)),
        unlisted(dose(None, route="intravenous", **NEW_DRUG)),
        unlisted(dose(500, route="intravenous", hcpcs="J9999", drug="pembrolizumab")),
        unlisted(dose(500, route="intravenous")),
        unlisted(dose(500, route="intravenous", **NEW_DRUG), dose(5, route="intravenous", hcpcs="", drug="velotamab")),
        unlisted(text=GIVEN_500, orders=(order(400, **NEW_DRUG),)),
        unlisted(text=GIVEN_500.replace("500 mg IV", "500 mg IV held,"), orders=(order(500, **NEW_DRUG),)),
        unlisted(text="Plan: ondrelimab 500 mg IV.", orders=(order(500, **NEW_DRUG),)),
        unlisted(text=GIVEN_500),
    ],
    ids=[
        "nothing charted",
        "no route",
        "no dose",
        "a drug with a code",
        "another code charted",
        "two drugs",
        "note and order differ",
        "held",
        "planned",
        "no order",
    ],
)
def test_a_drug_that_is_not_certain_is_not_put_into_words(of: Case) -> None:
    assert refused(of, "noc-line-without-narrative")


def test_a_code_not_yet_in_force_is_billed_unclassified_in_words() -> None:
    served = date(2024, 6, 20)
    sent = claim(line(240, hcpcs="J3263", start_date=served))
    given = dose(240, hcpcs="J3263", drug="toripalimab", day=served, route="intravenous")
    of = case("CO-181", sent=sent, chart=chart(given))
    code, words = made(of, "code-not-yet-effective")
    assert isinstance(code, SetCode)
    assert isinstance(words, SetDescription)
    assert (code.hcpcs, code.units, words.text) == ("J9999", 1, "TORIPALIMAB 240 MG IV")


def test_an_amount_in_other_units_is_written_as_charted() -> None:
    of = unlisted(dose(None, route="subcutaneous", dose=Amount(value=Decimal("68.50"), unit="mcg"), **NEW_DRUG))
    assert described(of) == "ONDRELIMAB 68.5 MCG SC"


# --- the product


def product(sent: object, *doses: object, cause: str = "ndc-missing-or-invalid") -> list[tuple[str, str, str, str]]:
    of = case("CO-16", ("M119",), sent=sent, chart=chart(*doses))  # type: ignore[arg-type]
    changes = made(of, cause)
    return [(c.line, c.ndc, str(c.quantity), c.unit) for c in changes if isinstance(c, SetNdc)]


NDC = "00006302602"


def test_a_solution_s_quantity_is_what_was_used_in_millilitres() -> None:
    assert product(claim(line(drug=None)), dose(400, wasted=0, ndc=NDC)) == [("1", NDC, "16", "ML")]


def test_a_powder_s_quantity_is_the_vials_opened() -> None:
    body = {"hcpcs": "J9042", "drug": "brentuximab vedotin", "ndc": "51144005001"}
    sent = claim(line(120, hcpcs="J9042", drug=None))
    assert product(sent, dose(120, wasted=30, **body)) == [("1", "51144005001", "3", "UN")]
    assert product(sent, dose(120, **body)) == [("1", "51144005001", "3", "UN")]


def test_given_and_discarded_lines_share_the_product() -> None:
    sent = claim(line(380, drug=None, modifiers=()), line(20, "2", drug=None, modifiers=("JW",)))
    assert product(sent, dose(380, wasted=20, ndc=NDC)) == [("1", NDC, "15.2", "ML"), ("2", NDC, "0.8", "ML")]


def test_a_number_of_ten_digits_is_replaced_and_its_quantity_stays() -> None:
    sent = claim(line(drug=DrugIdentification("N4", "0006302602", Decimal(16), "ML")))
    assert product(sent, dose(400, ndc=NDC)) == [("1", NDC, "16", "ML")]


def test_a_product_that_is_not_charted_or_not_known_is_for_a_person() -> None:
    unknown = case("CO-16", ("M119",), sent=claim(line(drug=None)), chart=chart(dose(400)))
    assert "not charted" in refused(unknown, "ndc-missing-or-invalid")
    powder_or_not = claim(line(200, hcpcs="J9263", drug=None))
    given = dose(100, hcpcs="J9263", drug="oxaliplatin", ndc="00703398601")
    of = case("CO-16", ("M119",), sent=powder_or_not, chart=chart(given))
    assert "quantity and unit" in refused(of, "ndc-missing-or-invalid")


# --- codes and charges

NIVOLUMAB = {"hcpcs": "J9299", "drug": "nivolumab"}


def test_given_and_discarded_lines_take_the_new_code_together() -> None:
    sent = claim(line(27, hcpcs="J9041", modifiers=()), line(8, "2", hcpcs="J9041", modifiers=("JW",)))
    given = dose("2.7", wasted="0.8", hcpcs="J9046", drug="bortezomib")
    of = case("CO-16", sent=sent, chart=chart(given), denied=1)
    answer = diagnosed(of).model_copy(
        update={"root_cause": "wrong-manufacturer-code", "values": {"given_code": "J9046"}}
    )
    changes = changes_for(CorrectionCase(asked(of), answer))
    codes = [(c.line, c.hcpcs, c.units) for c in changes if isinstance(c, SetCode)]
    assert codes == [("1", "J9046", 27), ("2", "J9046", 8)]
    assert dose_units(asked(of), changes) == {"1": 27, "2": 8}


@pytest.mark.parametrize(
    ("modifiers", "wasted", "added"),
    [((), 0, ("JZ",)), (("JZ",), 0, None), ((), None, None), ((), "0.8", "split")],
)
def test_a_line_under_a_new_code_says_whether_anything_was_discarded(
    modifiers: tuple[str, ...], wasted: str | int | None, added: tuple[str, ...] | str | None
) -> None:
    sent = claim(line(27, hcpcs="J9041", modifiers=modifiers))
    given = dose("2.7", wasted=wasted, hcpcs="J9046", drug="bortezomib")
    of = case("CO-16", sent=sent, chart=chart(given))
    answer = diagnosed(of).model_copy(
        update={"root_cause": "wrong-manufacturer-code", "values": {"given_code": "J9046"}}
    )
    code, *beside = changes_for(CorrectionCase(asked(of), answer))
    assert isinstance(code, SetCode)
    assert [c.add for c in beside if isinstance(c, SetModifiers)] == ([added] if isinstance(added, tuple) else [])
    split = [(c.administered_units, c.wasted_units) for c in beside if isinstance(c, SplitWaste)]
    assert split == ([(27, 8)] if added == "split" else [])


@pytest.mark.parametrize(
    ("charge", "units", "right", "elsewhere", "rule"),
    [
        ("3000", 1000, 200, ("3",), "unit_price"),
        ("4950", 450, 45, ("110", "110"), "keep"),
        ("7260", 7, 66, ("80",), "keep"),
        ("100", 10, 8, (), "unit_price"),
        ("3000", 1000, 200, ("3", "3", "15"), "unit_price"),
        ("7260", 7, 66, (), None),
        ("7260", 7, 66, ("5",), None),
    ],
)
def test_the_charge_follows_what_a_unit_costs_elsewhere(
    charge: str, units: int, right: int, elsewhere: tuple[str, ...], rule: str | None
) -> None:
    ours = claim(line(units, charge=Decimal(charge)))
    others = [claim(line(10, charge=Decimal(price) * 10), claim_id=f"X{at}") for at, price in enumerate(elsewhere)]
    change = SetUnits(line="1", units=Decimal(right), why="The dose given")
    if rule is None:
        with pytest.raises(NotCorrectable):
            charge_rule((change,), ours, [ours, *others])
    else:
        assert charge_rule((change,), ours, [ours, *others]) == rule


def test_changes_of_one_claim_go_together_once_for_each_place() -> None:
    number = SetAuthorization(number="A-1", why="w")
    units = SetUnits(line="1", units=Decimal(2), why="w")
    other = SetUnits(line="2", units=Decimal(3), why="w")
    assert together((units,), (number, units.model_copy(update={"why": "again"}), other)) == (units, number, other)


# --- other denials of the claim, drugs bought under 340B


def test_what_is_sure_of_the_claim_s_other_denials_goes_into_the_same_file() -> None:
    sent = claim(line(200, drug=None), line(400, "2", hcpcs="J2505", modifiers=()))
    first = case("CO-16", ("M119",), sent=sent, chart=chart(dose(200, wasted=0, ndc=NDC)))
    second = case("CO-16", ("M119",), sent=claim(line(drug=None)), chart=chart(dose(400, wasted=0, ndc=NDC)))
    other = second.denial.model_copy(update={"denial_id": "den_2"})
    cases = {"den_1": first, "den_2": replace(second, denial=other)}
    book = SimpleNamespace(denials={key: of.denial for key, of in cases.items()}, case=cases.__getitem__)
    desk = cast(Desk, SimpleNamespace(casebook=book, codes=CODES, as_of=AS_OF, catalogue=CATALOGUE))
    found = of_claim(desk, first.denial, "replacement", frozenset({"corrected_claim"}))
    assert [change.kind for change in found.changes] == ["set_ndc"]
    assert found.changes[0].evidence == ()
    settled = other.model_copy(update={"outcome": "won"})
    book.denials["den_2"] = settled
    assert of_claim(desk, first.denial, "replacement", frozenset({"corrected_claim"})).changes == ()


@pytest.mark.parametrize(
    ("text", "add"),
    [
        ("Pembrolizumab stock of March: bought under 340B.", ("TB",)),
        ("Pembrolizumab stock of March: not 340B, bought at list.", ()),
        ("", ("TB",)),
    ],
)
def test_a_modifier_that_ended_goes_and_tb_comes_unless_the_drug_was_bought_outside(
    text: str, add: tuple[str, ...]
) -> None:
    documents = (note("Pharmacy record", text=text),) if text else ()
    of = case("CO-182", sent=claim(line(modifiers=("JG",))), chart=chart(dose(), documents=documents))
    (change,) = made(of, "340b-modifier-wrong")
    assert isinstance(change, SetModifiers)
    assert (change.remove, change.add) == (("JG",), add)
