"""A connection of the server that nobody can hold open by sending slowly, or fill with headers."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""How long the head of a request may take from its connection, or from its first byte, until it is whole."""

HEAD_BYTES = 64 * 1024


class Connection(H11Protocol):
    """uvicorn's own connection, closed when a request's head does not become whole in time.

    h11 and not httptools: that one keeps whatever a head holds, however long it is. What the body may take is held to
    its measures by the guard (api/security.py).
    """

    head_seconds = HEAD_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        """Wait for nothing yet."""
        super().__init__(*given, **named)
        self._head_task: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; go on waiting while they are no whole head."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._await_head()
        elif self.conn.their_state is not h11.IDLE:
            self._head_came()

    def _await_head(self) -> None:
        if self._head_task is None:
            self._head_task = self.loop.call_later(self.head_seconds, self._give_up)

    def _head_came(self) -> None:
        if self._head_task is not None:
            self._head_task.cancel()
            self._head_task = None

    def _give_up(self) -> None:
        self._head_task = None
        if not self.transport.is_closing():
            self.transport.close()
