"""A server for each bomb, each in a fork of one process that has imported everything and opened nothing.

As a program: reads lines `NAME HOME`, serves HOME in a fork that may take 256 MB more than it has when idle, sends it
the bomb, and says on one line how that ended: exit code, status, seconds of processor time, what the answer says.
"""

import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "api"), str(HERE)]

from api_served import served  # noqa: E402 - beside this file, and beside the API's tests
from bombs import BOMBS  # noqa: E402

_ROOM = 256 * 1024 * 1024
_LONGEST = 120


def drop(name: str, home: Path) -> str:
    """Serve `home`, send it the bomb of that name; give status, seconds and detail of the answer.

    Seconds of the processor: how busy the machine is otherwise is no fault of the server.
    """
    address, data = BOMBS[name]()
    with served(home) as client:
        client.get("/v1/work")
        pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (pages + _ROOM,) * 2)
        began = time.process_time()
        answer = client.post(address, content=data)
        return f"{answer.status_code} {time.process_time() - began:.2f} {answer.json()['detail'][:300]!r}"


def in_a_fork(name: str, home: Path) -> str:
    """Do it in a process of its own; what it took ends with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(_LONGEST)
            os.write(writing, drop(name, home).encode())
            code = 0
        finally:
            if code:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)  # nothing of the parent runs here
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        told = said.read().decode()
    _, status = os.waitpid(child, 0)
    return f"{os.waitstatus_to_exitcode(status)} {told}"


if __name__ == "__main__":
    for line in sys.stdin:
        asked, place = line.split()
        sys.stdout.write(in_a_fork(asked, Path(place)) + "\n")
        sys.stdout.flush()
