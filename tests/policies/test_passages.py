from hypothesis import given
from hypothesis import strategies as st
from policy_builders import policy

from knowledge.policies.bm25 import Bm25
from knowledge.policies.passages import MOST_CHARACTERS, cut_passages
from knowledge.policies.words import spelled_out, tokens, widened, with_synonyms


def test_a_section_is_a_passage_with_its_heading_and_line() -> None:
    found = cut_passages(policy("# Drug\n\n## Quantity\nUp to 200 mg.\n\n## Empty\n\n## Claims\nUse REF G1."))
    assert [(passage.heading, passage.text, passage.number) for passage in found] == [
        ("Quantity", "Up to 200 mg.", 0),
        ("Claims", "Use REF G1.", 1),
    ]
    assert found[0].line == 3


def test_a_long_section_is_cut_at_its_items() -> None:
    items = "\n".join(f"- item {number} {'word ' * 30}".rstrip() for number in range(12))
    found = cut_passages(policy(f"## Criteria\nAll of the following:\n{items}"))
    assert len(found) > 1
    assert found[0].text.startswith("All of the following:\n- item 0")
    assert all(passage.text.startswith("- item") for passage in found[1:])
    assert all(len(passage.text) <= MOST_CHARACTERS + 40 for passage in found)


@given(st.lists(st.sampled_from(["word " * 40, "- item " + "x " * 100, "", "Lead:", "1. one", "  more"]), max_size=30))
def test_passages_hold_all_words_in_order_and_verbatim(lines: list[str]) -> None:
    source = policy("## Criteria\n" + "\n".join(lines))
    text = "".join(section.text for section in source.sections)
    found = cut_passages(source)
    assert "".join("".join(passage.text.split()) for passage in found) == "".join(text.split())
    assert all(passage.text in text for passage in found)


def test_forms_of_a_word_meet() -> None:
    assert tokens("dosing doses dose") == ("dos", "dos", "dos")
    assert len(set(tokens("the authorization of authorizations"))) == 1


def test_a_synonym_counts_less_than_the_word_itself() -> None:
    words = widened("precert")
    own = tokens("precert")[0]
    assert words[own] == 1
    assert 0 < words[tokens("authorization")[0]] < 1


def test_a_drug_is_spelled_out_with_its_generic_name_and_class() -> None:
    assert spelled_out("Aloxi on Monday") == "Aloxi (palonosetron, 5-ht3 antagonist) on Monday"
    assert spelled_out("nothing here") == "nothing here"


def test_synonyms_are_added_within_their_limit() -> None:
    assert with_synonyms("xyzzy", 3) == "xyzzy"
    widened_text = with_synonyms("the drip", 2)
    assert widened_text.startswith("the drip (")
    assert len(widened_text.split(",")) <= 2 * 3


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    bm25 = Bm25([("dose", "weight"), ("dose", "claim"), ("dose",)])
    weight, claim, plain = bm25.scores({"dose": 1.0, "weight": 1.0})
    assert weight > claim
    assert weight > plain > 0


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=6), max_size=5), st.sampled_from("abcdx"))
def test_scores_are_never_negative_and_never_above_the_most(texts: list[list[str]], word: str) -> None:
    bm25 = Bm25(texts)
    scores = bm25.scores({word: 1.0})
    assert len(scores) == len(texts)
    assert all(0 <= score <= bm25.most([word]) for score in scores)
