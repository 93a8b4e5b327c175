"""What waits for whom: decisions, answers of clinicians, sends."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query

from agent.approving.authority import needed
from api.access.needs import needs
from api.exchange_schemas import Task
from api.paging import DEFAULT, Cursor, Limit, Page
from api.problems import ProblemError, responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, ServiceOf
from knowledge.records import BadCursor, DenialStatus, Role, WorklistFilter, WorklistItem
from knowledge.records.questions import Question

router = APIRouter(tags=["Denials"])

Kind = Literal["review", "answer", "send"]

_STATUS: dict[Kind, tuple[DenialStatus, ...]] = {"review": ("in_review",), "answer": (), "send": ("approved",)}
_EVERY: tuple[DenialStatus, ...] = ("in_review", "approved")
_REVIEWERS: tuple[Role, ...] = ("biller", "coder", "clinician", "manager")
_SENDERS: tuple[Role, ...] = ("biller", "manager")


@router.get(
    "/v1/tasks",
    summary="List what waits for whom",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="list_tasks",
)
def list_tasks(
    service: ServiceOf,
    practice_id: PracticeOf,
    kind: Annotated[Kind | None, Query(description="Only tasks of this kind.")] = None,
    role: Annotated[Role | None, Query(description="Only what this role may do.")] = None,
    assigned_to: Annotated[str | None, Query(description="Only what is assigned to them.", max_length=200)] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Task]:
    """List tasks in the order of the queue. `limit` counts denials: one may have several tasks, or none of a kind.

    `for_roles` goes by the remedy; what is changed on a claim or said in a letter may bind it further, which the
    approval then says.
    """
    wanted = WorklistFilter(status=(_STATUS[kind] or _EVERY) if kind else _EVERY, assigned_to=assigned_to)
    with service.office.records.reading() as repository:
        try:
            page = repository.worklist.page(practice_id, wanted, cursor=cursor, limit=limit)
        except BadCursor as error:
            raise ProblemError("bad-cursor", str(error)) from error
        asked = repository.questions.waiting(practice_id)
    tasks = [
        task for item in page.items for task in _tasks(item, [one for one in asked if one.denial_id == item.denial_id])
    ]
    items = [task for task in tasks if kind in (None, task.kind) and (role is None or role in task.for_roles)]
    return Page(items=items, next_cursor=page.next_cursor)


def _tasks(item: WorklistItem, asked: list[Question]) -> Iterator[Task]:
    if item.status == "in_review":
        yield _task(item, "review", item.denial_id, _deciders(item.remedy), f"Decide: {item.says}")
    else:
        yield _task(item, "send", item.denial_id, _SENDERS, "Send what was approved")
    for one in asked:
        yield _task(item, "answer", one.key, ("clinician",), one.asked, one.asked_of or None)


def _task(
    item: WorklistItem, kind: Kind, key: str, roles: tuple[Role, ...], says: str, assigned_to: str | None = None
) -> Task:
    return Task(
        task_id=f"tsk_{kind}_{key}",
        kind=kind,
        denial_id=item.denial_id,
        for_roles=list(roles),
        assigned_to=assigned_to or item.assigned_to,
        due=item.deadline,
        says=says,
        amount_at_stake=f"{item.amount:.2f}",
    )


def _deciders(remedy: str) -> tuple[Role, ...]:
    """Give who may approve a remedy: those that the table of roles names, else everyone who decides on denials."""
    bound = [set(row.roles) for row in needed(remedy, ())]
    return tuple(role for role in get_args(Role) if all(role in one for one in bound) and (bound or role in _REVIEWERS))
