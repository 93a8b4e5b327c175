"""The letter as a Word file: given out for editing, taken back, every sentence held to its evidence."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response

from agent.editing.taking import LetterRefused, edit_letter
from agent.editing.word_file import NoLetter, letter_word
from agent.office import NotWaiting
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.etags import PRECONDITIONS, IfMatch, denial_tag, require_match, require_named
from api.problems import FailedPart, ProblemError, responses
from api.routes.denials import DenialId
from api.schemas import Seen
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.uploads import Upload, uploaded
from api.worker import StillBusy
from knowledge.records import Role, UnknownDenial
from knowledge.types.record import DenialRecord
from tools.packet.word.archive import WordRefused

router = APIRouter(tags=["Denials"])

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FORM = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}


@router.get(
    "/v1/denials/{denial_id}/letter.docx",
    summary="Get the letter for editing",
    response_class=Response,
    responses={
        200: {"description": "The letter as a Word file.", "content": {WORD: _BINARY}},
        **responses("product-missing", "busy", "invalid-request", "key-required", *PRACTICE_PROBLEMS),
    },
    dependencies=[needs("denials.read")],
    operation_id="get_letter_word",
)
def get_letter_word(service: ServiceOf, practice_id: PracticeOf, denial_id: DenialId) -> Response:
    """Get the letter as a Word file: marks such as `[E4]` name the evidence, which is listed at its end.

    The same letter always gives the same bytes. `ETag` names the version of the case: send it back as `If-Match`.
    It is for editing, not for sending: what goes out is the packet.
    """
    try:
        content, tag = service.worker.call(lambda: _word(service, practice_id, denial_id), service.settings.patience)
    except NoLetter as error:
        raise ProblemError("product-missing", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
    headers = {
        "etag": tag,
        "content-disposition": f'attachment; filename="{denial_id}-letter.docx"',
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    return Response(content, media_type=WORD, headers=headers)


def _taken_before(service: Service, practice_id: str, denial_id: str, key: str | None) -> bool:
    """Tell whether an edit of this key was stored, though it may not have been answered."""
    with service.office.records.reading() as repository:
        edits = repository.correspondence.edits(practice_id, denial_id)
        return key is not None and any(one.key == key for one in edits)


def _word(service: Service, practice_id: str, denial_id: str) -> tuple[bytes, str]:
    with service.office.at_desk(practice_id) as desk:
        return letter_word(desk, denial_id), denial_tag(service.office, practice_id, denial_id)


@router.post(
    "/v1/denials/{denial_id}/letter.docx",
    summary="Give an edited letter back",
    responses=responses(
        *("denial-unknown", "product-missing", "not-waiting", "letter-unreadable", "letter-refused", "no-file"),
        "identity-claimed",
        *(
            "too-large",
            "invalid-request",
            "request-refused",
            "busy",
            "key-required",
            *PRECONDITIONS,
            *PRACTICE_PROBLEMS,
        ),
    ),
    dependencies=[needs("denials.review")],
    operation_id="edit_letter",
    openapi_extra={
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}, WORD: _BINARY}}
    },
)
def put_letter_word(
    service: ServiceOf,
    practice_id: PracticeOf,
    denial_id: DenialId,
    upload: Annotated[Upload, Depends(uploaded)],
    principal: PrincipalOf,
    reason: Annotated[Seen, Query(min_length=1, max_length=2000, description="Why, in a sentence.")],
    by: Annotated[
        Seen | None, Query(min_length=1, max_length=200, description="Who edited it: with the server's key only.")
    ] = None,
    role: Annotated[Role | None, Query(description="The role of who edited it.")] = None,
    if_match: IfMatch = None,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description="A key of your own: with it, it counts once.")
    ] = None,
) -> DenialRecord:
    """Hand in the edited Word file. Every sentence is held to its evidence, as those of a draft are.

    When all stand, the packet is made of it, whatever was approved is void, and the denial waits for a person.
    `letter-refused` names each sentence that does not stand, why, and what evidence would carry it; then nothing has
    changed. The same file sent again counts once.
    """
    require_named(if_match)
    decided = decider(principal, by, role)

    def take() -> DenialRecord:
        office = service.office
        with office.alone():
            if not _taken_before(service, practice_id, denial_id, idempotency_key):
                require_match(if_match, denial_tag(office, practice_id, denial_id))
            given = {"reason": reason, "by": decided.by, "role": decided.role, "key": idempotency_key}
            return edit_letter(office, practice_id, denial_id, upload.data, **given)  # type: ignore[arg-type]

    try:
        return service.worker.call(take, service.settings.patience)
    except LetterRefused as refusal:
        failed = [FailedPart.model_validate(one.model_dump()) for one in refusal.sentences]
        raise ProblemError("letter-refused", str(refusal), sentences=failed) from refusal
    except WordRefused as refusal:
        raise ProblemError("letter-unreadable", str(refusal)) from refusal
    except NoLetter as error:
        raise ProblemError("product-missing", str(error)) from error
    except UnknownDenial as error:
        raise ProblemError("denial-unknown", str(error)) from error
    except NotWaiting as error:
        raise ProblemError("not-waiting", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
