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
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from fastapi.testclient import TestClient
from rich.console import Console
from rich.table import Table

from agent.intake import Progress
from agent.office import Office
from agent.queue import WorkReport
from api.app import create_app
from api.settings import Settings
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


class Asked(NamedTuple):
    """An address to measure; with a body it is posted."""

    name: str
    address: str
    form: dict[str, str] | None = None
    json: dict[str, str] | None = None
    part: bool = False


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
        found = measure(home, chosen.rounds)
    console.print(_table(found))
    missed = [each.name for each in found if each.p95 > BAR or each.status >= 400]
    console.print(f"{'MISSED' if missed else 'met   '} every page within {BAR:.0f} ms: {', '.join(missed) or 'all'}")
    most = max(each.processor for each in found)
    busy = f"{os.getloadavg()[0]:.1f} processes wanted {os.cpu_count()} processors in the last minute"
    console.print(f"       most computed by a page: {most:.0f} ms; {busy}")
    return 1 if missed else 0


def measure(home: Path, rounds: int) -> list[Measured]:
    """Ask for every address in turn, again and again."""
    settings = Settings(home=home, api_key=None, demo=True)
    app = create_app(settings, lambda given: Idle.open(given.home, _clock))
    headers = {"accept": "text/html", "origin": HERE}
    with TestClient(app, base_url=HERE, headers=headers, raise_server_exceptions=False) as client:
        service = app.state.service
        (practice_id, _), *_ = service.office.practices()
        with service.office.records.reading() as repository:
            items = repository.worklist.page(practice_id, WorklistFilter(status=OPEN), limit=rounds).items
        with service.worklists.at(practice_id) as (index, _):
            entries, _ = index.page(index.grouped(), limit=1, together=True)
            group = entries[0].group
        found = []
        for asked in _addresses(items[0].denial_id, str(group)):
            times, computing, status = [], [], 0
            for item, _ in zip(items, range(rounds), strict=False):
                client.post("/queue/assign", data={"ids": item.denial_id, "to": "me"})
                began, busy = time.perf_counter(), time.process_time()
                status = _ask(client, asked)
                times.append((time.perf_counter() - began) * 1000)
                computing.append((time.process_time() - busy) * 1000)
            taken = (times[0], statistics.median(times[1:]), _p95(times[1:]), _p95(computing[1:]))
            found.append(Measured(asked.name, *taken, status))
    return found


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _ask(client: TestClient, asked: Asked) -> int:
    headers = {"hx-request": "true"} if asked.part or asked.form is not None else {}
    if asked.form is not None or asked.json is not None:
        return client.post(asked.address, data=asked.form, json=asked.json, headers=headers).status_code
    return client.get(asked.address, headers=headers).status_code


def _addresses(denial_id: str, group: str) -> Iterator[Asked]:
    yield Asked("queue", "/queue")
    yield Asked("queue, filtered", "/queue?payer_id=CASC1-3&due=30&status=in_review&status=worked&order=amount")
    yield Asked("queue, everything, by patient", "/queue?status=any&order=patient")
    yield Asked("queue, by clock backwards", "/queue?order=deadline&backwards=1&age=31-60")
    yield Asked("queue, mine", "/queue?assigned_to=me")
    yield Asked("queue, next rows", f"/queue/rows?after={denial_id}&order=payer", part=True)
    yield Asked("queue, found by words", "/queue/rows", form={"words": "kolb a", "query": ""})
    yield Asked("queue, found by a letter", "/queue/rows", form={"words": "c", "query": ""})
    yield Asked("queue, a group opened", f"/queue/group/{group}", part=True)
    yield Asked("queue, news", "/queue/news?since=1", part=True)
    yield Asked("palette", "/queue/find", json={"words": "cruz"})
    yield Asked("series", "/series")
    yield Asked("series, one", f"/series/{group}")
    yield Asked("rules", "/rules")
    yield Asked("outbox", "/outbox")
    yield Asked("outbox, of a state", "/outbox?state=handed_over")
    yield Asked("case", f"/case/{denial_id}")
    yield Asked("dashboard", "/dashboard")
    yield Asked("dashboard, filtered", "/dashboard?payer_id=CASC1-3")


def _build(home: Path, wanted: int, console: Console) -> None:
    began = time.perf_counter()
    making = home.with_name(f"{home.name}-making")  # a home cut off in the making is none
    with Office.open(making, _clock) as office:
        report = office.take_folder(Path(str(files("evals.practices.cedar").joinpath("folder"))))
        if report.practice_id is None:
            raise SystemExit("the sample practice could not be taken in")
        office.work(report.practice_id)
    made = multiply(making, wanted)
    making.rename(home)
    console.print(f"{made:,} denials made in {time.perf_counter() - began:.0f} s")


def _table(found: Sequence[Measured]) -> Table:
    table = Table(title="Milliseconds of the server a request, a change before each")
    for column in ("page", "first", "median", "95%", "processor", "answer"):
        table.add_column(column, justify="left" if column == "page" else "right")
    for each in found:
        numbers = (each.first, each.median, each.p95, each.processor)
        table.add_row(each.name, *(f"{number:.0f}" for number in numbers), str(each.status))
    return table


def _clock() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
