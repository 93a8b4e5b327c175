"""The API against its own description: requests made up from it, answers held to it (Schemathesis)."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import get_args

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

from api.access.authenticating import Identity
from api.access.principal import with_role
from knowledge.records.access import AccessRole

ROLES: tuple[AccessRole, ...] = get_args(AccessRole)
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


def test_every_operation_answers_every_role_as_described(described: BaseSchema) -> None:
    """Each operation is asked by two roles of all, in turn."""
    wrong: dict[str, str] = {}
    refused = answered = 0
    for turn, found in enumerate(described.get_all_operations()):
        operation = found.ok()
        assert operation is not None, found
        for role in (ROLES[turn % len(ROLES)], ROLES[(turn + 3) % len(ROLES)]):
            try:
                statuses = _ask(operation, role)
            except (BaseExceptionGroup, Failure) as failure:
                wrong[f"{operation.label} as {role}"] = str(getattr(failure, "exceptions", failure))
            else:
                refused += statuses.count(403)
                answered += len(statuses) - statuses.count(403)
    assert not wrong, "\n\n".join(f"{label}: {says}" for label, says in wrong.items())
    assert refused > 20
    assert answered > 50


def _ask(operation: APIOperation, role: AccessRole) -> list[int]:
    statuses: list[int] = []

    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(
        max_examples=1, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def holds(case: Case) -> None:
        case.headers.pop("Authorization", None)
        checks = [one for one in CHECKS if one is not negative_data_rejection]
        with pytest.MonkeyPatch.context() as patch:
            principal = with_role("usr_1", "user", "Olin", role, None)
            patch.setattr("api.security.authenticate", lambda *_: Identity(principal))
            statuses.append(case.call_and_validate(checks=checks).status_code)

    holds()
    return statuses


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
