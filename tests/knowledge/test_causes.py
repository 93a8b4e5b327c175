"""The cause catalogue fits what there is: every fact it asks for is established, every slot can be filled."""

import inspect
from collections import Counter
from collections.abc import Callable
from types import CodeType
from typing import Any, get_args

import pytest

from agent.diagnosis import checks
from agent.diagnosis.inquiry import CHECKS
from agent.diagnosis.wording import SLOT
from agent.reading.questions import load_questions
from knowledge.causes import Cause, load_catalogue
from knowledge.codes import load_codes
from knowledge.types.diagnosis import Remedy

CAUSES = load_catalogue().causes
ALWAYS_KNOWN = {"payer_name", "member_id", "hcpcs", "service_date"}
"""Slots that the diagnosis fills itself, whatever the facts."""

by_cause = pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.id)


def asked_by(cause: Cause) -> set[str]:
    when = (name for circumstance in cause.remedies for name in circumstance.when)
    return {name.removeprefix("not ") for name in (*cause.confirm, *cause.refute, *when)}


def test_every_fact_the_catalogue_asks_for_has_a_check() -> None:
    assert checks.__all__
    assert load_catalogue().fact_names() - CHECKS.keys() == set()


def test_every_check_is_asked_for_by_the_catalogue_or_by_another_check() -> None:
    asked_in_code = {text for check in CHECKS.values() for text in _words(check) if text in CHECKS}
    asked = load_catalogue().fact_names() | load_catalogue().fact_names_before()
    assert CHECKS.keys() - asked - asked_in_code == set()


@by_cause
def test_every_slot_of_the_sentence_can_be_filled_by_a_fact_of_the_cause(cause: Cause) -> None:
    fillable = ALWAYS_KNOWN.union(*(_words(CHECKS[name]) for name in asked_by(cause)))
    fillable |= {question.quote_as for question in load_questions().values() if question.fact in asked_by(cause)}
    slots = {slot for clause in cause.says for slot in SLOT.findall(clause)}
    assert slots - fillable == set()


@by_cause
def test_the_sentence_begins_with_a_value_of_the_case(cause: Cause) -> None:
    assert SLOT.search(cause.says[0])


@by_cause
def test_a_sentence_is_one_sentence(cause: Cause) -> None:
    assert not any(clause.endswith(".") for clause in cause.says)
    assert not any(clause.startswith(" ") for clause in cause.says[:1])
    assert all(clause[0] in ";,: (" for clause in cause.says[1:]), "later clauses carry their own joint"


@by_cause
def test_every_signal_is_a_code_that_exists(cause: Cause) -> None:
    codes = load_codes()
    assert set(cause.signals.groups) <= {"CO", "PR", "OA", "PI"}
    assert {*cause.signals.carcs, *cause.signals.also_seen} <= codes.carc_codes
    assert set(cause.signals.remarks) <= codes.rarc_codes
    assert not set(cause.signals.carcs) & set(cause.signals.also_seen)


@by_cause
def test_every_cause_is_suggested_by_something_and_ends_in_a_remedy(cause: Cause) -> None:
    words = {*get_args(Remedy), "first_appeal", "claim_fix"}
    assert cause.signals.carcs or cause.signals.remarks
    assert cause.confirm, "a cause without a fact to confirm it can never be proven"
    assert cause.remedies
    assert cause.remedies[-1].when == (), "without a last remedy that always applies a proven cause may have none"
    for circumstance in cause.remedies:
        assert circumstance.remedy in words
        assert circumstance.then is None or circumstance.then in words
        assert circumstance.then != circumstance.remedy


@by_cause
def test_money_is_given_up_or_asked_of_a_patient_only_by_a_cause_that_a_person_decides(cause: Cause) -> None:
    if {c.remedy for c in cause.remedies} & {"write_off", "refund", "bill_patient"}:
        assert cause.decides


def test_no_two_causes_are_of_one_rank_or_number() -> None:
    for of in (lambda cause: cause.rank, lambda cause: cause.number, lambda cause: cause.name):
        counted = Counter(of(cause) for cause in CAUSES)
        assert [item for item, count in counted.items() if count > 1] == []


def _words(function: Callable[..., Any], seen: frozenset[Any] = frozenset()) -> set[str]:
    """Every name a check may fill a slot with: keywords and text in it, and in what it calls beside it."""
    if function in seen:
        return set()
    seen |= {function}
    found, called = _texts(function.__code__)
    for name in called:
        other = function.__globals__.get(name)
        if inspect.isfunction(other) and other.__module__.startswith("agent.diagnosis"):
            found |= _words(other, seen)
    for fact in found & CHECKS.keys():
        found |= _words(CHECKS[fact], seen)
    return found


def _texts(code: CodeType) -> tuple[set[str], set[str]]:
    """The texts of a function, names of keywords among them, and the names it uses; those inside it too."""
    found, called = set[str](), set(code.co_names)
    for constant in code.co_consts:
        for item in constant if isinstance(constant, tuple | frozenset) else (constant,):
            if isinstance(item, str):
                found.add(item)
            elif isinstance(item, CodeType):
                inner_found, inner_called = _texts(item)
                found |= inner_found
                called |= inner_called
    return found, called
