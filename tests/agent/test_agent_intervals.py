"""How often: too early by the label, planned by order or label, and a payer who counted wrongly."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from agent_builders import SERVED, asked, case, chart, claim, diagnosed, dose, line, order, paid_before, standing

from agent.diagnosis.case import AdjudicatedLine, Case

FULVESTRANT = {"hcpcs": "J9395", "drug": "fulvestrant"}
LOADING = "500 mg IM d1, d15, d29, then q28d"


def ago(days: int) -> date:
    return SERVED - timedelta(days=days)


def given_again(
    *days_before: int,
    text: str = "",
    drug: dict[str, str] = FULVESTRANT,
    mg: int = 500,
    codes: str = "CO-151",
    remarks: tuple[str, ...] = ("N118",),
    history: tuple[AdjudicatedLine, ...] = (),
    days: int | None = None,
) -> Case:
    doses = [dose(mg, wasted=0, **drug)]
    doses += [dose(mg, day=ago(n), resource=f"MedicationAdministration/{n}", **drug) for n in days_before]
    written = order(mg, on=ago(40), days=days, text=text, **drug)
    held = chart(*doses, orders=(written,))
    billed = claim(line(20, hcpcs=drug["hcpcs"]))
    return replace(case(codes, remarks, sent=billed, chart=held), history=history)


def test_a_loading_dose_the_payer_calls_too_early_is_a_frequency_to_appeal() -> None:
    named = diagnosed(given_again(14, text=LOADING))
    assert (named.root_cause, named.remedy) == ("frequency-exceeded", "reconsideration")
    assert "day 15 of the course" in named.says


def test_without_a_word_of_the_payer_a_dose_in_time_is_no_cause() -> None:
    assert standing(given_again(14, text=LOADING, codes="CO-50", remarks=()), "frequency-exceeded") == "refuted"
    assert standing(given_again(14, text=LOADING, codes="CO-197", remarks=()), "frequency-exceeded") == "refuted"


@pytest.mark.parametrize(("days", "truth"), [(7, "confirmed"), (10, "confirmed"), (11, "refuted"), (28, "refuted")])
def test_early_is_nearer_than_the_shortest_usual_interval(days: int, truth: str) -> None:
    assert asked(given_again(days)).fact("dose-interval-too-short").truth == truth


def test_doses_paid_on_other_claims_count_where_the_chart_is_silent() -> None:
    earlier = paid_before(ago(7), units=20, hcpcs="J9395", claim_id="C0")
    assert asked(given_again(history=(earlier,))).fact("dose-interval-too-short").truth == "confirmed"
    assert asked(given_again()).fact("dose-interval-too-short").truth == "unknown"


def test_days_in_a_row_of_a_labels_cycle_are_not_early() -> None:
    azacitidine = {"hcpcs": "J9025", "drug": "azacitidine"}
    third = given_again(1, 2, drug=azacitidine, mg=130, text="75 mg/m2 SC days 1-7 q28d")
    assert asked(third).fact("dose-interval-too-short").truth == "refuted"
    by_label = given_again(1, 2, drug=azacitidine, mg=130)
    assert asked(by_label).fact("dose-interval-too-short").truth == "refuted"


def test_a_dose_lasts_as_long_as_its_strength() -> None:
    pembrolizumab = {"hcpcs": "J9271", "drug": "pembrolizumab"}
    assert asked(given_again(21, drug=pembrolizumab, mg=400)).fact("dose-interval-too-short").truth == "confirmed"
    assert asked(given_again(21, drug=pembrolizumab, mg=200)).fact("dose-interval-too-short").truth == "refuted"


def test_a_remark_that_may_mean_the_units_of_the_day_is_left_open() -> None:
    over = given_again(28, remarks=("N640",))
    assert over.claim is not None
    many = replace(over, claim=claim(line(2000, hcpcs="J9395")))
    assert asked(many).fact("payer-says-too-often").truth == "unknown"
    assert asked(over).fact("payer-says-too-often").truth == "confirmed"


def test_another_drugs_doses_do_not_count() -> None:
    held = chart(dose(500, **FULVESTRANT), dose(120, day=ago(3), hcpcs="J0897", drug="denosumab"))
    found = case("CO-151", ("N118",), sent=claim(line(20, hcpcs="J9395")), chart=held)
    assert asked(found).fact("dose-interval-too-short").truth == "unknown"


def test_a_dose_not_given_does_not_count() -> None:
    held = chart(dose(500, **FULVESTRANT), dose(500, day=ago(7), status="not-done", **FULVESTRANT))
    found = case("CO-151", ("N118",), sent=claim(line(20, hcpcs="J9395")), chart=held)
    assert asked(found).fact("dose-interval-too-short").truth == "unknown"


def test_a_dose_long_after_the_last_is_not_what_the_payer_counted() -> None:
    assert standing(given_again(41), "frequency-exceeded") == "refuted"
    assert standing(given_again(28), "frequency-exceeded") == "confirmed"
