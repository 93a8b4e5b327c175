import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import SimpleNamespace

import pytest

from agent.queue import WorkReport
from api.worker import StillBusy, Stopped, Worker

REPORT = WorkReport(denials=0, worked=0, waiting=0, won=0, at_stake=Decimal(0))


class SlowOffice:
    """An office whose work begins and ends when the test says so."""

    def __init__(self, cases: int = 1, error: Exception | None = None) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.runs, self.cases, self.error = 0, cases, error
        self.records = SimpleNamespace(reading=self._reading)

    @contextmanager
    def _reading(self) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(denials=SimpleNamespace(states=lambda _practice_id: {}))

    def work(self, _practice_id: str, progress: Callable[[str, int, int], None]) -> WorkReport:
        self.runs += 1
        self.begun.set()
        assert self.go_on.wait(300)
        if self.error is not None:
            raise self.error
        for done in range(1, self.cases + 1):
            progress(f"den_{done}", done, self.cases)
        return REPORT


@pytest.fixture
def office() -> Iterator[SlowOffice]:
    made = SlowOffice()
    yield made
    made.go_on.set()


def test_a_practice_that_waits_is_not_queued_twice_but_one_that_is_worked_is(office: SlowOffice) -> None:
    worker = Worker(office)  # type: ignore[arg-type]
    worker.work("prc")
    assert office.begun.wait(300)
    second = worker.work("prc")
    assert worker.work("prc") is second
    assert worker.progress().state == "working"
    office.go_on.set()
    assert second.result(300).report == REPORT
    worker.stop()
    assert office.runs == 2


def test_a_change_that_cannot_have_its_turn_in_time_is_not_made_later(office: SlowOffice) -> None:
    worker, made = Worker(office), []  # type: ignore[arg-type,var-annotated]
    worker.work("prc")
    assert office.begun.wait(300)
    with pytest.raises(StillBusy):
        worker.call(lambda: made.append(1), patience=0.01)
    office.go_on.set()
    worker.call(lambda: made.append(2), patience=300)
    worker.stop()
    assert made == [2]


def test_work_that_fails_is_said_and_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    office = SlowOffice(error=KeyError("Okafor"))
    office.go_on.set()
    worker = Worker(office)  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        worker.work("prc").result(300)
    worker.call(lambda: None, patience=300)
    assert worker.progress().failed == "KeyError"
    assert "working the denials failed" in caplog.text
    office.error = None
    worker.work("prc").result(300)
    worker.call(lambda: None, patience=300)
    assert worker.progress().failed is None
    worker.stop()


def test_a_server_that_stops_ends_the_work_after_the_case_at_hand() -> None:
    office = SlowOffice(cases=3)
    worker = Worker(office)  # type: ignore[arg-type]
    run = worker.work("prc")
    assert office.begun.wait(300)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    while not worker._stopping:
        pass
    office.go_on.set()
    stopping.join(300)
    assert isinstance(run.exception(10), Stopped)
