"""What every channel gives: where it goes, whether it takes a file, and the hand-over in two halves."""

from dataclasses import dataclass
from typing import Literal, Protocol

from agent.sending.along import Along
from agent.sending.letterbox import Envelope
from knowledge.records import Channel, Outgoing


class Unsendable(ValueError):
    """This channel cannot take this file, or lacks what it needs; the message says what to do."""


@dataclass(frozen=True)
class Handed:
    """How a hand-over ended. `receipt` are the bytes that came back, or a note of what was done.

    `receipted`: the other side said that it has it. `retry`: not handed over, and worth trying again later; `refused`:
    not handed over, and never will be as it stands.
    """

    outcome: Literal["handed_over", "receipted", "retry", "refused"]
    says: str
    receipt: bytes = b""


class Driver(Protocol):
    """A channel. `prepare` may be repeated at will; after it the ledger notes that `hand_over` may have begun."""

    channel: Channel

    @property
    def target(self) -> str:
        """Return where it goes, as the ledger shows it."""
        ...

    def compose(self, envelope: Envelope, document: bytes) -> tuple[bytes, str, str]:
        """Return the exact bytes to hand over, their file name and media type; raise Unsendable when it cannot."""
        ...

    def taken_along(self, envelope: Envelope, name: str, data: tuple[Along, ...]) -> tuple[Along, ...]:
        """Return the files beside the one named `name` as they go, or marked as not handed over."""
        ...

    def prepare(self, outgoing: Outgoing, content: bytes, along: tuple[bytes, ...] = ()) -> None:
        """Do all that can be taken back; `along` are the bytes of `outgoing.along`, in its order."""
        ...

    def hand_over(self, outgoing: Outgoing, content: bytes) -> Handed:
        """Do what cannot be taken back; OSError = not done. Called again after a cut, it must not do it twice."""
        ...

    def abandon(self, outgoing: Outgoing) -> Handed | None:
        """Take back what was prepared; when it had gone out already, say so instead. None = it had not.

        Raises OSError where that cannot be looked into now.
        """
        ...
