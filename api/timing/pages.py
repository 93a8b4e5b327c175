"""Measure how long the server takes for every page and part of one: `python -m api.timing.pages [--denials N]`.

The sample practice is worked, its denials are repeated until there are as many as asked, and the app answers in this
process. Each address is asked for many times; between the rounds a denial is assigned anew, as billers do all day, so
that nothing is only fast because nothing changed. The bar is on the 95th percentile.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from fastapi.testclient import TestClient
from rich.console import Console
from rich.table import Table

from agent.intake import Progress
from agent.office import Office
from agent.queue import WorkReport, rank_all
from api.app import create_app
from api.held_memory import set_aside
from api.service import Service
from api.settings import Settings
from api.timing.addresses import Asked, Named, addresses
from api.timing.deciding import Biller
from api.timing.many import multiply
from knowledge.records import OPEN, WorklistFilter
from knowledge.types.practice import Practice

DENIALS, ROUNDS, BAR = 100_000, 25, 100.0
HERE = "http://127.0.0.1:8710"


class Idle(Office):
    """An office whose cases are not worked: pages are measured, not casework."""

    _opened = False

    def practices(self) -> tuple[tuple[str, Practice], ...]:
        """Hold the practices back from who asks first, the server at its start: it would begin to work them."""
        if not self._opened:
            self._opened = True
            return ()
        return super().practices()

    def work(self, practice_id: str, progress: Progress = lambda _name, _done, _total: None) -> WorkReport:
        """Change nothing: what stands is measured."""
        del progress
        return WorkReport(0, 0, 0, 0, Decimal(0))


class Taken(NamedTuple):
    """Milliseconds one request took, and what was computed in them."""

    wall: float
    processor: float
    status: int


class Measured(NamedTuple):
    """Milliseconds of one address.

    `processor` is the 95th percentile of what was computed in them: the machine may have been busy with other things.
    """

    name: str
    first: float
    median: float
    p95: float
    processor: float
    status: int


def main() -> int:
    """Build, measure, and print; return 0 when every page keeps below the bar."""
    parser = argparse.ArgumentParser(prog="python -m api.timing.pages", description=__doc__)
    parser.add_argument("--denials", type=int, default=DENIALS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--home", type=Path, help="a home kept between runs; made when it is not there")
    chosen = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="overturn-bench-") as folder:
        home = chosen.home or Path(folder) / "home"
        if not (home / "overturn.db").exists():
            _build(home, chosen.denials, console)
        aside = Console(stderr=True)
        found = measure(home, chosen.rounds, lambda one: aside.print(f"{one.name}: {one.median:.0f} ms"))
    console.print(_table(found))
    missed = [each.name for each in found if each.p95 > BAR or each.status >= 400]
    console.print(f"{'MISSED' if missed else 'met   '} every page within {BAR:.0f} ms: {', '.join(missed) or 'all'}")
    most = max(each.processor for each in found)
    busy = f"{os.getloadavg()[0]:.1f} processes wanted {os.cpu_count()} processors in the last minute"
    console.print(f"       most computed by a page: {most:.0f} ms; {busy}")
    return 1 if missed else 0


def measure(home: Path, rounds: int, told: Callable[[Measured], object]) -> list[Measured]:
    """Ask for every address in turn, again and again; then have a biller decide a case, again and again.

    `told` hears of each as it is measured.
    """
    settings = Settings(home=home, api_key=None, demo=True)
    app = create_app(settings, lambda given: Idle.open(given.home, _clock))
    headers = {"accept": "text/html", "origin": HERE}
    with TestClient(app, base_url=HERE, headers=headers, raise_server_exceptions=False) as client:
        service = app.state.service
        (practice_id, _), *_ = service.office.practices()
        service.snapshots.of(practice_id)  # as a server does at its start
        with service.worklists.at(practice_id):
            rank_all(service.office.records, practice_id)  # and once its cases are worked
        set_aside()
        biller = Biller(client, service, practice_id)
        items, named = _named(service, practice_id, biller, rounds)
        found = []
        for asked in addresses(named):
            taken = []
            for item in items:
                client.post("/queue/assign", data={"ids": item, "to": "me"})
                taken.append(_timed(lambda asked=asked: _ask(client, asked)))  # type: ignore[misc]
            found.append(_measured(asked.name, taken))
            told(found[-1])
        return [*found, *_decisions(biller, named.worked, rounds)]


def _named(service: Service, practice_id: str, biller: Biller, rounds: int) -> tuple[list[str], Named]:
    """Choose what to ask for: denials to assign in between, a case with a letter that waits, a group."""
    with service.office.records.reading() as repository:
        items = repository.worklist.page(practice_id, WorklistFilter(status=OPEN), limit=rounds).items
        names = [row.denial_id for row in repository.groups.narrow(practice_id) if row.status == "in_review"]
    own = sorted(name for name in names if len(name) == min(map(len, names)))  # copies cannot be worked: see many.py
    with service.worklists.at(practice_id) as (index, _):
        entries, _ = index.page(index.grouped(), limit=1, together=True)
    worked = next(name for name in own if biller.tag(name) and biller.has_letter(name))
    group = str(entries[0].group)
    chosen = Named(items[0].denial_id, worked, biller.source(worked), group, items[0].root_cause)
    return [item.denial_id for item in items], chosen


def _decisions(biller: Biller, denial_id: str, rounds: int) -> list[Measured]:
    taken: dict[str, list[Taken]] = {}
    for _ in range(rounds):
        for step in biller.steps(denial_id):
            run = step.ready()
            taken.setdefault(step.name, []).append(_timed(lambda run=run: run().status_code))  # type: ignore[misc]
    return [_measured(name, held) for name, held in taken.items()]


def _timed(ask: Callable[[], int]) -> Taken:
    began, busy = time.perf_counter(), time.process_time()
    status = ask()
    return Taken((time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000, status)


def _measured(name: str, taken: Sequence[Taken]) -> Measured:
    times, computing = [one.wall for one in taken], [one.processor for one in taken]
    worst = max(one.status for one in taken)
    later = times[1:] or times
    return Measured(name, times[0], statistics.median(later), _p95(later), _p95(computing[1:] or computing), worst)


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _ask(client: TestClient, asked: Asked) -> int:
    headers = {"hx-request": "true"} if asked.part or asked.form is not None else {}
    if asked.form is not None or asked.json is not None:
        return client.post(asked.address, data=asked.form, json=asked.json, headers=headers).status_code
    return client.get(asked.address, headers=headers).status_code


def _build(home: Path, wanted: int, console: Console) -> None:
    began = time.perf_counter()
    making = home.with_name(f"{home.name}-making")  # a home cut off in the making is none
    with Office.open(making, _clock) as office:
        report = office.take_folder(Path(str(files("evals.practices.cedar").joinpath("folder"))))
        if report.practice_id is None:
            raise SystemExit("the sample practice could not be taken in")
        office.work(report.practice_id)
    made = multiply(making, wanted)
    console.print(f"{made:,} denials made in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    with Office.open(making, _clock) as office:
        rank_all(office.records, report.practice_id)
    console.print(f"and ranked in {time.perf_counter() - began:.0f} s")
    making.rename(home)


def _table(found: Sequence[Measured]) -> Table:
    table = Table(title="Milliseconds of the server a request, a change before each")
    for column in ("page", "first", "median", "95%", "processor", "answer"):
        table.add_column(column, justify="left" if column == "page" else "right")
    for each in found:
        numbers = (each.first, each.median, each.p95, each.processor)
        table.add_row(each.name, *(f"{number:.0f}" for number in numbers), str(each.status))
    return table


def _clock() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC) + timedelta(
        seconds=time.monotonic() - _BEGAN
    )  # decisions have an order


_BEGAN = time.monotonic()


if __name__ == "__main__":
    sys.exit(main())
