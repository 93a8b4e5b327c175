"""Which denials are worked together: one shared record and cause, small ones of a payer and cause; and who is not."""

from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from series_builders import denial

from agent.series.finding import series_of
from agent.series.groups import OPEN, Group, groups_of, is_small
from agent.series.shared import Facts, sharing
from agent.worth.assumptions import assumptions
from knowledge.causes import load_catalogue
from knowledge.types.diagnosis import Category
from knowledge.types.record import DenialRecord


def _only(*records: DenialRecord) -> Group:
    (group,) = groups_of(records)
    return group


def test_one_bad_authorization_over_three_cycles_is_one_series() -> None:
    held = [denial(f"den_{n}", claim=f"C-{n}") for n in (1, 2, 3)]
    group = _only(*held)
    assert group.kind == "series"
    assert group.members == ("den_1", "den_2", "den_3")
    assert group.shared == "authorization A-1"
    assert set(series_of(held).values()) == {group.group_id}


@pytest.mark.parametrize(
    "other",
    [
        {"auth": "A-2"},
        {"payer": "MEDB"},
        {"root_cause": "unknown", "category": "unknown"},
        {"root_cause": "auth-expired"},
    ],
)
def test_another_authorization_payer_or_cause_is_no_series(other: dict[str, Any]) -> None:
    held = [denial("den_1"), denial("den_2", claim="C-2", **other)]
    assert groups_of(held) == ()
    assert series_of(held) == {}


def test_without_an_authorization_one_patients_treatment_with_one_drug_is_a_series_and_anothers_is_not() -> None:
    never: dict[str, Any] = {"root_cause": "auth-never-obtained", "auth": None}
    group = _only(
        denial("den_1", **never),
        denial("den_2", claim="C-2", **never),
        denial("den_3", claim="C-3", chart="charts/other.json", **never),
        denial("den_4", claim="C-4", hcpcs="J9299", **never),
    )
    assert group.members == ("den_1", "den_2")


def test_the_administration_goes_with_the_drug_of_its_claim() -> None:
    never: dict[str, Any] = {"root_cause": "auth-never-obtained", "auth": None}
    group = _only(denial("den_1", **never), denial("den_2", hcpcs="96413", **never))
    assert group.members == ("den_1", "den_2")


def test_one_missing_modifier_of_a_drug_over_many_patients_is_a_series() -> None:
    missing: dict[str, Any] = {"category": "coding", "root_cause": "jw-jz-missing", "remedy": "corrected_claim"}
    group = _only(
        denial("den_1", chart="charts/a.json", **missing),
        denial("den_2", claim="C-2", chart="charts/b.json", **missing),
    )
    assert group.shared == "code J9271"


def test_one_provider_not_enrolled_over_many_claims_is_a_series_and_another_provider_is_not() -> None:
    def enrolled(number: int, npi: str) -> DenialRecord:
        says = f"Nina Castellano MD (NPI {npi}) is not enrolled"
        told: dict[str, Any] = {"category": "provider", "root_cause": "rendering-not-credentialed", "says": says}
        return denial(f"den_{number}", claim=f"C-{number}", **told)

    group = _only(enrolled(1, "1555003031"), enrolled(2, "1555003031"), enrolled(3, "1555001019"))
    assert group.members == ("den_1", "den_2")


def test_one_contract_row_underpaid_over_many_claims_is_a_series() -> None:
    row = (("contract", "contracts/rates.csv:3"),)
    told: dict[str, Any] = {"category": "payment", "root_cause": "underpaid-against-contract"}
    group = _only(
        denial("den_1", evidence=row, **told),
        denial("den_2", claim="C-2", evidence=row, **told),
        denial("den_3", claim="C-3", evidence=(("contract", "contracts/rates.csv:4"),), **told),
    )
    assert group.members == ("den_1", "den_2")


def test_a_member_whose_facts_differ_falls_out_and_it_is_said_why() -> None:
    group = _only(
        denial("den_1"),
        denial("den_2", claim="C-2"),
        denial("den_3", claim="C-3", root_cause="auth-expired", says="Authorization A-1 had ended."),
        denial("den_4", claim="C-4", remedy="write_off"),
    )
    assert group.members == ("den_1", "den_2")
    told = {left.denial_id: left.says for left in group.left_out}
    assert told["den_3"] == "Its cause is auth-expired, not auth-units-mismatch: Authorization A-1 had ended."
    assert told["den_4"] == "It has the same cause but another answer: write off"


def test_what_is_settled_keeps_the_name_of_its_series_and_is_not_worked_again() -> None:
    held = [denial("den_1"), denial("den_2", claim="C-2"), denial("den_3", claim="C-3", status="won")]
    assert len(set(series_of(held).values())) == 1
    assert len(series_of(held)) == 3
    assert _only(*held).members == ("den_1", "den_2")


def test_small_denials_of_one_payer_cause_and_answer_are_a_batch_and_large_ones_are_not() -> None:
    small = {"amount": "20.00", "root_cause": "billed-units-wrong", "category": "units", "remedy": "corrected_claim"}
    group = _only(
        denial("den_1", claim="C-1", **small),
        denial("den_2", claim="C-2", **small),
        denial("den_3", claim="C-3", **{**small, "amount": "9000.00"}),
        denial("den_4", claim="C-4", **{**small, "payer": "MEDB"}),
        denial("den_5", claim="C-5", **{**small, "remedy": "write_off"}),
    )
    assert (group.kind, group.members) == ("batch", ("den_1", "den_2"))
    assert group.group_id.startswith("bat_")


def test_what_costs_more_than_it_brings_is_small_whatever_it_is_called() -> None:
    low = assumptions().low_dollar
    assert is_small(denial("den_1", amount=str(low - Decimal("0.01"))))
    assert is_small(denial("den_1", amount=str(low), remedy="appeal"))
    assert not is_small(denial("den_1", amount="9000.00", remedy="appeal"))
    assert not is_small(denial("den_1", amount="9000.00", remedy="write_off")), "a decision is no work for a batch"


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["A-1", "A-2", None]),
            st.sampled_from(["auth-units-mismatch", "auth-expired", "unknown", "jw-jz-missing"]),
            st.sampled_from(["20.00", "9000.00"]),
            st.sampled_from([*OPEN, "sent", "won", "closed"]),
            st.sampled_from(["corrected_claim", "authorization_fix"]),
        ),
        max_size=14,
    ),
    seed=st.randoms(),
)
def test_a_denial_is_in_one_group_at_most_groups_have_two_or_more_and_any_order_gives_the_same(
    rows: list[tuple[str | None, str, str, str, str]], seed: Any
) -> None:
    held = []
    for number, (auth, cause, amount, status, remedy) in enumerate(rows):
        category = {"unknown": "unknown", "jw-jz-missing": "coding"}.get(cause, "authorization")
        told: dict[str, Any] = {"root_cause": cause, "category": category, "status": status, "remedy": remedy}
        held.append(denial(f"den_{number:02}", claim=f"C-{number // 2}", auth=auth, amount=amount, **told))
    groups = groups_of(held)
    members = [member for group in groups for member in group.members]
    assert len(members) == len(set(members))
    by_id = {one.denial_id: one for one in held}
    for group in groups:
        assert len(group.members) >= 2
        assert len({(by_id[m].root_cause, by_id[m].remedy, by_id[m].remit.payer_id) for m in group.members}) == 1
        assert all(by_id[m].status in OPEN for m in group.members)
        assert not {left.denial_id for left in group.left_out} & set(group.members)
    shuffled = list(held)
    seed.shuffle(shuffled)
    assert groups_of(shuffled) == groups


def test_every_category_and_cause_of_the_table_can_find_a_shared_record() -> None:
    assert set(get_args(Category)) - {"unknown"} <= set(sharing().categories)
    for cause in load_catalogue().causes:
        if cause.id != "unknown":
            found = Facts(()).of(denial("den_1", root_cause=cause.id, category=cause.category))
            assert found is not None or cause.category in ("provider",), cause.id
