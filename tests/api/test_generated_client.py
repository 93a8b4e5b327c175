"""A Python client made from our description by a program, used against a server."""

import importlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import pytest_socket
import uvicorn
from api_served import KEY, data_of, noon

from api.app import create_app
from api.offices import open_office
from api.server import listen
from api.settings import Settings


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("client")
    described = create_app(Settings(home=Path(), api_key=None, demo=True)).openapi()
    (folder / "openapi.json").write_text(json.dumps(described))
    # Bodies of kinds it does not know are bytes to it.
    kinds = {
        kind
        for methods in described["paths"].values()
        for operation in methods.values()
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for kind in part.get("content", {})
        if not kind.endswith("json") and not kind.startswith(("multipart/", "text/html"))
    }
    config = {"post_hooks": [], "content_type_overrides": dict.fromkeys(sorted(kinds), "application/octet-stream")}
    config["content_type_overrides"]["application/fhir+json"] = "application/octet-stream"
    (folder / "config.yml").write_text(json.dumps(config))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", folder / "openapi.json"),
            *(
                "--output-path",
                folder / "made",
                "--config",
                folder / "config.yml",
                "--meta",
                "none",
                "--fail-on-warning",
            ),
        ],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "made").rename(folder / "overturn_client")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("overturn_client")
    sys.path.remove(str(folder))


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    pytest_socket.enable_socket()
    settings = Settings(home=home, api_key=KEY, patience=60.0)
    app = create_app(settings, lambda given: open_office(given.home, clock=noon))
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()
    pytest_socket.disable_socket(allow_unix_socket=True)


def call(made: ModuleType, tag: str, name: str, *parts: str, **asked: Any) -> Any:
    module = importlib.import_module(f"{made.__name__}.api.{tag}.{name}")
    return module.sync_detailed(*parts, **asked)


def test_a_client_made_from_the_description_works_the_queue(made: ModuleType, address: str) -> None:
    models = importlib.import_module(f"{made.__name__}.models")
    with made.AuthenticatedClient(base_url=address, token=KEY, timeout=httpx.Timeout(60)) as client:
        (practice,) = call(made, "practices", "list_practices", client=client).parsed.items
        asked = models.WebhookRequest(url="https://pms.example.com/overturn", kinds=["denial.approved", "job.done"])
        hook = call(made, "events", "add_webhook", client=client, body=asked, idempotency_key="hook-1")
        assert (hook.status_code, hook.parsed.secret[:6]) == (201, "whsec_")
        file = models.BulkFile(
            kind=models.BulkFileKind.REMITS, name="CHP_ERA_0403.txt", text=data_of("remits/CHP_ERA_0403.txt").decode()
        )
        upload = {"client": client, "body": models.BulkRequest([file]), "idempotency_key": "once-1"}
        job = call(made, "files", "add_job", **upload).parsed
        again = call(made, "files", "add_job", **upload).parsed
        assert (job.job_id, job.total) == (again.job_id, 1)
        until = time.monotonic() + 600
        while job.state != "done" and time.monotonic() < until:
            job = call(made, "files", "read_job", job.job_id, client=client).parsed
            time.sleep(0.05)
        assert (job.state, job.done, job.failed) == ("done", 1, 0)
        ids = listed(made, client, practice.practice_id)
        assert len(ids) == len(set(ids)) > 2
        waiting = call(
            made, "denials", "list_denials", client=client, practice=practice.practice_id, status="in_review"
        ).parsed
        denial_id = waiting.items[0].denial_id
        read = call(made, "denials", "read_denial", denial_id, client=client)
        assert read.parsed.amount_at_stake.replace(".", "").isdigit()
        review = models.ReviewRequest(decision=models.ReviewRequestDecision.APPROVE, reason="complete", by="M. Lopez")
        refused = call(made, "denials", "review_denial", denial_id, client=client, body=review)
        assert (refused.status_code, refused.parsed.type_) == (428, "urn:overturn:problem:version-required")
        done = call(
            *(made, "denials", "review_denial", denial_id),
            client=client,
            body=review,
            if_match=read.headers["etag"],
            idempotency_key="once-2",
        )
        assert (done.status_code, done.parsed.status) == (200, "approved")
        events = call(made, "events", "list_events", client=client).parsed
        told = [one.data.additional_properties for one in events.items]
        assert {"denial_id": denial_id, "practice_id": practice.practice_id} in told
        assert {"job_id": job.job_id, "practice_id": practice.practice_id} in told
        tasks = call(made, "denials", "list_tasks", client=client, kind="send").parsed
        assert denial_id in [one.denial_id for one in tasks.items]


def listed(made: ModuleType, client: Any, practice_id: str) -> list[str]:
    """Every denial's id, page by page."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = call(made, "denials", "list_denials", client=client, practice=practice_id, limit=2, **cursor).parsed
        found += [one.denial_id for one in page.items]
        if not page.next_cursor:
            return found
        cursor = {"cursor": page.next_cursor}
