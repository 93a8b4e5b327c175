"""One line over all its answers: which line of one answer is which line of another."""

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from knowledge.types.remit import ServicePayment
from tools.denials.adjudication import line_codes
from tools.denials.answers import Answer
from tools.denials.identity import billed_code, line_key, service_day


class Entry(Struct, frozen=True, eq=False):
    """A line as one answer has it; `position` counts the lines of its claim from 1."""

    answer: Answer
    line: ServicePayment
    position: int


class LineThread(Struct, eq=False):
    """One service line with every answer about it, in order of time. `key` is from its first answer."""

    key: str
    entries: list[Entry] = field(default_factory=list)


_Same = Callable[[Entry, Entry], bool]


def line_threads(answers: Iterable[Answer]) -> list[LineThread]:
    """Match the lines of all answers of one claim.

    By REF*6R and day; where that is missing on a side (or the claim was replaced, and so numbered anew), by
    code, modifiers, day and charge; then by code and day when only one line fits on both sides. A line that
    matches none opens its own thread. Two lines of one answer are never one line.
    """
    threads: list[LineThread] = []
    for answer in answers:
        pending = [Entry(answer, line, n) for n, line in enumerate(answer.claim.lines, start=1)]
        free = list(threads)
        pending = _match(pending, free, _same_control)
        pending = _match(pending, free, _same_line)
        pending = _match(pending, free, _same_service, only=True)
        taken = {thread.key for thread in threads}
        for entry in pending:
            thread = LineThread(_fresh_key(entry, taken), [entry])
            taken.add(thread.key)
            threads.append(thread)
    return threads


def _match(pending: list[Entry], free: list[LineThread], same: _Same, *, only: bool = False) -> list[Entry]:
    """Move each entry to the first free thread it fits; with `only`, if no other could be meant."""
    left = []
    for entry in pending:
        fitting = [thread for thread in free if _fits(entry, thread, same)]
        if only and fitting and (len(fitting) > 1 or sum(_fits(e, fitting[0], same) for e in pending) > 1):
            fitting = []
        if fitting:
            fitting[0].entries.append(entry)
            free.remove(fitting[0])
        else:
            left.append(entry)
    return left


def _fits(entry: Entry, thread: LineThread, same: _Same) -> bool:
    return any(same(entry, known) for known in thread.entries)


def _same_control(one: Entry, other: Entry) -> bool:
    if not one.line.line_control:
        return False
    return one.line.line_control == other.line.line_control and (
        _same_day(one, other) or billed_code(one.line) == billed_code(other.line)
    )


def _same_line(one: Entry, other: Entry) -> bool:
    if not _comparable(one, other):
        return False
    return (
        abs(one.line.charge) == abs(other.line.charge)
        and set(line_codes(one.line)) & set(line_codes(other.line)) != set()
        and set(one.line.modifiers) == set(other.line.modifiers)
        and _same_day(one, other)
    )


def _same_service(one: Entry, other: Entry) -> bool:
    if not _comparable(one, other):
        return False
    return bool(set(line_codes(one.line)) & set(line_codes(other.line))) and _same_day(one, other)


def _comparable(one: Entry, other: Entry) -> bool:
    """Tell whether codes may speak: two different line numbers of one numbering are two lines."""
    numbered = one.line.line_control and other.line.line_control
    return not numbered or one.answer.replaces or other.answer.replaces


def _same_day(one: Entry, other: Entry) -> bool:
    days = (service_day(one.line, one.answer.claim), service_day(other.line, other.answer.claim))
    return days[0] == days[1] or None in days


def _fresh_key(entry: Entry, taken: set[str]) -> str:
    occurrence = 1
    while (key := line_key(entry.line, entry.answer.claim, occurrence)) in taken:
        occurrence += 1
    return key
