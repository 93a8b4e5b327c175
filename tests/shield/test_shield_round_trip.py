from hypothesis import example, given, settings
from hypothesis import strategies as st
from shield_people import CEDAR

from agent.shield import Shield, leaks

PIECES = st.sampled_from(
    [
        "Grace", "Okafor", "O'Connell", "Muñoz", "May", "Long", "Ng", "CHP400118", "CHP", "400118", "A-1", "1960-03-04",
        "3/4/60", "[[PATIENT-1]]", "[[PATIENT-1:b]]", "[[", "]]", "[[TEXT-1", ":b]]", "PATIENT-1", " ", "\n", "-", ".",
        "\u200b", "\u0301", "\u202e", "\\", "\\n", "\\u004f", "%4f", "&amp;", "4", "2026", "Dr. ", "id: ", "1", "Day",
        "303-555-0100", "a@b.co", "\U000e0041", "Park RN", "2210 Larimer St", "R3JhY2UgT2thZm9yLCBvdXQ=", "MRN ", "x",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
@example("[[PATIENT-1]] Grace Okafor [[PATIENT-1:b]] [[[[Okafor]]]]")
@example("[[PATIENT-[[Okafor]]:b]]")
@settings(max_examples=600, deadline=None)
def test_any_text_comes_back_as_it_stood_and_nothing_known_is_left(text: str) -> None:
    shield = Shield(CEDAR)
    covered = shield.cover(text)
    assert shield.uncover(covered) == text
    assert leaks(covered, CEDAR) == ()


@given(st.lists(TEXTS, max_size=5))
@settings(max_examples=100, deadline=None)
def test_many_texts_under_one_shield_come_back_each_as_it_stood(texts: list[str]) -> None:
    shield = Shield(CEDAR, patient="CHP400118")
    covered = [shield.cover(text) for text in texts]
    assert [shield.uncover(text) for text in covered] == texts
    assert [shield.cover(text) for text in texts] == covered
