"""Who a letter goes to, and by whose numbers it calls the claim."""

from agent_builders import AS_OF, CASCADE, CATALOGUE, MEDICARE, case, claim, coverage, diagnosed, line

from agent.drafting.letters import addressee, letter_case, letter_facts
from tools.packet.composing import compose

HOSPICE = (coverage(), coverage(plan_type="hospice", order=None))
OTHER_FIRST = (coverage(order="secondary"), coverage("MEDB", order="primary"))


def test_a_claim_for_another_plan_names_the_first_plans_numbers_as_the_first_plans() -> None:
    of = case("CO-22", coverage=OTHER_FIRST)
    found = diagnosed(of)
    assert (found.root_cause, found.remedy) == ("other-payer-primary", "bill_other_payer")
    assert addressee(of, found, found.remedy) == MEDICARE.name
    facts = {fact.label: fact.value for fact in letter_facts(of, found, found.remedy)}
    assert facts["Member ID"] == "MEDB-7"
    assert facts["First plan claim number"] == "ICN1"
    assert not {"Payer claim number", "Amount denied", "Denial codes", "Payment trace"} & set(facts)


def test_the_other_plan_is_told_which_denial_came_first() -> None:
    of = case("CO-22", coverage=OTHER_FIRST)
    found = diagnosed(of)
    cause = CATALOGUE.get(found.root_cause)
    letter = compose(letter_case(of, cause, found, "other_payer_notice", found.remedy, AS_OF))
    assert "The claim went to another plan first, which denied it with CO-22" in letter.paragraphs[0].text


def test_a_plan_that_tells_of_a_hospice_is_not_written_to_as_the_hospice() -> None:
    of = case("CO-109", coverage=HOSPICE)
    found = diagnosed(of)
    assert found.root_cause == "hospice-enrolled"
    assert addressee(of, found, "bill_other_payer") == ""


def test_an_appeal_goes_to_the_payer_that_denied_under_its_own_numbers() -> None:
    of = case("CO-198")
    found = diagnosed(of)
    assert addressee(of, found, "reconsideration") == CASCADE.name
    assert {"Payer claim number", "Amount denied"} <= {
        fact.label for fact in letter_facts(of, found, "reconsideration")
    }


def test_a_single_unit_is_no_plural() -> None:
    of = case("CO-198", sent=claim(line(1)))
    facts = {fact.label: fact.value for fact in letter_facts(of, diagnosed(of), "reconsideration")}
    assert facts["Service"].endswith(", 1 unit")
