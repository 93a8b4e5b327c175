"""A bulk job whose server is killed in the middle of it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from api_served import data_of, served
from fastapi.testclient import TestClient

PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from api.jobs import Jobs
from api.offices import open_office
from api.worker import Worker
from knowledge.records import NewItem

home, files = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
with open_office(home) as office:
    ((practice_id, _),) = office.practices()
    taken, take_file = [], office.take_file

    def killed_after_the_second(*given):
        report = take_file(*given)
        taken.append(given)
        if len(taken) == 2:  # it is taken in, and the job does not know it yet
            os.kill(os.getpid(), signal.SIGKILL)
        return report

    office.take_file = killed_after_the_second
    jobs = Jobs(office, Worker(office))
    items = tuple(NewItem(kind=kind, name=name, content=Path(file).read_bytes())
                  for kind, name, file in (one.split("=") for one in sys.argv[2:]))
    print(jobs.add(practice_id, items, "t").job_id, flush=True)
    threading.Event().wait(600)
"""
ROWS = b"""auth_number,payer_id,member_id,status,hcpcs,start_date
B-1,CASC1,CHP1,approved,J9271,2026-01-01
B-2,CASC1,CHP1,approved,J9271,x
"""


def test_it_is_finished_at_the_next_start_doubles_nothing_and_says_row_by_row_what_was_wrong(
    home: Path, tmp_path: Path
) -> None:
    remit = tmp_path / "again.835"
    remit.write_bytes(data_of("remits/CHP_ERA_0403.txt"))
    (tmp_path / "rows.csv").write_bytes(ROWS)
    (tmp_path / "broken.json").write_bytes(b"{")
    with served(home) as client:
        before = _denials(client)
    given = (("remit", "again.835"), ("authorization", "rows.csv"), ("chart", "broken.json"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), *(f"{kind}={name}={tmp_path / name}" for kind, name in given)],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    with served(home) as client:
        listed = client.get("/v1/jobs").json()["items"]
        assert len(listed) == 1
        job = _done(client, listed[0]["job_id"])
        assert (job["total"], job["done"], job["failed"], job["fault"]) == (3, 3, 1, None)
        items = client.get(f"/v1/jobs/{job['job_id']}/items").json()["items"]
        assert [(one["name"], one["state"]) for one in items] == [
            ("again.835", "taken"),
            ("rows.csv", "taken"),
            ("broken.json", "failed"),
        ]
        wrong = [one for one in items[1]["findings"] if "B-2" in one["says"] or "3" in one["where"]]
        assert wrong, items[1]
        assert wrong[0]["file"].endswith("rows.csv")
        assert _denials(client) == before
        ends = client.get("/v1/events", params={"kind": "job.done"}).json()["items"]
        assert [one["data"]["job_id"] for one in ends] == [job["job_id"]]


def _denials(client: TestClient) -> list[str]:
    return sorted(one["denial_id"] for one in client.get("/v1/denials", params={"limit": 200}).json()["items"])


def _done(client: TestClient, job_id: str) -> dict:
    until = time.monotonic() + 600
    while time.monotonic() < until:
        job = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] == "done":
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job is not done: {job}")
