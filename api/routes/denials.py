"""The queue: denials listed, read, decided."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response

from agent.approving.refusal import ApprovalRefused
from agent.office import NotWaiting
from agent.review import BadChange
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.correspondence import ApprovalShown, LetterEditShown, SendShown
from api.dossier import Dossier, open_dossier
from api.etags import PRECONDITIONS, IfMatch, denial_tag, require_match, require_named
from api.problems import ProblemError, responses
from api.reviewing import KeyReused, Submitted, submit
from api.schemas import DenialDetail, DenialList, ReviewRequest, TimelineEntry
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.worker import StillBusy
from knowledge.records import BadCursor, DenialStatus, UnknownDenial, WorklistFilter
from knowledge.records.repository.cursors import read_cursor, write_cursor
from knowledge.types.diagnosis import Remedy
from knowledge.types.record import DenialRecord

router = APIRouter(tags=["Denials"])

DenialId = Annotated[str, Path(description="The denial's id.", examples=["den_9521f2aa9451e870bc0e"])]


@router.get(
    "/v1/denials",
    summary="List denials",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="list_denials",
)
def list_denials(
    service: ServiceOf,
    practice_id: PracticeOf,
    status: Annotated[DenialStatus | None, Query(description="`in_review`: those that wait for a person.")] = None,
    route: Annotated[Literal["straight_through", "review"] | None, Query()] = None,
    payer_id: Annotated[str | None, Query(description="An id of payers.yaml.", examples=["CASC1"])] = None,
    root_cause: Annotated[str | None, Query(examples=["auth-units-mismatch"])] = None,
    remedy: Annotated[Remedy | None, Query()] = None,
    series: Annotated[str | None, Query(description="Denials of one cause.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Denials a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> DenialList:
    """List denial records, the one to work first on top; every filter given must hold.

    Denials that were found but have not been worked yet are left out: `GET /v1/work` says whether there are any.
    """
    wanted = WorklistFilter(
        status=(status,) if status else (),
        route=route,
        payer_id=payer_id,
        root_cause=root_cause,
        remedy=remedy,
        series=series,
    )
    try:
        after = read_cursor(cursor) if cursor is not None else None
    except BadCursor as error:
        raise ProblemError("bad-cursor", str(error)) from error
    with service.worklists.at(practice_id) as (index, _):
        names = index.ranked_after(index.matching(wanted), after, limit + 1)
        last = index.row(names[limit - 1]) if len(names) > limit else None
    with service.office.records.reading() as repository:
        items = repository.denials.some(practice_id, names[:limit])
    records = [DenialRecord.model_validate(item.record) for item in items if item.record is not None]
    return DenialList(items=records, next_cursor=write_cursor(last.rank, last.denial_id) if last else None)


@router.get(
    "/v1/denials/{denial_id}",
    summary="Read one denial",
    responses=responses("denial-unknown", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="read_denial",
)
def read_denial(service: ServiceOf, practice_id: PracticeOf, denial_id: DenialId, response: Response) -> DenialDetail:
    """Read the denial record with every fact, table and change it rests on, and what has happened to it.

    `ETag` names the version of the case (its place in the queue aside): send it as `If-Match` with a decision.
    """
    # Before the reading: should the case change in between, the tag is that of less than what is shown.
    tag = _tag(service, practice_id, denial_id)
    dossier = open_dossier(service.office, practice_id, denial_id)
    if dossier is None:
        raise _unknown(practice_id, denial_id)
    response.headers["etag"] = tag
    return _detail(dossier)


@router.post(
    "/v1/denials/{denial_id}/review",
    summary="Decide on a denial",
    responses=responses(
        *(
            "denial-unknown",
            "not-waiting",
            "change-refused",
            "approval-refused",
            "identity-claimed",
            "key-reused",
            "invalid-request",
            "busy",
            "key-required",
            *PRECONDITIONS,
        ),
        *PRACTICE_PROBLEMS,
    ),
    dependencies=[needs("denials.review")],
    operation_id="review_denial",
)
def review_denial(
    service: ServiceOf,
    practice_id: PracticeOf,
    denial_id: DenialId,
    review: ReviewRequest,
    principal: PrincipalOf,
    response: Response,
    if_match: IfMatch = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1, max_length=200, description="A key of your own: sent again with it, a decision counts once."
        ),
    ] = None,
) -> DenialRecord:
    """Hand in a person's decision; the case goes on at once, and the record is answered as it stands then.

    Who signs in decides in their own name and role; the server's key states both.

    `If-Match` names the version that was decided on; the answer's `ETag` names the next. A decision sent again with
    its `Idempotency-Key` counts once. After an `edit` the work product is made
    anew and the denial waits for a person again.
    """
    require_named(if_match)
    by, role = decider(principal, review.by, review.role)
    submitted = Submitted(
        decision=review.decision,
        reason=review.reason,
        by=by,
        changes=review.edits(),
        role=role if review.decision == "approve" else None,
        signed_by=review.signed_by,
    )

    def decide() -> DenialRecord:
        office = service.office
        with office.alone():  # nobody changes the case between the look at its version and the decision
            if not _decided_before(service, practice_id, denial_id, idempotency_key):
                require_match(if_match, denial_tag(office, practice_id, denial_id))
            return submit(office, practice_id, denial_id, submitted, idempotency_key)

    try:
        record = service.worker.call(decide, service.settings.patience)
        response.headers["etag"] = denial_tag(service.office, practice_id, denial_id)
        return record
    except UnknownDenial as error:
        raise _unknown(practice_id, denial_id) from error
    except NotWaiting as error:
        raise ProblemError("not-waiting", str(error)) from error
    except BadChange as error:
        raise ProblemError("change-refused", str(error)) from error
    except ApprovalRefused as error:
        raise ProblemError("approval-refused", str(error)) from error
    except KeyReused as error:
        raise ProblemError("key-reused", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error


def _decided_before(service: Service, practice_id: str, denial_id: str, key: str | None) -> bool:
    """Tell whether a decision of this key was stored, though it may not have been answered."""
    with service.office.records.reading() as repository:
        return key is not None and any(one.key == key for one in repository.casework.reviews(practice_id, denial_id))


def _tag(service: Service, practice_id: str, denial_id: str) -> str:
    try:
        return denial_tag(service.office, practice_id, denial_id)
    except UnknownDenial as error:
        raise _unknown(practice_id, denial_id) from error


def _unknown(practice_id: str, denial_id: str) -> ProblemError:
    detail = f"practice {practice_id} has no denial {denial_id}, or it has not been worked yet"
    return ProblemError("denial-unknown", detail)


def _detail(dossier: Dossier) -> DenialDetail:
    events = tuple(TimelineEntry(at=event.at, kind=event.kind, says=event.says) for event in dossier.timeline)
    return DenialDetail.model_validate(
        {
            **dict(dossier.record),
            "facts": dossier.facts,
            "tables": dossier.tables,
            "changes": dossier.changes,
            "timeline": events,
            "approvals": tuple(ApprovalShown.of(one) for one in dossier.approvals),
            "sends": tuple(SendShown.of(one, attempts) for one, attempts in dossier.sends),
            "letter_edits": tuple(LetterEditShown.of(one) for one in dossier.edits),
        }
    )
