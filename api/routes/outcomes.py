"""What became of denials: the payer's decisions entered and withdrawn, each line's timeline, the practice's cash."""

import base64
import binascii
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from agent.following.due import Unanswered, unanswered
from agent.following.entering import BadOutcome, Given, OutcomeKeyReused, enter_outcome, withdraw_outcome
from agent.following.timeline import timeline
from agent.ranking import settled_now
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.offices import now
from api.paging import DEFAULT, Cursor, DatedPage, Key, Limit, Page, day_of, ordered_page, read_place
from api.problems import ProblemError, responses
from api.routes.denials import DenialId
from api.schemas import Answered, Seen
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.worker import StillBusy
from knowledge.records import OutcomeEntry, UnknownDenial
from knowledge.records.audit import saw
from knowledge.types.cash import Reconciliation
from knowledge.types.outcomes import LifeEntry, Result, Settled
from knowledge.types.record import DenialRecord

router = APIRouter(tags=["Denials"])

_PROBLEMS = (
    "denial-unknown",
    "outcome-refused",
    "key-reused",
    "invalid-request",
    "busy",
    "key-required",
    "identity-claimed",
)


class OutcomeLetter(BaseModel):
    """The decision letter: a PDF, base64."""

    model_config = ConfigDict(extra="forbid")

    name: Seen = Field(min_length=1, max_length=200)
    data: str = Field(description="The PDF, base64.")

    def content(self) -> bytes:
        """Give the bytes; a refusal says what is wrong with them."""
        try:
            return base64.b64decode(self.data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ProblemError("outcome-refused", f"letter.data is no base64: {error}") from error


class OutcomeRequest(BaseModel):
    """A payer's decision on a denial."""

    model_config = ConfigDict(extra="forbid")

    result: Result = Field(description="`dismissed`: it was not looked into. None of them is cash: remits are.")
    on: date = Field(description="The day of the decision: the next level's clock runs from it.")
    by: Seen | None = Field(
        default=None, min_length=1, max_length=200, description="Who enters it: with the server's key only."
    )
    reference: Seen = Field(default="", max_length=200, description="The payer's reference of the decision.")
    level: Seen = Field(
        default="",
        max_length=100,
        description="The level that decided, as in payers.yaml, or peer-to-peer; else the one that is out.",
    )
    reason: Seen = Field(default="", max_length=4000, description="The payer's own words.")
    codes: tuple[Seen, ...] = Field(default=(), max_length=20, description="CARC and RARC the decision names.")
    letter: OutcomeLetter | None = Field(default=None, description="Enclosed at the next level.")


class Withdrawal(BaseModel):
    """Who takes an entry back, and why."""

    model_config = ConfigDict(extra="forbid")

    by: Seen | None = Field(default=None, min_length=1, max_length=200, description="With the server's key only.")
    reason: Seen = Field(min_length=1, max_length=2000)

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.reason.strip():
            raise ValueError("the reason is blank")
        return self


class OutcomeAnswer(Answered):
    """The entry as it is kept, and the denial as it stands then."""

    entry: OutcomeEntry
    denial: DenialRecord


class Life(Answered):
    """A denial's timeline, oldest first, and what it brought in cash."""

    denial_id: str
    recovered: Decimal = Field(description="Dollars later remits brought, take-backs and recoupments netted.")
    recouped: Decimal
    entries: list[LifeEntry]


class Outcomes(Page[Settled]):
    """Denials whose fight is over, and what all denials of a practice came to in cash, as of its last run."""

    cash: Reconciliation


@router.post(
    "/v1/denials/{denial_id}/outcomes",
    summary="Enter a payer's decision",
    responses=responses(*_PROBLEMS, *PRACTICE_PROBLEMS),
    dependencies=[needs("outcomes.write")],
    operation_id="enter_outcome",
)
def post_outcome(
    service: ServiceOf,
    practice_id: PracticeOf,
    denial_id: DenialId,
    outcome: OutcomeRequest,
    principal: PrincipalOf,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description="A key of your own: with it, it counts once.")
    ] = None,
) -> OutcomeAnswer:
    """Enter what the payer decided. The case goes on at once: the next level opens, or the payment is awaited.

    The same decision sent again counts once, with `Idempotency-Key` or without.
    """
    given = Given(
        result=outcome.result,
        on=outcome.on,
        by=decider(principal, outcome.by, None).by,
        reference=outcome.reference,
        level=outcome.level,
        reason=outcome.reason,
        codes=outcome.codes,
        letter=outcome.letter.content() if outcome.letter else None,
        letter_name=outcome.letter.name if outcome.letter else "",
    )
    return _answered(
        service,
        practice_id,
        denial_id,
        lambda: enter_outcome(service.office, practice_id, denial_id, given, idempotency_key),
    )


@router.post(
    "/v1/denials/{denial_id}/outcomes/{key}/withdraw",
    summary="Withdraw an entered decision",
    responses=responses(*_PROBLEMS, *PRACTICE_PROBLEMS),
    dependencies=[needs("outcomes.write")],
    operation_id="withdraw_outcome",
)
def post_withdrawal(
    service: ServiceOf,
    practice_id: PracticeOf,
    denial_id: DenialId,
    key: Annotated[str, Path(description="The entry's key.")],
    withdrawal: Withdrawal,
    principal: PrincipalOf,
) -> OutcomeAnswer:
    """Take back a decision that was entered wrongly: it stays on record, and what it had moved goes back."""
    by, reason = decider(principal, withdrawal.by, None).by, withdrawal.reason
    return _answered(
        service,
        practice_id,
        denial_id,
        lambda: withdraw_outcome(service.office, practice_id, denial_id, key, by=by, reason=reason),
    )


@router.get(
    "/v1/denials/{denial_id}/timeline",
    summary="Read a line's life",
    responses=responses("denial-unknown", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="read_timeline",
)
def read_timeline(service: ServiceOf, practice_id: PracticeOf, denial_id: DenialId) -> Life:
    """Read everything that happened to a denied line: day, what, dollars where money moved, and where it stands."""
    try:
        entries = timeline(service.office.records, practice_id, denial_id)
    except UnknownDenial as error:
        raise ProblemError("denial-unknown", str(error)) from error
    with service.office.records.reading() as repository:
        account = repository.outcomes.account(practice_id, denial_id)
    nothing = Decimal("0.00")
    return Life(
        denial_id=denial_id,
        recovered=account.recovered if account else nothing,
        recouped=account.recouped if account else nothing,
        entries=list(entries),
    )


@router.get(
    "/v1/outcomes",
    summary="Read what denials came to",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="read_outcomes",
)
def read_outcomes(
    service: ServiceOf, practice_id: PracticeOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Outcomes:
    """Read the practice's cash (recovered, paid otherwise, not placed), and its settled denials, the oldest first.

    What is out with payers and not answered: `/v1/outcomes/unanswered`.
    """
    after = read_place("outcomes", cursor)
    records = service.office.records
    with records.reading() as repository:
        whole = repository.outcomes.cash(practice_id) or Reconciliation()

    def place(one: Settled) -> Key:
        return one.ended_on.isoformat(), one.denial_id

    page, next_cursor = ordered_page("outcomes", settled_now(records, practice_id), place, after, limit)
    saw(practice_id, (one.denial_id for one in page))
    return Outcomes(items=page, next_cursor=next_cursor, cash=whole)


@router.get(
    "/v1/outcomes/unanswered",
    summary="List what payers have not answered",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="list_unanswered",
)
def list_unanswered(
    service: ServiceOf,
    practice_id: PracticeOf,
    as_of: Annotated[
        date | None,
        Query(description="The day to count overdue answers from. A cursor keeps it.", examples=["2026-05-01"]),
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> DatedPage[Unanswered]:
    """List what is out with payers, the longest overdue first, what has no day known last; as of the last run."""
    after = read_place("unanswered", cursor)
    practice = dict(service.office.practices())[practice_id]
    day = day_of(after, as_of, practice.as_of or now().date())
    found = unanswered(service.office.records, practice_id, day)

    def place(one: Unanswered) -> Key:
        return day.isoformat(), (one.answer_due or date.max).isoformat(), one.sent_on.isoformat(), one.denial_id

    page, next_cursor = ordered_page("unanswered", found, place, after, limit)
    saw(practice_id, (one.denial_id for one in page))
    return DatedPage(items=page, next_cursor=next_cursor, as_of=day)


def _answered(service: Service, practice_id: str, denial_id: str, act: Callable[[], OutcomeEntry]) -> OutcomeAnswer:
    try:
        entry = service.worker.call(act, service.settings.patience)
    except UnknownDenial as error:
        raise ProblemError("denial-unknown", str(error)) from error
    except BadOutcome as error:
        raise ProblemError("outcome-refused", str(error)) from error
    except OutcomeKeyReused as error:
        raise ProblemError("key-reused", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
    record = service.office.record(practice_id, denial_id)
    if record is None:
        raise ProblemError("denial-unknown", f"denial {denial_id} has not been worked yet")
    return OutcomeAnswer(entry=entry, denial=record)
