"""A courier in a process of its own (`courier_process.py HOME NOW`): is ready, waits for a line, runs once."""

import sys
from datetime import datetime
from pathlib import Path

from agent.office import Office
from api.webhooks.carrier import Carrier
from api.webhooks.courier import Courier

if __name__ == "__main__":
    now = datetime.fromisoformat(sys.argv[2])
    with Office.open(Path(sys.argv[1]), lambda: now) as office:
        courier = Courier(office, Carrier(10, loopback=True))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(f"{courier.run_once()}\n")
        courier.stop()
