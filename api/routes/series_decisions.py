"""Decisions on a series or batch as a whole: approve, reject, or make one denial's correction on the others."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from agent.approving.refusal import ApprovalRefused
from agent.office import NotWaiting, Office
from agent.ranking import rankings_of
from agent.review import BadChange
from agent.series.approving import approve_together, reject_together
from agent.series.corrections import offers, take_over
from agent.series.groups import Group
from agent.series.members import UnknownGroup, group_named
from agent.series.packet import NotTogether
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.etags import PRECONDITIONS, IfMatch, denial_tag, denial_tags, require_match, require_named, tag_of
from api.problems import ProblemError, responses
from api.schemas import Answered, Seen
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.worker import StillBusy
from knowledge.records import JointApproval, Role, UnknownDenial
from knowledge.types.record import DenialRecord

router = APIRouter(tags=["Denials"])

_Result = TypeVar("_Result")
_DECIDING = responses(
    *("series-unknown", "denial-unknown", "not-waiting", "approval-refused", "change-refused", "identity-claimed"),
    *("invalid-request", "busy", "key-required", *PRECONDITIONS, *PRACTICE_PROBLEMS),
)

GroupId = Annotated[str, Path(description="Its id, or the id of a denial in it.")]


class GroupDecision(BaseModel):
    """Who decides on all that go together, and why."""

    model_config = ConfigDict(extra="forbid")

    by: Seen | None = Field(default=None, min_length=1, max_length=200, description="With the server's key only.")
    reason: Seen = Field(min_length=1, max_length=2000)


class GroupApproval(GroupDecision):
    """An approval of all that go together: in which role, and whose signature was obtained where one is needed."""

    role: Role | None = Field(default=None, description="With the server's key only: a user's own role counts.")
    signed_by: Seen | None = Field(default=None, min_length=1, max_length=200)


class GroupCorrection(GroupDecision):
    """Which denial's correction is made on the others of its record."""

    denial_id: Seen = Field(description="The denial that was corrected.", examples=["den_9521f2aa9451e870bc0e"])


class Decided(Answered):
    """The denials that were decided on, as they stand now."""

    items: list[DenialRecord]


@router.post(
    "/v1/series/{group_id}/approve",
    summary="Approve a series or batch",
    responses=_DECIDING,
    dependencies=[needs("denials.review")],
    operation_id="approve_series",
)
def approve_series(
    service: ServiceOf,
    practice_id: PracticeOf,
    group_id: GroupId,
    decision: GroupApproval,
    principal: PrincipalOf,
    if_match: IfMatch = None,
) -> JointApproval:
    """Approve each member over its own files, and one packet for all of them; none is when one is refused.

    `If-Match` is the `ETag` of the series as it was seen.
    """
    by, role = decider(principal, decision.by, decision.role)
    return _decided(
        service,
        if_match,
        lambda: group_tag(service.office, practice_id, group_id),
        lambda: approve_together(
            service.office,
            practice_id,
            group_id,
            by=by,
            reason=decision.reason,
            role=role,
            signed_by=decision.signed_by,
        ),
    )


@router.post(
    "/v1/series/{group_id}/reject",
    summary="Reject a series or batch",
    responses=_DECIDING,
    dependencies=[needs("denials.review")],
    operation_id="reject_series",
)
def reject_series(
    service: ServiceOf,
    practice_id: PracticeOf,
    group_id: GroupId,
    decision: GroupDecision,
    principal: PrincipalOf,
    if_match: IfMatch = None,
) -> Decided:
    """Reject every member that waits for a person: nothing is done about them. What was approved stays so."""
    by, _ = decider(principal, decision.by, None)
    closed = _decided(
        service,
        if_match,
        lambda: group_tag(service.office, practice_id, group_id),
        lambda: reject_together(service.office, practice_id, group_id, by=by, reason=decision.reason),
    )
    return Decided(items=list(closed))


@router.post(
    "/v1/series/{group_id}/correct",
    summary="Correct a series alike",
    responses=_DECIDING,
    dependencies=[needs("denials.review")],
    operation_id="correct_series",
)
def correct_series(
    service: ServiceOf,
    practice_id: PracticeOf,
    group_id: GroupId,
    decision: GroupCorrection,
    principal: PrincipalOf,
    if_match: IfMatch = None,
) -> Decided:
    """Make the correction of one denial on the others of its record that wait; each is drafted anew and waits again.

    The id is that of the series, of the corrected denial or of one it is offered to: a correction may have taken the
    denial out of the series. `If-Match` is the `ETag` of the corrected denial.
    """
    by, _ = decider(principal, decision.by, None)
    office = service.office

    def current() -> str:
        try:
            return denial_tag(office, practice_id, decision.denial_id)
        except UnknownDenial as error:
            raise ProblemError("denial-unknown", str(error)) from error

    def change() -> tuple[DenialRecord, ...]:
        with office.at_desk(practice_id) as desk:
            with rankings_of(desk.records).at(practice_id) as ranking:
                found = [one for one in offers(desk, ranking.kinship) if one.denial_id == decision.denial_id]
        concerned = {name for one in found for name in (one.denial_id, *one.to)}
        if group_id not in {*concerned, decision.denial_id}:
            concerned &= {*_group(office, practice_id, group_id).members}
        if not concerned:
            raise NotWaiting(f"no correction of {decision.denial_id} is open for others of {group_id}")
        return take_over(office, practice_id, found[0], by=by, reason=decision.reason)

    return Decided(items=list(_decided(service, if_match, current, change)))


def group_tag(office: Office, practice_id: str, group_id: str) -> str:
    """Give the tag of a group: that of every member as it stands.

    Raises:
        UnknownGroup: no such group of open denials.
    """
    group = _group(office, practice_id, group_id)
    return tag_of(group.group_id, denial_tags(office, practice_id, group.members))


def _group(office: Office, practice_id: str, group_id: str) -> Group:
    with rankings_of(office.records).at(practice_id) as ranking:
        return group_named(ranking.kinship, group_id)


def _decided(
    service: Service, if_match: str | None, current: Callable[[], str], decide: Callable[[], _Result]
) -> _Result:
    require_named(if_match)

    def alone() -> _Result:
        with service.office.alone():  # nobody changes a member between the look at it and the decision
            require_match(if_match, current())
            return decide()

    try:
        return service.worker.call(alone, service.settings.patience)
    except UnknownGroup as error:
        raise ProblemError("series-unknown", str(error)) from error
    except NotWaiting as error:
        raise ProblemError("not-waiting", str(error)) from error
    except BadChange as error:
        raise ProblemError("change-refused", str(error)) from error
    except (ApprovalRefused, NotTogether) as error:
        raise ProblemError("approval-refused", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
