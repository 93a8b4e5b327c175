"""The ledger of sends, and the bytes that were sent."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from agent.sending.kept import Altered
from agent.sending.outbox import UnknownSend, along_of, find_send, part_of
from api.access.needs import needs
from api.paging import DEFAULT, Cursor, Limit, Page, following, read_cursor
from api.problems import ProblemError, responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from knowledge.records import BadCursor, Outgoing, OutgoingState

router = APIRouter(tags=["Denials"])


@router.get(
    "/v1/outbox",
    summary="List sends",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("sends.read")],
    operation_id="list_sends",
)
def list_sends(
    service: ServiceOf,
    practice_id: PracticeOf,
    state: Annotated[OutgoingState | None, Query(description="Only sends of this state.")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Outgoing]:
    """List what was sent or waits to be: what of which denial, by which channel, how it stands. Nothing is sent here.

    `overturn send` hands approved packets over. Oldest first; `handed_sha256` names the bytes as they left.
    """
    after = read_cursor("outbox", cursor)
    try:
        with service.office.records.reading() as repository:
            found = repository.outbox.page(practice_id, state, after, limit + 1)
    except BadCursor as error:
        raise ProblemError("bad-cursor", str(error)) from error
    page, next_cursor = following("outbox", found, lambda one: one.key, limit)
    return Page(items=page, next_cursor=next_cursor)


_FILE: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.get(
    "/v1/outbox/{key}/{part}",
    summary="Get what was sent",
    response_class=Response,
    responses={
        200: {"description": "The bytes.", "content": _FILE},
        **responses("send-unknown", "product-altered", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    },
    dependencies=[needs("sends.read")],
    operation_id="get_sent",
)
def get_sent(
    service: ServiceOf,
    practice_id: PracticeOf,
    key: Annotated[str, Path(description="The send's key, as the webhook names it.")],
    part: Annotated[
        Literal["handed", "file", "receipt"],
        Path(description="`handed`: as it left. `file`: the approved file. `receipt`: what came back."),
    ],
) -> Response:
    """Get a send byte for byte, however long ago it was; `ETag` is its sha256."""
    try:
        outgoing = _known(service, practice_id, key)
        content = part_of(service.office, outgoing, part)
    except UnknownSend as error:
        raise ProblemError("send-unknown", str(error)) from error
    except FileNotFoundError as error:
        raise ProblemError("send-unknown", f"what {key} sent is gone from the home's folder") from error
    except Altered as error:
        raise ProblemError("product-altered", str(error)) from error
    sha256 = {"handed": outgoing.handed_sha256, "file": outgoing.file_sha256}.get(part, outgoing.receipt_sha256)
    return _bytes(content, str(sha256), f"{key}-{part}")


@router.get(
    "/v1/outbox/{key}/along/{sha256}",
    summary="Get data that was sent along",
    response_class=Response,
    responses={
        200: {"description": "The bytes.", "content": _FILE},
        **responses("send-unknown", "product-altered", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    },
    dependencies=[needs("sends.read")],
    operation_id="get_sent_along",
)
def get_sent_along(
    service: ServiceOf,
    practice_id: PracticeOf,
    key: Annotated[str, Path(description="The send's key, as the webhook names it.")],
    sha256: Annotated[str, Path(description="The file's sha256, from `along`.", pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Get a file of data that belongs to a send: a FHIR request, the metadata of records, the list of all files."""
    try:
        file, content = along_of(service.office, _known(service, practice_id, key), sha256)
    except UnknownSend as error:
        raise ProblemError("send-unknown", str(error)) from error
    except FileNotFoundError as error:
        raise ProblemError("send-unknown", f"what {key} sent is gone from the home's folder") from error
    except Altered as error:
        raise ProblemError("product-altered", str(error)) from error
    return _bytes(content, file.sha256, file.file_name)


def _known(service: Service, practice_id: str, key: str) -> Outgoing:
    outgoing = find_send(service.office, key)
    if outgoing.practice_id != practice_id or outgoing.key != key:
        raise UnknownSend(f"practice {practice_id} has no send {key}")
    return outgoing


def _bytes(content: bytes, sha256: str, name: str) -> Response:
    headers = {
        "etag": f'"{sha256}"',
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
