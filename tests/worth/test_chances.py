"""What outcomes teach of a chance: within bounds, monotone in wins, the prior without them, the same in any order."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.worth.assumptions import assumptions
from agent.worth.beta import beta_quantile, incomplete_beta
from agent.worth.chances import Chances, recovered_share
from knowledge.types.diagnosis import Remedy
from knowledge.types.outcomes import Settled

REMEDIES = get_args(Remedy)
RECOVERING = [remedy for remedy in REMEDIES if assumptions().remedies[remedy].chance > 0]


def ended(number: int, ending: Any = "won", **changed: Any) -> Settled:
    given = {
        "denial_id": f"den_{number}",
        "payer_key": "CASC1",
        "payer_name": "Cascade Health Plan",
        "root_cause": "auth-units-mismatch",
        "remedy": "reconsideration",
        "at_stake": Decimal("1000"),
        "recovered": {"won": Decimal("1000"), "lost": Decimal(0), "partly_won": Decimal("400")}[ending],
        "ending": ending,
        "ended_on": date(2026, 4, 1),
    }
    return Settled.model_validate({**given, **changed})


HERE = ("reconsideration", "auth-units-mismatch", "CASC1")
outcomes = st.lists(
    st.builds(
        lambda number, ending, payer, cause, remedy, recovered, on: ended(
            number,
            ending,
            payer_key=payer,
            root_cause=cause,
            remedy=remedy,
            recovered=recovered,
            ended_on=date(2026, 1, 1) + timedelta(days=on),
        ),
        number=st.integers(1, 40),
        ending=st.sampled_from(["won", "partly_won", "lost"]),
        payer=st.sampled_from(["CASC1", "MEDB"]),
        cause=st.sampled_from(["auth-units-mismatch", "jw-jz-missing"]),
        remedy=st.sampled_from(["reconsideration", "corrected_claim", "write_off"]),
        recovered=st.decimals(-500, 3000, places=2),
        on=st.integers(0, 90),
    ),
    max_size=40,
)


@given(settled=outcomes, remedy=st.sampled_from(REMEDIES), payer=st.sampled_from(["CASC1", "NEW"]))
def test_a_chance_and_its_interval_are_within_0_and_1_and_in_order(
    settled: list[Settled], remedy: Remedy, payer: str
) -> None:
    chance = Chances(settled).of(remedy, "auth-units-mismatch", payer)
    assert 0 <= chance.low <= chance.high <= 1
    assert 0 <= chance.mean <= 1
    assert chance.outcomes <= chance.of_cause <= chance.of_remedy


@given(settled=outcomes, seed=st.randoms())
def test_the_order_of_the_outcomes_does_not_matter(settled: list[Settled], seed: Any) -> None:
    shuffled = list(settled)
    seed.shuffle(shuffled)
    for remedy in ("reconsideration", "corrected_claim"):
        assert Chances(settled).of(remedy, *HERE[1:]) == Chances(shuffled).of(remedy, *HERE[1:])


@given(
    settled=outcomes,
    payer=st.sampled_from(["CASC1", "MEDB"]),
    cause=st.sampled_from(["auth-units-mismatch", "jw-jz-missing"]),
)
def test_one_more_win_never_lowers_a_chance_and_one_more_loss_never_raises_it(
    settled: list[Settled], payer: str, cause: str
) -> None:
    before = Chances(settled).of(*HERE).mean
    where = {"payer_key": payer, "root_cause": cause}
    assert Chances([*settled, ended(900, "won", **where)]).of(*HERE).mean >= before - 1e-12
    assert Chances([*settled, ended(900, "lost", **where)]).of(*HERE).mean <= before + 1e-12


@given(settled=outcomes, number=st.integers(0, 39))
def test_a_loss_turned_into_a_win_never_lowers_a_chance(settled: list[Settled], number: int) -> None:
    once = list({one.denial_id: one for one in settled}.values())
    if number < len(once):
        lost, won = (once[number].model_copy(update={"ending": ending}) for ending in ("lost", "won"))
        rest = [*once[:number], *once[number + 1 :]]
        assert Chances([*rest, won]).of(*HERE).mean >= Chances([*rest, lost]).of(*HERE).mean - 1e-12


@pytest.mark.parametrize("remedy", REMEDIES)
def test_without_outcomes_it_is_the_starting_assumption_and_says_so(remedy: Remedy) -> None:
    chance = Chances().of(remedy, "any-cause", "any-payer")
    assert chance.mean == pytest.approx(assumptions().remedies[remedy].chance)
    assert (chance.outcomes, chance.few) == (0, True)
    assert ("starting assumption" in chance.says) == (chance.mean > 0)


@pytest.mark.parametrize("remedy", ["write_off", "close", "refund"])
def test_a_remedy_that_recovers_nothing_learns_nothing(remedy: Remedy) -> None:
    settled = [ended(number, remedy=remedy) for number in range(30)]
    assert Chances(settled).of(remedy, "auth-units-mismatch", "CASC1").mean == 0


def test_own_outcomes_outweigh_the_assumption_as_they_come_in() -> None:
    known, start = assumptions(), assumptions().remedies["reconsideration"].chance
    losses = [ended(number, "lost") for number in range(20)]
    chance = Chances(losses).of(*HERE)
    assert chance.mean == pytest.approx(start * known.strengths.payer / (known.strengths.payer + 20))
    assert chance.high < start
    assert not chance.few
    assert chance.says == "20 outcomes of this payer and cause, 20 of the cause, 20 of the remedy"


def test_another_payer_takes_over_part_of_what_a_cause_taught_and_says_that_it_has_no_outcomes() -> None:
    settled = [ended(number, "lost", payer_key="MEDB") for number in range(8)]
    start, strength = assumptions().remedies["reconsideration"].chance, assumptions().strengths.cause
    chance = Chances(settled).of(*HERE)
    assert chance.mean == pytest.approx(start * strength / (strength + 8))
    assert chance.says.startswith("Too few outcomes: 0 outcomes of this payer and cause, 8 of the cause")
    assert chance.few


def test_each_outcome_counts_once_though_it_is_told_twice() -> None:
    once = Chances([ended(1, "lost"), ended(2)]).of(*HERE)
    assert Chances([ended(1, "lost"), ended(2), ended(1, "lost"), ended(2)]).of(*HERE) == once
    turned = [ended(1, "won"), ended(1, "lost", ended_on=date(2026, 5, 1)), ended(2)]
    assert Chances(turned).of(*HERE) == once, "the last ending of a denial counts"


def test_the_interval_narrows_with_outcomes() -> None:
    widths = []
    for many in (0, 10, 100, 1000):
        settled = [ended(number, "won" if number % 5 < 3 else "lost") for number in range(many)]
        chance = Chances(settled).of(*HERE)
        widths.append(chance.high - chance.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.06


@pytest.mark.parametrize(
    ("ending", "at_stake", "recovered", "share"),
    [
        ("won", "1000", "612.40", 1.0),  # the contracted rate is all there was to win
        ("lost", "1000", "80", 0.0),
        ("partly_won", "1000", "250", 0.25),
        ("partly_won", "1000", "1200", 1.0),
        ("partly_won", "1000", "-20", 0.0),
        ("partly_won", "0", "20", 0.0),
    ],
)
def test_a_part_won_counts_by_the_dollar(ending: str, at_stake: str, recovered: str, share: float) -> None:
    one = ended(1, "partly_won").model_copy(
        update={"ending": ending, "at_stake": Decimal(at_stake), "recovered": Decimal(recovered)}
    )
    assert recovered_share(one) == share


@given(a=st.floats(0.2, 400), b=st.floats(0.2, 400), share=st.floats(0.01, 0.99))
def test_a_quantile_has_its_share_below_it(a: float, b: float, share: float) -> None:
    assert incomplete_beta(beta_quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("x", "a", "b", "below"),
    [(0.5, 1, 1, 0.5), (0.25, 1, 1, 0.25), (0.5, 2, 2, 0.5), (0.2, 1, 3, 0.488), (0.7, 3, 2, 0.6517)],
)
def test_the_incomplete_beta_agrees_with_closed_forms(x: float, a: float, b: float, below: float) -> None:
    assert incomplete_beta(x, a, b) == pytest.approx(below, abs=1e-9)


def test_a_quantile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no quantile"):
        beta_quantile(0.5, 0, 0)
    assert (beta_quantile(0.5, 0, 2), beta_quantile(0.5, 2, 0)) == (0.0, 1.0)
