"""The files made for a denial: packet, letter, corrected claim and the rest, each at its own address."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from fastapi import APIRouter, Response

from agent.vault import Changed
from api.access.needs import needs
from api.problems import ProblemError, responses
from api.routes.denials import DenialId
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.standing_file import approved_file, made_product

router = APIRouter(tags=["Denials"])

_WHAT = {
    "letter": "the letter alone",
    "packet": "the packet: letter, index, exhibits",
    "corrected_claim": "the corrected claim (837P)",
    "authorization_request": "the request to the payer for the authorization",
    "peer_to_peer_brief": "the brief for a call between physicians",
    "authorization_bundle": "the authorization request as a FHIR bundle (Da Vinci PAS)",
    "records_metadata": "the answer to a records request as data for a 275",
    "claim_changes": "what the corrected claim changes, as a page for a person",
    "closing_memo": "the memo that closes the denial",
}
_MEDIA = {
    "corrected_claim": "application/edi-x12",
    "authorization_bundle": "application/fhir+json",
    "records_metadata": "application/json",
}


class FileState(StrEnum):
    """Which of a denial's files: as made (a draft until approved), or as approved, which is what goes out."""

    MADE = "made"
    APPROVED = "approved"


def _add(kind: str) -> None:
    media_type = _MEDIA.get(kind, "application/pdf")
    shape = {"type": "object"} if media_type.endswith("json") else {"type": "string", "format": "binary"}
    content: dict[str, Any] = {media_type: {"schema": shape}}
    router.get(
        f"/v1/denials/{{denial_id}}/{kind.replace('_', '-')}",
        summary=f"Get {_WHAT[kind]}",
        description="The file byte for byte; `ETag` is its sha256. Without `state` it is the one the record names.",
        response_class=Response,
        responses={
            200: {"description": "The file.", "content": content},
            **responses("product-missing", "product-altered", "invalid-request", "key-required", *PRACTICE_PROBLEMS),
        },
        dependencies=[needs("denials.read")],
        operation_id=f"get_{kind}",
    )(_getter(kind))


def _getter(kind: str) -> Callable[..., Response]:
    def get(
        service: ServiceOf, practice_id: PracticeOf, denial_id: DenialId, state: FileState = FileState.MADE
    ) -> Response:
        return _file(service, practice_id, denial_id, kind, state)

    return get


def _file(service: Service, practice_id: str, denial_id: str, kind: str, state: FileState) -> Response:
    find = approved_file if state is FileState.APPROVED else made_product
    found = find(service, practice_id, denial_id, kind)
    if found is None:
        approved = "approved " if state is FileState.APPROVED else ""
        raise ProblemError("product-missing", f"denial {denial_id} has no {approved}{kind.replace('_', ' ')}")
    try:
        data = service.office.files.read_as(found.path, found.sha256)
    except FileNotFoundError as error:
        detail = f"the {kind.replace('_', ' ')} of denial {denial_id} is gone from the home's folder"
        raise ProblemError("product-missing", detail) from error
    except Changed as error:
        detail = f"the {kind.replace('_', ' ')} of denial {denial_id} was changed after it was made; work it again"
        raise ProblemError("product-altered", detail) from error
    name = f"{denial_id}-{kind.replace('_', '-')}{PurePosixPath(found.path).suffix}"
    headers = {
        "etag": f'"{found.sha256}"',
        "content-disposition": f'inline; filename="{name}"',
        # A browser's own PDF viewer counts as an object of the page it shows the file in.
        "content-security-policy": "default-src 'none'; object-src 'self'; frame-ancestors 'none'",
    }
    return Response(data, media_type=found.media_type, headers=headers)


for _kind in _WHAT:
    _add(_kind)
