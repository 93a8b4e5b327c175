"""Get records to score: work labelled practices with the product itself, or take what was exported."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agent.office import Office
from agent.reader import Reader
from evals.exported import from_records, read_export
from evals.labels import PRACTICES, LabelledPractice, load_practices
from evals.results import PracticeResult, SuiteResult
from evals.scoring import score

Clock = Callable[[], datetime]


class FolderRefused(RuntimeError):
    """A labelled practice folder could not be taken in: nothing of it can be scored."""


def run(
    practices: Iterable[LabelledPractice],
    home: Path,
    clock: Clock,
    progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None,
    reader: Reader | None = None,
) -> SuiteResult:
    """Work each practice's folder in a fresh home below `home` and score what comes out.

    `progress` is told the practice, denials worked, denials in all. `reader` is the language model; None = none.

    Raises:
        FolderRefused: the office could not use a folder.
    """
    return SuiteResult(tuple(_work(practice, home / practice.name, clock, progress, reader) for practice in practices))


def score_export(path: Path, practice: str, root: Path = PRACTICES) -> SuiteResult:
    """Score an exported JSON Lines file against the labels of a practice; files it names are not looked at.

    Raises:
        LabelsBroken: there is no such practice.
        ValueError: the export is not JSON Lines.
    """
    (labelled,) = load_practices(root, (practice,))
    return SuiteResult((score(labelled, read_export(path)),))


def _lent(reader: Reader | None) -> Reader | None:
    """Return the reader for one home: the home's end does not close what the next one needs."""
    return replace(reader, close=lambda: None) if reader is not None else None


def _work(
    practice: LabelledPractice,
    home: Path,
    clock: Clock,
    progress: Callable[[str, int, int], None],
    reader: Reader | None,
) -> PracticeResult:
    started = time.process_time()
    with Office.open(home, clock, reader=_lent(reader)) as office:
        report = office.take_folder(practice.folder)
        if report.practice_id is None or not report.usable:
            raise FolderRefused(f"practice {practice.name}: the folder {practice.folder.name} could not be taken in")
        office.work(report.practice_id, lambda _case, done, total: progress(practice.name, done, total))
        spent = time.process_time() - started
        exported = from_records(office.records_of(report.practice_id))
    return score(practice, exported, home=home, cpu_seconds=spent)
