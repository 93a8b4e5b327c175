"""The breaker: an endpoint that fails again and again is left alone for a while, and the program says so."""

import logging
import threading
from collections.abc import Callable

from agent.model.asking import FaultKind, ModelFault

_log = logging.getLogger(__name__)


class Breaker:
    """Counts failures in a row; after `failures` of them nothing is asked for `seconds`, then one asking tries.

    `clock` is in seconds and never runs backwards. Shared by all threads.
    """

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float]) -> None:
        self._failures, self._seconds, self._clock = failures, seconds, clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._until: float | None = None
        self._trying = False
        self._last: FaultKind | None = None

    def enter(self) -> None:
        """Let an asking pass, or refuse it.

        Raises:
            ModelFault: `switched_off`; says for how long still, and why.
        """
        with self._lock:
            if self._until is None:
                return
            if self._clock() < self._until or self._trying:
                raise ModelFault("switched_off", self._state())
            self._trying = True

    def worked(self) -> None:
        """Take note that the endpoint answered."""
        with self._lock:
            if self._until is not None:
                _log.warning("the model is switched on again")
            self._in_a_row, self._until, self._trying = 0, None, False

    def failed(self, kind: FaultKind) -> None:
        """Take note that the endpoint failed."""
        with self._lock:
            self._in_a_row += 1
            self._last = kind
            if self._trying or (self._until is None and self._in_a_row >= self._failures):
                self._until, self._trying = self._clock() + self._seconds, False
                _log.warning("the model is switched off: %s", self._state())

    def left(self) -> None:
        """Take note that an asking ended without a word on the endpoint's health: another may try."""
        with self._lock:
            self._trying = False

    @property
    def says(self) -> str | None:
        """Why the model is switched off, and for how long still; None where it is on."""
        with self._lock:
            return None if self._until is None else self._state()

    def _state(self) -> str:
        left = max(0.0, (self._until or 0.0) - self._clock())
        return f"switched off for {left:.0f} s more after {self._in_a_row} failures in a row, the last: {self._last}"
