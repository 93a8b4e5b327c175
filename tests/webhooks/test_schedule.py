from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.webhooks.schedule import schedule


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_each_wait_is_its_own_and_up_to_a_fifth_longer(tries: int, chance: float) -> None:
    wait = schedule().wait(tries, chance)
    base = schedule().waits[tries - 1]
    assert wait is not None
    assert base <= wait <= base * 1.2


def test_the_waits_grow_over_days_and_end() -> None:
    waits = schedule().waits
    assert list(waits) == sorted(waits)
    assert timedelta(days=3) <= sum(waits, timedelta()) <= timedelta(days=7)
    assert schedule().wait(len(waits) + 1, 0.5) is None


def test_what_the_receiver_asks_for_is_heeded_when_longer_but_not_without_end() -> None:
    assert schedule().wait(1, 0, timedelta(minutes=10)) == timedelta(minutes=10)
    assert schedule().wait(9, 0, timedelta(minutes=10)) == schedule().waits[8]
    assert schedule().wait(1, 0, timedelta(days=400)) == schedule().longest_retry_after
