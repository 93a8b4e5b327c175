"""Coverage on the day of the next dose, and denials that will come again."""

from datetime import date

import pytest
from watch_builders import (
    auth,
    chart,
    claim,
    coverage,
    dose,
    kinds,
    only_treatment,
    only_warning,
    order,
    record,
    watched,
)

LAST, NEXT = date(2026, 4, 14), date(2026, 5, 5)
ADA = chart(order(date(2026, 3, 1), days=21), dose(LAST))
GOOD = (auth(), auth(payer_id="SUMA", member_id="SUMA-7", source="auths/s.csv:2"))
SENT = (claim(LAST),)


@pytest.mark.parametrize(("end", "warned"), [(date(2026, 5, 4), ["coverage-ends-before"]), (NEXT, []), (None, [])])
def test_the_last_day_of_coverage_still_counts(end: date | None, warned: list[str]) -> None:
    assert kinds(watched(ADA, auths=GOOD, coverages=(coverage(end_date=end),), claims=SENT)) == warned


def test_a_new_payer_must_have_authorized_too() -> None:
    moved = (coverage(end_date=date(2026, 4, 30)), coverage("SUMA", start_date=date(2026, 5, 1)))
    warning = only_warning(watched(ADA, auths=GOOD, coverages=moved, claims=SENT))
    assert (warning.kind, warning.payer_id) == ("coverage-ends-before", "SUMA")
    assert "Summit Advantage is primary then" in warning.says
    other = auth(payer_id="SUMA", member_id="SUMA-9")
    without = watched(ADA, auths=(auth(), other), coverages=moved, claims=SENT)
    assert kinds(without) == ["auth-none", "coverage-ends-before"]


def test_another_payer_that_comes_first_is_told() -> None:
    rows = (coverage(order="secondary"), coverage("SUMA"))
    assert kinds(watched(ADA, auths=GOOD, coverages=rows, claims=SENT)) == ["other-payer-primary"]
    both = (coverage(), coverage("SUMA"))
    assert kinds(watched(ADA, auths=GOOD, coverages=both, claims=SENT)) == []


def test_coverage_that_was_not_verified_is_said_and_not_warned_of() -> None:
    found = watched(ADA, auths=GOOD, coverages=(), claims=SENT)
    assert found.warnings == ()
    assert any("not verified" in text for text in only_treatment(found).not_compared)


def test_coverage_of_another_person_with_the_same_name_does_not_count() -> None:
    namesake = coverage("SUMA", birth_date=date(1999, 1, 1))
    assert kinds(watched(ADA, auths=GOOD, coverages=(coverage(), namesake), claims=SENT)) == []


def test_one_never_billed_belongs_to_the_payer_that_covers_the_day() -> None:
    spans = (coverage(end_date=date(2026, 4, 30)), coverage("SUMA", start_date=date(2026, 5, 1)))
    row = only_treatment(watched(ADA, auths=GOOD, coverages=spans))
    assert (row.payer_id, row.warnings) == ("SUMA", 0)


def test_without_any_payer_nothing_is_warned_of() -> None:
    found = watched(ADA, coverages=())
    assert found.warnings == ()
    assert only_treatment(found).not_compared == ("which payer covers the patient is not known",)


def test_two_open_denials_of_one_cause_are_a_series_that_will_go_on() -> None:
    denials = (record("den_1", served="2026-03-24"), record("den_2"))
    warning = only_warning(watched(ADA, auths=GOOD, claims=SENT, records=denials))
    assert warning.kind == "series-running"
    assert warning.sources[:2] == ("den_1", "den_2")


@pytest.mark.parametrize(
    "other",
    [
        record("den_2", cause="unknown"),
        record("den_2", cause="auth-units-mismatch"),
        record("den_2", status="won"),
        record("den_2", status="closed"),
        record("den_2", hcpcs="J9299"),
        record("den_2", served=None),
        record("den_2", links=record().links.model_copy(update={"chart": None})),
    ],
)
def test_denials_of_other_causes_drugs_and_patients_or_settled_ones_are_no_series(other: object) -> None:
    assert kinds(watched(ADA, auths=GOOD, claims=SENT, records=(record("den_1"), other))) == []  # type: ignore[arg-type]
