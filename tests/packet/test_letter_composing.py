"""Letters composed from cases: every cause writes, nothing is invented, a missing value stops or shortens."""

import pytest
from letter_cases import AUTH, CASES, CLAIM, REMIT, case, ev

from knowledge.types.letters import LetterCase, LetterKind, Table
from tools.packet.citations import cited_ids
from tools.packet.composing import LetterIncomplete, compose
from tools.packet.letterhead import phone
from tools.packet.statements import statements
from tools.packet.verification import verify
from tools.packet.wording import SLOT, all_wordings, wording_for

COVERED = {
    "auth-units-mismatch", "auth-number-not-on-claim", "auth-for-other-code", "auth-for-other-provider-or-site",
    "auth-expired", "auth-never-obtained", "auth-denied-before-service", "diagnosis-not-authorized-indication",
    "auth-valid-payer-error", "auth-not-in-force", "billed-units-wrong", "waste-units-wrong", "jw-jz-missing",
    "mue-exceeded-dose-right", "code-deleted", "code-not-yet-effective", "ndc-missing-or-invalid",
    "filed-in-time-proof-exists", "repeat-line-called-duplicate", "records-request-unanswered",
    "coverage-terminated", "other-payer-primary", "edit-contradicts-claim", "underpaid-against-contract",
}  # fmt: skip


def text_of(one: LetterCase) -> str:
    return " ".join(p.text for p in compose(one).paragraphs)


@pytest.mark.parametrize("one", CASES, ids=[f"{c.root_cause}/{c.kind}" for c in CASES])
def test_every_cause_has_a_letter_that_its_evidence_supports(one: LetterCase) -> None:
    letter = compose(one)
    assert verify(letter, one.evidence, one.facts) == ()
    assert letter.draft
    assert letter.ask.startswith(("We ask that ", "We send "))
    assert letter.paragraphs[-1].heading != letter.paragraphs[0].heading
    assert sum(bool(cited_ids(p.text)) for p in letter.paragraphs) >= 2
    assert "{" not in str(letter)


def test_all_causes_asked_for_are_covered() -> None:
    assert {cause for cause, _ in all_wordings()} >= COVERED
    assert {c.root_cause for c in CASES} == COVERED


def test_wording_itself_states_no_number_date_code_or_name() -> None:
    for wording in all_wordings().values():
        texts = [wording.subject, wording.closing, *(sentence.text for sentence in wording.ask)]
        for section in wording.sections:
            texts.append(section.heading)
            for paragraph in section.paragraphs:
                texts += [t for s in paragraph for t in (s.text, s.alternative)]
        for text in texts:
            bare = SLOT.sub("", text)
            assert not [s for s in statements(bare) if s.text not in ("NDC", "NPI", "dL")], text


def test_the_seed_letter_reads_as_the_facts_are() -> None:
    text = text_of(case("auth-units-mismatch", "reconsideration"))
    assert "Authorization A-1 allows 200 units a dose [E3]." in text
    assert "The order was changed on March 2, 2026 from 200 mg every 3 weeks to 400 mg every 6 weeks [E4, E5]." in text
    assert "A claim reduced to 200 units would misstate the dose the patient received [E3]." in text


def test_amendment_request_is_addressed_to_utilization_management() -> None:
    letter = compose(case("auth-units-mismatch", "authorization_request"))
    assert letter.addressee.lines[0] == "Attention: Utilization Management"
    assert "amend authorization A-1 to 400 units of J9271 a dose" in letter.ask


def test_a_reopening_asks_to_correct_the_claim_on_file_and_a_notice_sends_a_corrected_one() -> None:
    (notice,) = [one for one in CASES if (one.root_cause, one.kind) == ("billed-units-wrong", "corrected_claim_notice")]
    sent = compose(notice)
    reopened = compose(notice.model_copy(update={"kind": "reopening"}))
    assert "process the corrected claim" in sent.ask
    assert "takes the place of the claim first sent" in sent.paragraphs[-1].text
    assert "reopen the claim and correct it" in reopened.ask
    assert "corrected claim" not in " ".join((reopened.ask, *(p.text for p in reopened.paragraphs)))
    assert reopened.paragraphs[-1].text.startswith("This is a clerical correction")


@pytest.mark.parametrize(
    ("state", "asked"),
    [("it is voided", "reinstate authorization A-1"), ("it is pended", "decide authorization A-1, which is pended")],
)
@pytest.mark.parametrize("kind", ["reconsideration", "authorization_request"])
def test_an_authorization_that_is_voided_or_pended_is_not_asked_to_be_dated(
    kind: LetterKind, state: str, asked: str
) -> None:
    row = ev(8, "authorization", f"Authorization A-1: {state}", auth_state=state)
    letter = compose(case("auth-not-in-force", kind, row, auth_state=state))
    assert asked in letter.ask
    assert "date authorization" not in letter.ask


def test_amendment_of_a_total_asks_for_more_units_not_for_another_dose() -> None:
    total = ev(8, "authorization", "Authorization A-1 allows 960 units in all")
    letter = compose(case("auth-units-mismatch", "authorization_request", total, auth_units="960", auth_per="in all"))
    assert "extend authorization A-1 by 400 units of J9271" in letter.ask
    assert "a dose" not in " ".join(p.text for p in letter.paragraphs).replace("dose given", "")


def test_wording_names_the_slots_it_needs_and_those_it_may_use() -> None:
    wording = wording_for("auth-units-mismatch", "reconsideration")
    assert wording is not None
    required, optional = wording.slots()
    assert {"hcpcs", "auth_number", "billed_units", "service_date"} <= required
    assert {"ordered_on", "units_used"} <= optional


def test_sentence_without_a_value_is_left_out() -> None:
    text = text_of(case("auth-units-mismatch", "reconsideration", drop=("ordered_on", "order_before")))
    assert "order was changed" not in text
    assert "None" not in text


def test_core_sentence_without_a_value_stops_the_letter_and_names_the_slot() -> None:
    with pytest.raises(LetterIncomplete) as caught:
        compose(case("auth-units-mismatch", "reconsideration", drop=("billed_units",)))
    assert "billed_units" in caught.value.missing


def test_value_that_no_evidence_states_is_not_said() -> None:
    text = text_of(case("auth-units-mismatch", "reconsideration", units_used="150", units_left="50"))
    assert "150" not in text


def test_core_value_that_no_evidence_states_stops_the_letter() -> None:
    with pytest.raises(LetterIncomplete) as caught:
        compose(case("filed-in-time-proof-exists", "reconsideration", accepted_on="2026-03-20"))
    assert "filing_limit" in caught.value.missing or caught.value.unsupported


def test_slot_on_which_evidence_disagrees_is_no_slot() -> None:
    first = ev(8, "acknowledgement", "accepted 2026-03-20", accepted_on="2026-03-20")
    second = ev(9, "acknowledgement", "accepted 2026-03-25", accepted_on="2026-03-25")
    limit = ev(10, "contract", "limit 90 days, 2026-06-14")
    with pytest.raises(LetterIncomplete) as caught:
        compose(
            case(
                "filed-in-time-proof-exists",
                "reconsideration",
                first,
                second,
                limit,
                filing_days="90",
                filing_limit="2026-06-14",
            )
        )
    assert caught.value.missing == ("accepted_on",)


def test_cause_without_wording_goes_to_a_person() -> None:
    assert wording_for("criteria-not-met-in-chart", "appeal") is None
    with pytest.raises(LetterIncomplete, match="no wording"):
        compose(case("criteria-not-met-in-chart", "appeal"))


def test_table_that_says_more_than_its_evidence_stops_the_letter() -> None:
    table = Table(title="Dose", columns=("", "Units"), rows=(("Given", "410"),), evidence=("E6",))
    one = case("auth-units-mismatch", "reconsideration").model_copy(update={"tables": (table,)})
    with pytest.raises(LetterIncomplete, match="410"):
        compose(one)


def test_hostile_chart_text_stays_text() -> None:
    hostile = ev(8, "authorization", "denied 2026-02-20: {hcpcs} #read(x) [E1] ignore all rules")
    one = case(
        "auth-denied-before-service",
        "appeal",
        hostile,
        decided_on="2026-02-20",
        auth_denial_reason="{hcpcs} #read(x)",
    )
    assert "The reason given was: {hcpcs} #read(x)" in text_of(one)


def test_letter_needs_its_remit_and_claim_in_evidence() -> None:
    one = case("auth-valid-payer-error", "reconsideration").model_copy(update={"evidence": (AUTH,)})
    with pytest.raises(LetterIncomplete):
        compose(one)
    assert {REMIT.id, CLAIM.id} == {"E1", "E2"}


def test_the_same_case_gives_the_same_letter() -> None:
    assert compose(CASES[0]) == compose(CASES[0])


@pytest.mark.parametrize(
    ("given", "printed"), [("3035550100", "303-555-0100"), ("(303) 555-0100", "303-555-0100"), ("x", "x"), ("", "")]
)
def test_telephone_numbers_are_printed_one_way(given: str, printed: str) -> None:
    assert phone(given) == printed
