"""Work many cases at once while a model is waited for; without one, one after the other."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from agent.desk import Desk
from knowledge.records import StoredDenial

Work = Callable[[Desk, StoredDenial], None]


def work_all(desk: Desk, cases: Sequence[StoredDenial], work: Work, done: Callable[[str, int], None]) -> None:
    """Work every case; `done` is told each denial's id and how many are done, in the caller's thread.

    With a model as many cases are in flight as it takes askings at once: most of their time is its answer. Each has a
    desk of its own. An exception of one is raised once the others have ended.
    """
    if desk.models is None or desk.model_concurrency < 2:
        for number, case in enumerate(cases, start=1):
            work(desk, case)
            done(case.denial_id, number)
        return
    assert desk.casebook.denials is not None  # read before the threads start: they share what it has found
    with ThreadPoolExecutor(max_workers=desk.model_concurrency, thread_name_prefix="case") as pool:
        started = {pool.submit(work, desk.beside(), case): case.denial_id for case in cases}
        for number, finished in enumerate(as_completed(started), start=1):
            finished.result()
            done(started[finished], number)
