"""A drug a policy takes out of the medical benefit: plain words, choices left open, other drugs, no policy."""

from dataclasses import replace
from datetime import date

import pytest
from agent_builders import asked, case, chart, claim, diagnosed, dose, line

from agent.diagnosis.case import Case
from knowledge.types.practice import Policy, PolicySection


def policy(text: str, heading: str = "Coverage", drugs: tuple[str, ...] = ("J9217",)) -> Policy:
    section = PolicySection(heading=heading, text=text, line=10)
    return Policy(
        policy_id="RX-7",
        title="Drugs",
        payer_id="CASC1",
        drugs=drugs,
        effective_from=date(2026, 1, 1),
        sections=(section,),
        source="policies/rx.md:1",
    )


def leuprolide(text: str | None, codes: str = "CO-197", remarks: tuple[str, ...] = ("N175",), **more: object) -> Case:
    billed = claim(line(3, hcpcs="J9217", modifiers=(), drug=None), authorizations=())
    given = chart(dose("22.5", hcpcs="J9217", drug="leuprolide"))
    made = case(codes, remarks, sent=billed, chart=given)
    return replace(made, policy=policy(text, **more) if text is not None else None)  # type: ignore[arg-type]


def moved(text: str | None, **more: object) -> str:
    return asked(leuprolide(text, **more)).fact("policy-moves-drug-to-pharmacy").truth


@pytest.mark.parametrize(
    "text",
    [
        "Leuprolide for prostate cancer is a pharmacy benefit. Stock bought by the practice is not paid.",
        "J9217 is covered under the pharmacy benefit only, through Redpine Specialty Pharmacy.",
        "The depots above are dispensed by Cedar Grove Specialty Pharmacy and billed by it to the pharmacy benefit.",
        "Effective April 1 leuprolide must be obtained from the plan's specialty pharmacy.",
        "Leuprolide is no longer covered under the medical benefit; see the pharmacy benefit.",
        "Buy-and-bill of leuprolide is no longer accepted.",
        "Mandatory white-bagging applies to leuprolide.",
        "Leuprolide moved to the PBM on January 1.",
        "Leuprolide acetate depot is excluded from the medical benefit and\nsupplied through the specialty pharmacy.",
    ],
)
def test_a_policy_that_leaves_no_choice_moves_the_drug(text: str) -> None:
    assert moved(text) == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "Leuprolide may be obtained through a specialty pharmacy or bought and billed.",
        "Members can use the specialty pharmacy for leuprolide.",
        "White-bagging of leuprolide is optional.",
        "Leuprolide is available through the pharmacy benefit as well.",
        "Goserelin (J9202) is covered under the pharmacy benefit only.",
        "The specialty pharmacy is not required for leuprolide.",
    ],
)
def test_a_choice_or_another_drug_moves_nothing(text: str) -> None:
    assert moved(text) != "confirmed"


def test_a_policy_silent_on_it_refutes_and_none_leaves_it_open() -> None:
    assert moved("Leuprolide is covered for prostate cancer.") == "refuted"
    assert moved(None) == "unknown"


def test_the_benefit_comes_before_an_authorization_nobody_could_have_had() -> None:
    found = diagnosed(leuprolide("Leuprolide is a pharmacy benefit. Office stock is not paid."))
    assert found.root_cause == "pharmacy-benefit-carve-out"


def test_without_such_a_policy_the_missing_authorization_is_the_cause() -> None:
    assert diagnosed(leuprolide("Leuprolide is covered for prostate cancer.")).root_cause == "auth-never-obtained"
