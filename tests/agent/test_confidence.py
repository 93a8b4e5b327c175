"""Confidence: the stratum a diagnosis falls into, what is left for other causes, and when a person must look."""

import pytest
from agent_builders import AS_OF, CATALOGUE, PRACTICE, auth, case, chart, claim, diagnosed, dose, line
from hypothesis import given
from hypothesis import strategies as st

from agent import decision as deciding
from agent.decision import decide
from agent.diagnosis.confidence import shared, straight_from, stratum, stratum_of, too_unsure
from agent.diagnosis.hypotheses import GENERIC, MISUSED, REMARK, SPECIFIC
from knowledge.calibration import Confidences, in_force, load_strata
from knowledge.types.diagnosis import Hypothesis, ReviewReason
from knowledge.types.practice import ReviewPolicy

ORDER = [item.id for item in load_strata()]
SCORES = st.sampled_from([MISUSED, GENERIC, SPECIFIC, GENERIC + REMARK, SPECIFIC + REMARK])
HYPOTHESES = st.builds(
    Hypothesis,
    root_cause=st.sampled_from(["a", "b", "c"]),
    standing=st.sampled_from(["confirmed", "open", "refuted"]),
    score=SCORES,
)
REASONS = st.lists(
    st.builds(
        ReviewReason,
        code=st.sampled_from(["remedy-depends", "evidence-contradicts", "two-causes", "person-decides"]),
        says=st.just(""),
    ),
    max_size=2,
)


def proven(score: float) -> Hypothesis:
    return Hypothesis(root_cause="leading", standing="confirmed", score=score)


def other(standing: str, score: float) -> Hypothesis:
    return Hypothesis.model_validate({"root_cause": "other", "standing": standing, "score": score})


def reason(code: str) -> ReviewReason:
    return ReviewReason(code=code, says="")


def confidences(threshold: float | None = None, doubt: str = "") -> Confidences:
    return Confidences(values=dict.fromkeys(ORDER, 0.9), threshold=threshold, doubt=doubt)


@pytest.mark.parametrize(
    ("score", "others", "expected"),
    [
        (SPECIFIC + REMARK, (), "named-twice"),
        (GENERIC + REMARK, (), "named-twice"),
        (SPECIFIC, (), "named"),
        (SPECIFIC, (other("refuted", 4),), "named"),
        (SPECIFIC, (other("open", GENERIC),), "named"),
        (GENERIC, (), "named-loosely"),
        (SPECIFIC, (other("open", SPECIFIC),), "named-loosely"),
        (SPECIFIC, (other("confirmed", GENERIC),), "beside-proven"),
        (SPECIFIC, (other("confirmed", MISUSED),), "named"),
        (SPECIFIC, (other("confirmed", SPECIFIC),), "two-proven"),
        (MISUSED, (), "payer-says-other"),
        (SPECIFIC, (other("open", 4),), "payer-says-other"),
        (SPECIFIC, (other("open", 4), other("confirmed", SPECIFIC)), "payer-says-other"),
    ],
)
def test_a_proven_cause_is_as_sure_as_the_payers_codes_and_its_rivals_allow(
    score: float, others: tuple[Hypothesis, ...], expected: str
) -> None:
    assert stratum(proven(score), others) == expected


@pytest.mark.parametrize("code", ["remedy-depends", "evidence-contradicts"])
def test_an_answer_that_hangs_on_something_open_is_unsettled_however_plainly_it_is_named(code: str) -> None:
    assert stratum(proven(4), (), [reason(code)]) == "unsettled"


def test_an_ambiguous_link_unsettles_and_a_decision_that_is_a_persons_does_not() -> None:
    assert stratum(proven(4), (), links_ambiguous=True) == "unsettled"
    assert stratum(proven(4), (), [reason("person-decides")]) == "named-twice"


def test_no_cause_and_an_open_cause_are_both_unknown() -> None:
    assert stratum(None, (proven(4),)) == "unknown"
    assert stratum(other("open", 4), ()) == "unknown"


@given(score=SCORES, others=st.lists(HYPOTHESES, max_size=4), reasons=REASONS, more=HYPOTHESES, links=st.booleans())
def test_a_further_standing_cause_or_doubt_never_makes_an_answer_surer(
    score: float, others: list[Hypothesis], reasons: list[ReviewReason], more: Hypothesis, links: bool
) -> None:
    before = ORDER.index(stratum(proven(score), others, reasons, links_ambiguous=links))
    assert ORDER.index(stratum(proven(score), [*others, more], reasons, links_ambiguous=links)) >= before
    assert ORDER.index(stratum(proven(score), others, reasons, links_ambiguous=True)) >= before


@given(low=SCORES, high=SCORES, others=st.lists(HYPOTHESES, max_size=4))
def test_a_plainer_name_never_makes_an_answer_less_sure(low: float, high: float, others: list[Hypothesis]) -> None:
    low, high = sorted((low, high))
    assert ORDER.index(stratum(proven(high), others)) <= ORDER.index(stratum(proven(low), others))


@given(others=st.lists(HYPOTHESES, max_size=6, unique_by=lambda h: h.root_cause), taken=st.floats(0, 1))
def test_what_other_causes_get_and_what_is_taken_are_never_more_than_certainty(
    others: list[Hypothesis], taken: float
) -> None:
    shares = shared(others, taken)
    assert taken + sum(shares.values()) <= 1.002
    assert set(shares) == {h.root_cause for h in others if h.standing != "refuted"}


def test_the_practices_limit_decides_alone_where_no_threshold_is_shown() -> None:
    assert straight_from(0.8, confidences()) == 0.8
    assert too_unsure(0.8, 0.8, confidences(doubt="too few labels")) is None


def test_a_practice_may_ask_for_more_than_was_shown_but_not_for_less() -> None:
    assert straight_from(0.8, confidences(0.95)) == 0.95
    assert straight_from(0.97, confidences(0.95)) == 0.97


def test_the_reason_says_which_limit_was_missed_and_that_nothing_is_calibrated_only_there() -> None:
    shown = too_unsure(0.85, 0.8, confidences(0.95))
    own = too_unsure(0.85, 0.9, confidences(0.8))
    doubted = too_unsure(0.85, 0.9, confidences(doubt="no threshold is shown"))

    assert shown is not None
    assert "0.95, from which on labelled cases show" in shown.says
    assert own is not None
    assert own.says == "Confidence 0.85 is below the practice's 0.9"
    assert doubted is not None
    assert doubted.says.endswith("0.9 (no threshold is shown)")


def test_an_answer_exactly_at_the_limit_is_sure_enough() -> None:
    assert too_unsure(0.95, 0.9, confidences(0.95)) is None


def test_a_diagnosis_states_the_confidence_of_its_stratum() -> None:
    named = diagnosed(case(sent=claim(line()), auths=(auth(),), chart=chart(dose())))
    unknown = diagnosed(case("CO-16", ()))

    for found in (named, unknown):
        assert found.confidence == in_force(CATALOGUE).values[stratum_of(found)]
    assert named.root_cause != "unknown"
    assert stratum_of(unknown) == "unknown"
    assert named.confidence > unknown.confidence


@pytest.mark.parametrize(("minimum", "threshold", "asked"), [(0.5, None, False), (0.5, 1.0, True), (1.0, None, True)])
def test_a_decision_asks_for_a_person_below_the_limit_in_force(
    monkeypatch: pytest.MonkeyPatch, minimum: float, threshold: float | None, asked: bool
) -> None:
    practice = PRACTICE.model_copy(update={"review": ReviewPolicy(min_confidence=minimum)})
    of = case(sent=claim(line()), auths=(auth(),), chart=chart(dose()), practice=practice)
    monkeypatch.setattr(deciding, "in_force", lambda _catalogue: confidences(threshold))

    found = decide(of, diagnosed(of), AS_OF)

    assert ("low-confidence" in {item.code for item in found.review_reasons}) == asked
