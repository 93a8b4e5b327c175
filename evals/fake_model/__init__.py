"""A model endpoint on loopback with scripted behaviour: for tests and suites, never for a report on quality."""

from evals.fake_model.faults import FAULTS, Fault, faulty
from evals.fake_model.replies import answer_of, calls_of, completion, filled
from evals.fake_model.server import Answerer, FakeModel, Received, Response, dead_endpoint, queue

__all__ = [
    "FAULTS",
    "Answerer",
    "FakeModel",
    "Fault",
    "Received",
    "Response",
    "answer_of",
    "calls_of",
    "completion",
    "dead_endpoint",
    "faulty",
    "filled",
    "queue",
]
