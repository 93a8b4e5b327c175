"""The walk through every transaction of one kind in a file, each segment handed to that kind's reader."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from knowledge.types.reading import ReadingFinding
from tools.x12.notes import Notes
from tools.x12.transactions import Segment, Transaction, open_file, segments, select_transactions

FactT = TypeVar("FactT")
FactOutT = TypeVar("FactOutT", covariant=True)


class Reader(Protocol[FactOutT]):
    """Reads one transaction: told of each segment in order, then that there are no more."""

    def take(self, segment: Segment) -> Iterator[FactOutT | ReadingFinding]:
        """Give what this segment completes."""

    def finish(self) -> Iterator[FactOutT | ReadingFinding]:
        """Give what the end of the transaction completes."""


def walk(
    data: bytes, file: str, kind: str, reader_of: Callable[[Transaction, Notes], Reader[FactT]], *, quarantine: bool
) -> Iterator[FactT | ReadingFinding]:
    """Yield what the readers of all ST*`kind` of a file give, findings about the file first.

    A file that is cut off gives one error finding (`truncated`) and, with `quarantine`, nothing else.
    """
    opened = open_file(data, file)
    if opened.truncated is not None:
        yield opened.truncated
        if quarantine:
            return
    yield from opened.findings
    transactions, findings = select_transactions(opened, kind)
    yield from findings
    for transaction in transactions:
        reader = reader_of(transaction, Notes(file))
        for segment in segments(transaction):
            yield from reader.take(segment)
        yield from reader.finish()
