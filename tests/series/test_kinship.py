"""What a change touches is found without reading every denial, and comes to what reading every denial comes to."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from series_builders import denial

from agent.series.finding import series_of
from agent.series.groups import OPEN, group_by_denial, groups_of
from agent.series.kinship import Kinship
from agent.worth.outline import Outline, read_outline
from agent.worth.value import payer_key, ran_out, to_be_paid

CATEGORIES = {"unknown": "unknown", "jw-jz-missing": "coding"}

rows = st.tuples(
    st.integers(0, 9),
    st.sampled_from(["A-1", "A-2", None]),
    st.sampled_from(["auth-units-mismatch", "auth-expired", "unknown", "jw-jz-missing"]),
    st.sampled_from(["20.00", "9000.00"]),
    st.sampled_from([*OPEN, "sent", "won", "closed"]),
    st.sampled_from(["corrected_claim", "authorization_fix"]),
    st.sampled_from(["J9271", "96413"]),
)


def outline(row: tuple[Any, ...]) -> Outline:
    number, auth, cause, amount, status, remedy, code = row
    told = {"root_cause": cause, "category": CATEGORIES.get(cause, "authorization"), "status": status, "remedy": remedy}
    made = denial(f"den_{number:02}", claim=f"C-{number // 3}", auth=auth, amount=amount, hcpcs=code, **told)
    return read_outline(made.model_dump_json())


@settings(max_examples=200, deadline=None)
@given(changes=st.lists(st.lists(rows, min_size=1, max_size=6), min_size=1, max_size=6))
def test_changes_one_after_another_come_to_the_groups_of_all_and_name_whom_they_touch(
    changes: list[list[tuple[Any, ...]]],
) -> None:
    kinship = Kinship()
    for change in changes:
        before = {name: (kinship.group_of(name), kinship.series_of(name)) for name in kinship.outlines}
        touched = kinship.put(outline(row) for row in change)
        held = sorted(kinship.outlines.values(), key=lambda one: one.denial_id)
        groups, series = groups_of(held), series_of(held)
        by_denial = group_by_denial(groups)
        assert kinship.groups() == groups
        for one in held:
            name = one.denial_id
            now = (kinship.group_of(name), kinship.series_of(name))
            assert now == (by_denial.get(name), series.get(name))
            if before.get(name) != now:
                assert name in touched


def test_denials_that_go_over_to_the_authorization_of_others_are_in_one_series_alone() -> None:
    def told(turn: int) -> list[Outline]:
        names = [f"A-{pair}" for pair in range(8)]
        held = ((2 * pair + which, names[(pair + turn) % 8]) for pair in range(8) for which in (0, 1))
        return [
            outline((3 * number, auth, "auth-units-mismatch", "20.00", "new", "corrected_claim", "J9271"))
            for number, auth in held
        ]

    kinship = Kinship(told(0))
    for turn in (1, 2, 3):
        kinship.put(told(turn))
        assert kinship.groups() == groups_of(told(turn))
        assert {kinship.group_of(one.denial_id) is None for one in told(turn)} == {False}


def test_an_outline_is_weighed_and_grouped_as_its_record() -> None:
    held = [
        denial("den_1", evidence=(("coverage", "coverage.csv row 4"), ("remit", "a.835 CLP")), auth=None),
        denial(
            "den_2", root_cause="coverage-terminated", category="eligibility", evidence=(("coverage", "c.csv row 4"),)
        ),
        denial(
            "den_3", root_cause="coverage-terminated", category="eligibility", evidence=(("coverage", "c.csv row 4"),)
        ),
    ]
    outlines = [read_outline(one.model_dump_json()) for one in held]
    assert groups_of(outlines) == groups_of(held)
    assert series_of(outlines) == series_of(held)
    for one, told in zip(outlines, held, strict=True):
        assert (payer_key(one), to_be_paid(one), ran_out(one)) == (payer_key(told), to_be_paid(told), ran_out(told))
        assert all(evidence.kind == "coverage" for evidence in one.evidence), "what nobody shares is not held"
