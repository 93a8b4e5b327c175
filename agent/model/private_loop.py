"""An event loop of its own in a thread of its own, so that any number of threads can wait on one async client.

A wall-clock deadline over a body that drips can only be kept where the reading can be cancelled: in an event loop.
"""

import asyncio
import threading
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class PrivateLoop:
    """Runs coroutines for callers of any thread. `at_end` is awaited in the loop when it is closed."""

    def __init__(self, name: str, at_end: Callable[[], Awaitable[None]]) -> None:
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_turn, args=(self._loop,), name=name, daemon=True)
        thread.start()
        # Not a method: a finalizer that held this object would keep it alive for good.
        self._finalizer = weakref.finalize(self, _close, self._loop, thread, at_end)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine and return its result; a caller that is interrupted cancels it."""
        if not self._finalizer.alive:
            work.close()
            raise RuntimeError("the loop is closed")
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Cancel what is under way and end the thread; a second call does nothing."""
        self._finalizer()


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()


def _close(loop: asyncio.AbstractEventLoop, thread: threading.Thread, at_end: Callable[[], Awaitable[None]]) -> None:
    async def end() -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await at_end()
        await loop.shutdown_asyncgens()

    asyncio.run_coroutine_threadsafe(end(), loop).result(timeout=10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=10)
    loop.close()
