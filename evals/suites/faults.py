"""Every fault of a model's endpoint at every place that asks: retried and right, or the deterministic path, or review.

A server on loopback fails on purpose, once or without end, behind the real client. Nothing may escape, hang, be lost or
be believed; and afterwards, with the server well again, the same place must be answered.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from agent.model import Model, ModelFault, ResponseSchema, Tool
from agent.model.client import EndpointModel
from evals.fake_model import FAULTS, Answerer, FakeModel, Fault, answer_of, dead_endpoint, faulty
from evals.fake_model.replies import LIE
from evals.suites import SuiteReport

Outcome = Literal["answered", "deterministic", "review"]
SECONDS = 1.6
"""Wall clock of one asking, far below a real one's, so that a fault that hangs shows."""
_SLACK = 3.0
_PATIENT = 8
"""How many times as long all may take when what failed is put once more."""
_patience = ContextVar("patience", default=1)
_QUICK: dict[str, Any] = {"attempt_seconds": 0.5, "retries": 2, "first_wait": 0.01, "breaker_failures": 1000}


@dataclass(frozen=True, slots=True)
class Result:
    """How a place ended, and all of what it took from the model, as text."""

    outcome: Outcome
    taken: str = ""


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place that asks: its work with a model, the right answers, and the answers that lead up to the asking meant.

    `askings` is how often it may ask at most: it must end within that many times `seconds()`.
    """

    name: str
    work: Callable[[Model], Result]
    right: Answerer
    lead: tuple[Answerer, ...] = ()
    askings: int = 1


_ASKED = ResponseSchema(
    name="asked",
    schema={
        "type": "object",
        "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
        "required": ["answer"],
        "additionalProperties": False,
    },
)
_SEARCH = Tool(
    name="search",
    description="Search.",
    parameters={
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
        "additionalProperties": False,
    },
)


def seconds() -> float:
    """Return the wall clock of one asking: short, so that a fault that hangs shows; long when it is put once more."""
    return SECONDS * _patience.get()


def asking(model: Model) -> Result:
    """Ask for a typed answer, as the barest of all places."""
    try:
        reply = model.ask([{"role": "user", "content": "?"}], tools=[_SEARCH], schema=_ASKED, seconds=seconds())
    except ModelFault:
        return Result("deterministic")
    return Result("answered" if reply.parsed == {"answer": "yes"} else "review")


def call_sites() -> tuple[CallSite, ...]:
    """Return every place that asks: the bare asking, of a reading, of a letter, and a practice's whole work."""
    # Here, and not above: the places are built of this module's own types.
    from evals.suites.fault_sites import letter_sites, practice_sites, reading_sites

    bare = CallSite("bare asking", asking, lambda _request: answer_of({"answer": "yes"}))
    return (bare, *reading_sites(), *letter_sites(), *practice_sites())


def run(sites: tuple[CallSite, ...] | None = None) -> SuiteReport:
    """Put every fault at every place, once and without end; `tried` counts fault, place and how often.

    The places are worked side by side, each with servers and clients of its own: most of the time is waiting.
    """
    put_at = call_sites() if sites is None else sites
    with ThreadPoolExecutor(len(put_at)) as threads:
        ended = list(threads.map(_all_faults, put_at))
    failures = tuple(line for _, lines in ended for line in lines)
    return SuiteReport(tried=sum(tried for tried, _ in ended), failed=len(failures), failures=failures)


def _all_faults(site: CallSite) -> tuple[int, list[str]]:
    tried, failures = 0, list[str]()
    with _served(site) as (_, model):  # what only a first asking costs (imports, tables read once) is no fault
        _worked(site, model)
    for fault in FAULTS.values():
        for times in (1, None):
            tried += 1
            found = _patiently(partial(_put, site, fault, times))
            failures += [f"{site.name}, {fault.name}, {_often(times)}: {says}" for says in found]
    with dead_endpoint() as url:
        failures += [f"{site.name}, no listener: {says}" for says in _patiently(partial(_unreachable, site, url))]
    return tried + 1, failures


def _patiently(put: Callable[[], Iterator[str]]) -> list[str]:
    """Give what failed; what fails is put once more with far more time, and counts if it fails again.

    The clock is a real one, and a machine that is busy for a second looks like an endpoint that hangs.
    """
    if not list(put()):
        return []
    kept = _patience.set(_PATIENT)
    try:
        return list(put())
    finally:
        _patience.reset(kept)


def _put(site: CallSite, fault: Fault, times: int | None) -> Iterator[str]:
    with _served(site) as (fake, model):
        fake.answer = _led(site, faulty(fault, site.right, times))
        result, says = _worked(site, model)
        if result is None:
            yield says
            return
        if LIE in result.taken:
            yield "a lie was taken"
        if times == 1 and fault.retried and result.outcome != "answered":
            yield f"one fault that passes ended in {result.outcome}"
        if times is None and not _may_answer(fault) and result.outcome == "answered":
            yield "answered although no answer can be used"
        fake.answer = _led(site, site.right)
        after, says = _worked(site, model)
        if after is None or after.outcome != "answered":
            yield f"not answered after the endpoint was well again {says}"


def _may_answer(fault: Fault) -> bool:
    """Tell whether a place may go on with what the fault brings: a lie is well formed, and its quote is struck."""
    return fault.name in ("lying_quote", "endless_tool_loop")


def _unreachable(site: CallSite, url: str) -> Iterator[str]:
    with _served(site) as (fake, _), EndpointModel(fake.settings(base_url=url, **_quick())) as model:
        result, says = _worked(site, model)
        if result is None or result.outcome == "answered":
            yield says or "answered by nobody"


def _worked(site: CallSite, model: Model) -> tuple[Result | None, str]:
    began = time.monotonic()
    try:
        result = site.work(model)
    # The suite's very question is whether anything at all gets out.
    except Exception as escaped:  # noqa: BLE001
        return None, f"{type(escaped).__name__} escaped"
    took = time.monotonic() - began
    if took > site.askings * seconds() + _SLACK * _patience.get():
        return None, f"it took {took:.1f} s"
    return result, ""


def _quick() -> dict[str, Any]:
    return {**_QUICK, "attempt_seconds": _QUICK["attempt_seconds"] * _patience.get()}


def _led(site: CallSite, then: Answerer) -> Answerer:
    """Return the answers that lead up to the asking meant, and then these."""
    answerer = then
    if site.lead:
        waiting = list(site.lead)

        def answer(request: Any) -> Any:
            return waiting.pop(0)(request) if waiting else then(request)

        answerer = answer
    return answerer


@contextmanager
def _served(site: CallSite) -> Iterator[tuple[FakeModel, EndpointModel]]:
    with FakeModel(site.right) as fake, EndpointModel(fake.settings(**_quick())) as model:
        yield fake, model


def _often(times: int | None) -> str:
    return "without end" if times is None else "once"
