from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from knowledge.policies import AmbiguousPolicy, policy_in_force
from knowledge.types.practice import Policy


def policy(policy_id: str, start: str = "2025-01-01", end: str = "", supersedes: str = "", **more: object) -> Policy:
    fields = {
        "policy_id": policy_id,
        "title": policy_id,
        "payer_id": "CASC1",
        "drugs": ("J9271",),
        "effective_from": date.fromisoformat(start) if start else None,
        "effective_to": date.fromisoformat(end) if end else None,
        "supersedes": supersedes,
    }
    return Policy.model_validate(fields | more)


def counted(policies: list[Policy], on: str, code: str = "J9271") -> str | None:
    found = policy_in_force(policies, "CASC1", code, date.fromisoformat(on))
    if found is None:
        return None
    return "ambiguous" if isinstance(found, AmbiguousPolicy) else found.policy_id


def test_both_dates_are_inclusive() -> None:
    policies = [policy("P", "2025-01-01", "2025-12-31")]
    days = ["2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"]
    assert [counted(policies, day) for day in days] == [None, "P", "P", None]


def test_only_the_payers_policy_for_the_drug_counts() -> None:
    policies = [policy("OTHER", payer_id="MEDB"), policy("DRUG", drugs=("J9299",))]
    assert counted(policies, "2025-06-01") is None
    assert counted(policies, "2025-06-01", "j9299") == "DRUG"


def test_an_open_version_ends_the_day_before_the_one_that_supersedes_it() -> None:
    policies = [policy("B", "2026-01-01", supersedes="A"), policy("A", "2025-01-01")]
    assert counted(policies, "2025-12-31") == "A"
    assert counted(policies, "2026-01-01") == "B"


def test_a_chain_of_versions_leaves_one_on_every_day() -> None:
    policies = [
        policy("A", "2024-01-01"),
        policy("B", "2025-01-01", supersedes="A"),
        policy("C", "2026-01-01", "2026-06-30", supersedes="B"),
    ]
    days = ["2024-06-01", "2025-06-01", "2026-06-01", "2026-07-01"]
    assert [counted(policies, day) for day in days] == ["A", "B", "C", None]


def test_two_in_force_are_ambiguous_and_named() -> None:
    policies = [policy("A", source="policies/a.md:2"), policy("B", "2026-01-01", source="policies/b.md:2")]
    found = policy_in_force(policies, "CASC1", "J9271", date(2026, 2, 1))
    assert isinstance(found, AmbiguousPolicy)
    assert "A (policies/a.md:2), B (policies/b.md:2)" in found.says


def test_an_end_date_of_its_own_is_not_overruled_by_supersedes() -> None:
    policies = [policy("A", end="2026-03-31"), policy("B", "2026-01-01", supersedes="A")]
    assert counted(policies, "2026-02-01") == "ambiguous"
    assert counted(policies, "2026-04-01") == "B"


def test_a_policy_without_a_first_day_is_never_simply_cited() -> None:
    assert counted([policy("A", "")], "2026-01-01") == "ambiguous"
    assert counted([policy("A", "", "2025-12-31")], "2026-01-01") is None


def test_versions_under_one_id_follow_by_date_when_they_say_so() -> None:
    first, second = policy("A", "2025-01-01"), policy("A", "2026-01-01", supersedes="A")
    assert policy_in_force([first, second], "CASC1", "J9271", date(2025, 6, 1)) is first
    assert policy_in_force([first, second], "CASC1", "J9271", date(2026, 6, 1)) is second


def test_policies_that_supersede_each_other_leave_the_later() -> None:
    policies = [policy("A", "2025-01-01", supersedes="B"), policy("B", "2026-01-01", supersedes="A")]
    assert counted(policies, "2026-06-01") == "B"


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True), st.integers(0, 500))
def test_a_full_chain_is_never_ambiguous(starts: list[int], on: int) -> None:
    zero = date(2025, 1, 1)
    chain = [
        policy(f"P{n}", (zero + timedelta(days=start)).isoformat(), supersedes=f"P{n - 1}" if n else "")
        for n, start in enumerate(sorted(starts))
    ]
    found = policy_in_force(reversed(chain), "CASC1", "J9271", zero + timedelta(days=on))
    begun = [p for p in chain if p.effective_from and p.effective_from <= zero + timedelta(days=on)]
    assert found == (begun[-1] if begun else None)
