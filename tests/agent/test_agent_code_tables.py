"""Facts that rest on dated code tables: older than the service, and the crosswalk of the quarter."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from agent_builders import AS_OF, CODES, SERVED, case, chart, claim, dose, line

from agent.diagnosis.case import Case
from agent.diagnosis.inquiry import Inquiry
from knowledge.codes import Codes, NdcTable
from knowledge.codes.ndc import NdcEdition, NdcRow
from knowledge.types.claim import DrugIdentification

QUARTER = date(2026, 1, 1)
PACKAGE = "00006302602"
NEWER = ("the HCPCS file of the quarter of 2026-03-16",)


def dated(as_of: date) -> Codes:
    """The tables as if their HCPCS file were of another day."""
    sources = dict(CODES.sources)
    sources["hcpcs"] = sources["hcpcs"].model_copy(update={"as_of": as_of})
    return replace(CODES, sources=MappingProxyType(sources))


def crossed(*codes: str, on: date = QUARTER, ndc: str = PACKAGE) -> Codes:
    """The tables with a crosswalk that bills a package of 4 mL, 100 units, under these codes."""
    rows = [
        NdcRow(
            ndc=ndc,
            code=code,
            size=Decimal(4),
            quantity=Decimal(1),
            per_item=Decimal(100),
            per_package=Decimal(100),
        )
        for code in codes
    ]
    source = CODES.sources["hcpcs"].model_copy(update={"as_of": on})
    sources = MappingProxyType({**CODES.sources, "ndc": source})
    return replace(CODES, ndc=NdcTable([NdcEdition(on, rows)]), sources=sources)


def asked(of: Case, codes: Codes) -> Inquiry:
    return Inquiry(of, codes, AS_OF)


def billing(code: str = "J9271", **changed: Any) -> Case:
    return case("CO-181", ("N56",), sent=claim(line(hcpcs=code, **changed)))


@pytest.mark.parametrize(
    ("as_of", "truth", "missing"),
    [(date(2026, 1, 1), "confirmed", ()), (date(2025, 12, 16), "unknown", NEWER), (date(2025, 7, 1), "unknown", NEWER)],
)
def test_an_edit_is_contradicted_only_by_a_table_that_reaches_to_the_service(
    as_of: date, truth: str, missing: tuple[str, ...]
) -> None:
    q = asked(billing(), dated(as_of))
    fact = q.fact("claim-carries-what-edit-misses")
    assert (fact.truth, fact.missing) == (truth, missing)


def test_that_a_code_has_not_ended_is_open_where_the_table_is_older() -> None:
    assert asked(billing(), dated(date(2026, 1, 1))).fact("code-ended-before-service").truth == "refuted"
    fact = asked(billing(), dated(date(2025, 7, 1))).fact("code-ended-before-service")
    assert (fact.truth, fact.missing) == ("unknown", NEWER)


def test_that_a_code_had_ended_an_older_table_proves_too_but_names_no_successor() -> None:
    fresh = asked(billing("J9070"), CODES).fact("code-ended-before-service")
    old = asked(billing("J9070"), dated(date(2025, 7, 1))).fact("code-ended-before-service")
    assert (fresh.truth, old.truth) == ("confirmed", "confirmed")
    assert fresh.values["successor"] == "J9075"
    assert "successor" not in old.values


def test_evidence_says_that_its_table_is_older_than_the_service() -> None:
    for codes, told in ((CODES, False), (dated(date(2025, 7, 1)), True)):
        q = asked(billing("J9070"), codes)
        q.fact("code-ended-before-service")
        (evidence,) = [item for item in q.ledger.all() if item.kind == "code_table"]
        assert ("the table of 2025-07-01 is older than the service" in evidence.says) is told
        assert str(codes.sources["hcpcs"].as_of) in evidence.source


def test_the_unit_of_a_code_is_still_read_from_an_older_table() -> None:
    given_as_billed = case("CO-198", chart=chart(dose(400)))
    q = asked(given_as_billed, dated(date(2025, 7, 1)))
    assert q.fact("dose-given-equals-billed").truth == "confirmed"


def product(codes: Codes, *, charted: bool = True, **changed: Any) -> Any:
    sent = claim(line(hcpcs="J9305", **changed))
    given = chart(dose(hcpcs="J9305", drug="pemetrexed", ndc=PACKAGE, ndc11=PACKAGE)) if charted else None
    return asked(case("CO-16", ("N846",), sent=sent, chart=given), codes).fact("given-product-has-other-code")


def test_the_charted_package_belongs_to_another_code_of_the_drug() -> None:
    fact = product(crossed("J9294"))
    assert fact.truth == "confirmed"
    assert (fact.values["given_code"], fact.values["given_ndc"]) == ("J9294", PACKAGE)
    assert len(fact.evidence) == 3


def test_the_package_sent_counts_where_none_is_charted() -> None:
    assert product(crossed("J9294"), charted=False).values["given_code"] == "J9294"
    other = DrugIdentification("ZZ", PACKAGE, Decimal(4), "UN")
    assert product(crossed("J9294"), charted=False, drug=other).truth == "unknown"


@pytest.mark.parametrize(
    ("codes", "truth"),
    [
        (crossed("J9305"), "refuted"),
        (crossed("J9294", "J9305"), "refuted"),
        (crossed("J9294", "J9296"), "unknown"),  # two others: which, only a person can say
        (crossed("J9271"), "unknown"),  # another drug's package: not a matter of the manufacturer
        (crossed("J9294", on=date(2025, 10, 1)), "unknown"),  # another quarter's crosswalk
        (crossed("J9294", ndc="11111111111"), "refuted"),  # not listed, which proves nothing: the chart decides
        (CODES, "refuted"),  # none loaded
    ],
)
def test_the_crosswalk_proves_only_what_it_plainly_says(codes: Codes, truth: str) -> None:
    fact = product(codes)
    assert fact.truth == truth
    assert truth != "unknown" or fact.missing


def test_a_crosswalk_of_another_quarter_names_the_one_to_get() -> None:
    fact = product(crossed("J9294", on=date(2025, 10, 1)))
    assert fact.missing == ("the NDC-HCPCS crosswalk of the quarter of 2026-03-16",)


@pytest.mark.parametrize(
    ("quantity", "unit", "truth"),
    [
        ("16", "ML", "confirmed"),
        ("15.99", "ML", "confirmed"),
        ("400", "ML", "refuted"),  # billing units written as the quantity
        ("1.6", "ML", "refuted"),
    ],
)
def test_the_ndc_quantity_must_fit_the_units_billed(quantity: str, unit: str, truth: str) -> None:
    sent = claim(line(400, drug=DrugIdentification("N4", PACKAGE, Decimal(quantity), unit)))
    q = asked(case("CO-16", ("M119",), sent=sent, chart=chart(dose(ndc=PACKAGE))), crossed("J9271"))
    fact = q.fact("ndc-on-line-complete")
    assert fact.truth == truth
    assert ("does not fit 400 units" in fact.says) is (truth == "refuted")
    assert truth == "confirmed" or "charted_ndc" not in fact.values


@pytest.mark.parametrize(("quantity", "unit"), [("4", "UN"), ("400", "UN"), ("400", "ME"), ("16", "GR")])
def test_a_solution_is_reported_in_millilitres_whatever_the_quantity(quantity: str, unit: str) -> None:
    sent = claim(line(400, drug=DrugIdentification("N4", PACKAGE, Decimal(quantity), unit)))
    q = asked(case("CO-16", ("M119",), sent=sent, chart=chart(dose(ndc=PACKAGE))), crossed("J9271"))
    fact = q.fact("ndc-on-line-complete")
    assert (fact.truth, "charted_ndc" in fact.values) == ("refuted", False)
    assert f"the NDC's unit is {unit}" in fact.says


def test_without_the_crosswalk_of_the_quarter_the_labels_strength_judges_the_quantity() -> None:
    sent = claim(line(400, drug=DrugIdentification("N4", PACKAGE, Decimal(400), "ML")))
    for codes in (CODES, crossed("J9271", on=date(2025, 10, 1)), crossed("J9294")):
        assert asked(case("CO-16", ("M119",), sent=sent), codes).fact("ndc-on-line-complete").truth == "refuted"


def test_without_crosswalk_and_one_strength_a_quantity_is_not_judged() -> None:
    sent = claim(line(8, hcpcs="J9201", drug=DrugIdentification("N4", PACKAGE, Decimal(400), "ML")))
    for codes in (CODES, crossed("J9201", on=date(2025, 10, 1)), crossed("J9294")):
        assert asked(case("CO-16", ("M119",), sent=sent), codes).fact("ndc-on-line-complete").truth == "confirmed"


def test_the_service_of_these_tests_lies_in_the_quarter_they_name() -> None:
    assert QUARTER <= SERVED < date(2026, 4, 1)
