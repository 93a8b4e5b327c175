import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest
from model_builders import MESSAGES, SCHEMA

from agent.model import ModelFault
from agent.model.client import EndpointModel
from evals.fake_model import FakeModel, Response, answer_of, dead_endpoint
from evals.fake_model.replies import completion

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
RIGHT = {"answer": "yes", "n": 1}


def test_a_body_that_drips_ends_with_the_wall_clock() -> None:
    drips = Response.of(completion("x" * 500))
    drips = Response(drips.body, drip=0.02)
    with FakeModel(lambda _r: drips) as fake, EndpointModel(fake.settings(retries=0)) as asked:
        began = time.monotonic()
        with pytest.raises(ModelFault, match="timed_out"):
            asked.ask(MESSAGES, seconds=0.4)
        assert time.monotonic() - began < 0.02 * len(drips.body)  # the whole of it


def test_nobody_listening_is_unreachable() -> None:
    with dead_endpoint() as url, FakeModel(lambda _r: answer_of(RIGHT)) as fake:
        settings = fake.settings(base_url=url, first_wait=0)
        with EndpointModel(settings) as asked, pytest.raises(ModelFault, match="unreachable"):
            asked.ask(MESSAGES, seconds=5)


def test_no_more_requests_are_under_way_than_allowed_and_many_threads_are_all_answered() -> None:
    answer = answer_of(RIGHT)
    slow = Response(answer.body, delay=0.2)
    with FakeModel(lambda _r: slow) as fake, EndpointModel(fake.settings(concurrency=20)) as asked:
        asked.ask(MESSAGES, schema=SCHEMA, seconds=30)
        with ThreadPoolExecutor(100) as threads:
            replies = list(threads.map(lambda _: asked.ask(MESSAGES, schema=SCHEMA, seconds=30), range(100)))
        assert all(reply.parsed == RIGHT for reply in replies)
        assert fake.most_at_once <= 20


def test_a_request_carries_what_was_asked_and_is_kept_for_inspection() -> None:
    with FakeModel(lambda _r: answer_of(RIGHT)) as fake, EndpointModel(fake.settings()) as asked:
        asked.ask(MESSAGES, schema=SCHEMA, seconds=5)
    (request,) = fake.requests
    assert request.body["messages"] == MESSAGES
    assert request.path == "/v1/chat/completions"


def test_closing_ends_the_thread_and_what_is_under_way() -> None:
    with FakeModel(lambda _r: Response(hang=True)) as fake, EndpointModel(fake.settings()) as asked:
        ended: list[BaseException] = []

        def ask() -> None:
            try:
                asked.ask(MESSAGES, seconds=30)
            except CancelledError as error:
                ended.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not fake.requests:
            time.sleep(0.01)
        asked.close()
        thread.join(300)
        assert not thread.is_alive()
        assert len(ended) == 1
