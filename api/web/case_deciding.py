"""What people do with a case on its page: approve, reject, take back, ask, answer, assign, snooze."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from agent.approving.refusal import ApprovalRefused
from agent.approving.taking_back import CannotTakeBack, take_back
from agent.office import NotWaiting
from agent.series.approving import approve_together
from agent.series.members import UnknownGroup
from agent.series.packet import NotTogether
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.reviewing import Decision, KeyReused, Submitted, submit
from api.routes.denials import DenialId
from api.service import PracticeOf, Service, ServiceOf
from api.web.case import case_page, suffix
from api.web.case_view import case_view
from api.web.case_way import asked_of, way_of
from api.web.desk_time import note_desk_time, seconds_of
from api.web.snoozing import against_snooze
from api.worker import StillBusy
from knowledge.records import Event, Question, UnknownDenial

router = APIRouter(include_in_schema=False)

T = TypeVar("T")
Words = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=100)]
APPROVED = "Read on its page and approved"
_REFUSED = (ApprovalRefused, NotWaiting, KeyReused, CannotTakeBack, UnknownGroup, NotTogether, UnknownDenial)


class Outdated(RuntimeError):
    """The case is not as it was when the page was opened."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "Somebody changed this case since you opened it. Nothing was decided: this is how it stands now"
        )


@router.post("/case/{denial_id}/approve", dependencies=[needs("denials.review")])
def approve(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    tag: Short = "", reason: Words = "", signed_by: Short = "", desk: Short = "",
) -> Response:  # fmt: skip
    """Approve a case as it was shown, and go on to the next of the list that waits."""
    reason = reason.strip() or APPROVED
    return _decide(request, service, practice_id, principal, denial_id, "approve", reason, tag, signed_by.strip(), desk)


@router.post("/case/{denial_id}/reject", dependencies=[needs("denials.review")])
def reject(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    tag: Short = "", reason: Words = "", desk: Short = "",
) -> Response:  # fmt: skip
    """Reject what is proposed, with the reason, and go on to the next."""
    if not reason.strip():
        wrong = "Say why it is rejected: the reason stands on its timeline, and rules are learned from it"
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=422)
    return _decide(request, service, practice_id, principal, denial_id, "reject", reason.strip(), tag, "", desk)


@router.post("/case/{denial_id}/take-back", dependencies=[needs("denials.review")])
def undo(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    reason: Words = "",
) -> Response:  # fmt: skip
    """Take the last decision back while nothing of it was sent."""
    by = decider(principal, principal.name, None).by
    why = reason.strip() or "taken back on its page"

    def run() -> object:
        return take_back(service.office, practice_id, denial_id, by=by, reason=why)

    return _done(request, service, practice_id, principal, denial_id, run, "take-back")


@router.post("/case/{denial_id}/together", dependencies=[needs("denials.review")])
def together(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    group: Short = "", signed_by: Short = "",
) -> Response:  # fmt: skip
    """Approve the whole series or batch that the case belongs to."""
    decided = decider(principal, principal.name, None)

    def run() -> object:
        signer = signed_by.strip() or None
        return approve_together(
            service.office, practice_id, group, by=decided.by, reason=APPROVED, role=decided.role, signed_by=signer
        )

    return _done(request, service, practice_id, principal, denial_id, run, "together")


@router.post("/case/{denial_id}/ask", dependencies=[needs("denials.assign")])
def ask(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    question: Words = "", of: Short = "",
) -> Response:  # fmt: skip
    """Ask a clinician about the case; the answer comes back as a note on its timeline."""
    asked = question.strip()
    if not asked:
        wrong = "Write the question for the clinician"
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=422)
    now = service.office.clock()
    to = of.strip()

    def run() -> None:
        with service.office.records.transaction() as repository:
            # Sent twice it is asked once; once it is answered, the same words are another question.
            answered = sum(one.answer is not None for one in repository.questions.of(practice_id, denial_id))
            said = msgspec.json.encode([denial_id, asked, of, principal.id, now.date().isoformat(), answered])
            key = f"qst_{hashlib.sha256(said).hexdigest()[:20]}"
            waiting = Question(
                key=key, denial_id=denial_id, asked=asked, asked_by=principal.name, asked_at=now, asked_of=to
            )
            if repository.questions.ask(practice_id, waiting):
                says = f"{principal.name} asks {to or 'a clinician'}: {asked}"
                event = Event(key=f"{denial_id}:{key}", kind="asked", says=says, at=now)
                repository.casework.add_event(practice_id, denial_id, event)

    return _done(request, service, practice_id, principal, denial_id, run, "ask")


@router.post("/case/{denial_id}/answer", dependencies=[needs("denials.review")])
def answer(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    key: Short = "", text: Words = "",
) -> Response:  # fmt: skip
    """Answer a question about the case; it becomes a note on its timeline."""
    said = text.strip()
    if not said:
        wrong = "Write the answer"
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=422)
    now = service.office.clock()

    def run() -> None:
        with service.office.records.transaction() as repository:
            if repository.questions.answer(practice_id, denial_id, key, said, principal.name, now):
                says = f"{principal.name} ({principal.role or 'no role'}) answers: {said}"
                event = Event(key=f"{denial_id}:{key}:answer", kind="answered", says=says, at=now)
                repository.casework.add_event(practice_id, denial_id, event)

    return _done(request, service, practice_id, principal, denial_id, run, "answer")


@router.post("/case/{denial_id}/assign", dependencies=[needs("denials.assign")])
def assign(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    to: Short = "",
) -> Response:  # fmt: skip
    """Put the case on somebody's desk, or (blank) take it off."""
    view = case_view(service, principal, practice_id, denial_id)
    if to and (view is None or to not in view.people):
        wrong = "Nobody of this practice has that name: choose one of the list"
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=422)
    was = (view.item.assigned_to if view and view.item else None) or ""

    def run() -> None:
        with service.office.records.transaction() as repository:
            repository.worklist.assign(practice_id, denial_id, to or None)

    return _done(request, service, practice_id, principal, denial_id, run, "assign", was=was)


@router.post("/case/{denial_id}/snooze", dependencies=[needs("denials.assign")])
def snooze(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId,
    until: Short = "",
) -> Response:  # fmt: skip
    """Keep the case out of the queue until a day, and go on to the next; blank wakes it."""
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError:
        wrong = "Choose a day to snooze it until"
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=422)
    view = case_view(service, principal, practice_id, denial_id)
    against = against_snooze(service, practice_id, [denial_id], view.as_of, day) if view and day else None
    if against:
        wrong = f"{against[0].upper()}{against[1:]}"
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=422)

    def run() -> None:
        with service.office.records.transaction() as repository:
            repository.worklist.snooze(practice_id, denial_id, day)

    return _done(
        request, service, practice_id, principal, denial_id, run, "snooze" if day else "wake", onwards=day is not None
    )


def _decide(
    request: Request, service: Service, practice_id: str, principal: Principal, denial_id: str,
    decision: Decision, reason: str, tag: str, signed_by: str, desk: str,
) -> Response:  # fmt: skip
    decided = decider(principal, principal.name, None)
    submitted = Submitted(
        decision=decision,
        reason=reason,
        by=decided.by,
        role=decided.role if decision == "approve" else None,
        signed_by=signed_by or None,
    )

    def run() -> object:
        view = case_view(service, principal, practice_id, denial_id)
        if view is not None and view.tag != tag:
            raise Outdated
        seconds = seconds_of(desk)
        if seconds is not None:
            # Kept first: the decision's own change then tells the dashboard to read it.
            with service.office.records.transaction() as repository:
                note_desk_time(repository, practice_id, denial_id, seconds, principal.id)
        return submit(service.office, practice_id, denial_id, submitted)

    return _done(request, service, practice_id, principal, denial_id, run, decision, onwards=True)


def _done(
    request: Request, service: Service, practice_id: str, principal: Principal, denial_id: str,
    run: Callable[[], object], did: str, *, onwards: bool = False, **more: str,
) -> Response:  # fmt: skip
    """Make one change when its turn comes, and go where the desk goes then; what is refused is said on the page."""
    wrong, status = "", 200
    view = case_view(service, principal, practice_id, denial_id)
    as_of = view.as_of if view else service.office.clock().date()
    way = way_of(service, principal, practice_id, denial_id, asked_of(request), as_of) if onwards else None
    try:
        service.worker.call(run, service.settings.patience)
    except Outdated as stale:
        wrong, status = str(stale), 412
    except _REFUSED as refused:
        wrong, status = str(refused), 409 if isinstance(refused, NotWaiting | CannotTakeBack) else 422
    except StillBusy as busy:
        wrong, status = f"{busy}. Nothing was decided; try again in a moment", 503
    if wrong:
        wrong = f"{wrong[0].upper()}{wrong[1:]}."
        return case_page(request, service, practice_id, principal, denial_id, wrong=wrong, status=status)
    following = way.onwards if way is not None and way.onwards else denial_id
    return RedirectResponse(f"/case/{following}{suffix(request, did=did, of=denial_id, **more)}", 303)
