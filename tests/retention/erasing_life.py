"""One life of an erasure, killed by the system when it comes to a step: `erasing_life.py HOME begin|finish STEP`."""

import os
import signal
import sys
from pathlib import Path

from api_served import noon
from erased_home import erased

from agent.erasure import finish_erasures


def main() -> None:
    home, does, last = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    def step(name: str) -> None:
        if name == last:
            os.kill(os.getpid(), signal.SIGKILL)

    if does == "begin":
        erased(home, step=step)
    else:
        finish_erasures(home, None, noon, step)


if __name__ == "__main__":
    main()
