"""The API against its own description: requests made up from it, answers held to it (Schemathesis)."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from api_served import KEY, served
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

EXAMPLES = 4
SENT_AS_TEXT = ("GET /v1/tasks", "POST /v1/jobs")
"""Where what is wrong by type or format is right as sent: in an address or a form all is text."""
READY = "den_9521f2aa9451e870bc0e"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def described(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    home = Path(shutil.copytree(worked, tmp_path_factory.mktemp("described") / "home"))
    with served(home) as client:
        yield schemathesis.openapi.from_asgi("/openapi.json", client.app)


def test_every_operation_answers_as_described(described: BaseSchema) -> None:
    wrong: dict[str, str] = {}
    seen = 0
    for found in described.get_all_operations():
        operation = found.ok()
        assert operation is not None, found
        seen += 1
        try:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):  # as described, and not so
                _try(operation, mode)
        except BaseExceptionGroup as failures:
            wrong[operation.label] = "\n".join(str(one) for one in failures.exceptions)
        except Failure as failure:
            wrong[operation.label] = str(failure)
    assert not wrong, "\n\n".join(f"{label}: {says}" for label, says in wrong.items())
    assert seen > 50


def _try(operation: APIOperation, mode: GenerationMode) -> None:
    """Send a few requests made up for an operation, the same ones each time."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            case.headers.pop("Authorization", None)  # made up from the description's other ways to be known
            if "denial_id" in case.path_parameters:
                case.path_parameters["denial_id"] = READY
        checks = [one for one in CHECKS if one is not negative_data_rejection or operation.label not in SENT_AS_TEXT]
        case.call_and_validate(headers={"X-API-Key": KEY}, checks=checks)

    with suppress(Unsatisfiable):  # there is no wrong request to an operation that takes nothing
        holds()
