"""Payer rules learned from corrections: listed, proposed, accepted, withdrawn."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from agent.learning.deciding import accept, find_rule, withdraw
from agent.learning.proposing import RuleRefused, propose
from agent.learning.rulebook import LearnedRule, rules_of
from agent.learning.shown import RuleShown, shown
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.etags import PRECONDITIONS, IfMatch, require_match, require_named, tag_of
from api.offices import now
from api.paging import DEFAULT, Cursor, Limit, Page, page_of
from api.problems import ProblemError, responses
from api.schemas import Seen
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.worker import StillBusy
from knowledge.records import Role
from knowledge.types.learned import RuleChange

router = APIRouter(tags=["Rules"])

RuleId = Annotated[str, Path(description="The rule's id.", examples=["R-9521f2aa"])]
_PROBLEMS = ("key-required", "identity-claimed", "invalid-request", "rule-refused", "busy", *PRACTICE_PROBLEMS)


class RuleProposal(BaseModel):
    """What a payer wants, with the denial that shows it."""

    model_config = ConfigDict(extra="forbid")

    denial_id: Seen = Field(examples=["den_9521f2aa9451e870bc0e"])
    change: RuleChange = Field(examples=[{"remedy": "reconsideration"}])
    by: Seen | None = Field(default=None, min_length=1, max_length=200, description="With the server's key only.")
    reason: Seen = Field(min_length=1, max_length=2000)


class RuleDecision(BaseModel):
    """Who decides on a rule, as what, and why. `scope` widens a rule to every code with the same answer."""

    model_config = ConfigDict(extra="forbid")

    by: Seen | None = Field(default=None, min_length=1, max_length=200, description="With the server's key only.")
    role: Role | None = Field(default=None, description="With the server's key only: a user's own role counts.")
    reason: Seen = Field(min_length=1, max_length=2000)
    scope: Literal["as-proven", "any-code"] = "as-proven"


@router.get(
    "/v1/rules",
    summary="List learned rules",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("rules.read")],
    operation_id="list_rules",
)
def list_rules(
    service: ServiceOf, practice_id: PracticeOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[RuleShown]:
    """List every rule, proposed, in force or withdrawn, with the corrections that taught it."""
    held = _held(service, practice_id)
    page, next_cursor = page_of("rules", held, lambda rule: rule.rule_id, cursor, limit)
    return Page(items=[shown(rule, held) for rule in page], next_cursor=next_cursor)


@router.get(
    "/v1/rules/{rule_id}",
    summary="Get a learned rule",
    responses=responses("key-required", "rule-unknown", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("rules.read")],
    operation_id="get_rule",
)
def get_rule(service: ServiceOf, practice_id: PracticeOf, rule_id: RuleId, response: Response) -> RuleShown:
    """Get one rule with every step of its life; `ETag` names its version."""
    held = _held(service, practice_id)
    rule = _known(held, rule_id)
    response.headers["etag"] = _tag(rule)
    return shown(rule, held)


@router.post(
    "/v1/rules",
    summary="Propose a rule",
    responses=responses("denial-unknown", *_PROBLEMS),
    dependencies=[needs("rules.propose")],
    operation_id="propose_rule",
)
def propose_rule(
    service: ServiceOf, practice_id: PracticeOf, proposal: RuleProposal, principal: PrincipalOf
) -> RuleShown:
    """Propose what a payer wants. Nothing applies until it is accepted; a correction by review proposes by itself."""
    by = decider(principal, proposal.by, None).by

    def change() -> LearnedRule:
        with service.office.at_desk(practice_id) as desk:
            if proposal.denial_id not in desk.casebook.denials:
                raise ProblemError("denial-unknown", f"practice {practice_id} has no denial {proposal.denial_id}")
            given = {"by": by, "why": proposal.reason, "at": now()}
            return propose(desk, proposal.denial_id, proposal.change, **given)  # type: ignore[arg-type]

    return _decided(service, practice_id, change)


@router.post(
    "/v1/rules/{rule_id}/accept",
    summary="Accept a rule",
    responses=responses("rule-unknown", *PRECONDITIONS, *_PROBLEMS),
    dependencies=[needs("rules.accept")],
    operation_id="accept_rule",
)
def accept_rule(
    service: ServiceOf,
    practice_id: PracticeOf,
    rule_id: RuleId,
    decision: RuleDecision,
    principal: PrincipalOf,
    if_match: IfMatch = None,
) -> RuleShown:
    """Put a rule in force; the open cases it is about are worked anew right after. Accepted again, nothing changes."""
    require_named(if_match)
    _known(_held(service, practice_id), rule_id)
    by, role = _decider(principal, decision)

    def change() -> LearnedRule:
        with service.office.at_desk(practice_id) as desk:
            require_match(if_match, _tag(_known(_held(service, practice_id), rule_id)))
            return accept(
                desk,
                rule_id,
                by=by,
                role=role,
                why=decision.reason,
                at=now(),
                scope=decision.scope,
            )

    answered = _decided(service, practice_id, change)
    service.worker.work(practice_id)
    return answered


@router.post(
    "/v1/rules/{rule_id}/withdraw",
    summary="Withdraw a rule",
    responses=responses("rule-unknown", *PRECONDITIONS, *_PROBLEMS),
    dependencies=[needs("rules.accept")],
    operation_id="withdraw_rule",
)
def withdraw_rule(
    service: ServiceOf,
    practice_id: PracticeOf,
    rule_id: RuleId,
    decision: RuleDecision,
    principal: PrincipalOf,
    if_match: IfMatch = None,
) -> RuleShown:
    """Take a rule out of force; the open cases it moved go back right after."""
    require_named(if_match)
    _known(_held(service, practice_id), rule_id)
    by, role = _decider(principal, decision)

    def change() -> LearnedRule:
        with service.office.at_desk(practice_id) as desk:
            require_match(if_match, _tag(_known(_held(service, practice_id), rule_id)))
            return withdraw(desk, rule_id, by=by, role=role, why=decision.reason, at=now())

    answered = _decided(service, practice_id, change)
    service.worker.work(practice_id)
    return answered


def _decider(principal: Principal, decision: RuleDecision) -> tuple[str, Role]:
    by, role = decider(principal, decision.by, decision.role)
    if role is None:
        raise ProblemError("rule-refused", "say in which role: a rule is for a manager or a coder to decide")
    return by, role


def _decided(service: Service, practice_id: str, change: Callable[[], LearnedRule]) -> RuleShown:
    try:
        rule = service.worker.call(change, service.settings.patience)
    except RuleRefused as error:
        raise ProblemError("rule-refused", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
    return shown(rule, _held(service, practice_id))


def _held(service: Service, practice_id: str) -> tuple[LearnedRule, ...]:
    with service.office.records.reading() as repository:
        return rules_of(repository, practice_id)


def _known(held: tuple[LearnedRule, ...], rule_id: str) -> LearnedRule:
    try:
        return find_rule(held, rule_id)
    except RuleRefused as error:
        raise ProblemError("rule-unknown", str(error)) from error


def _tag(rule: LearnedRule) -> str:
    """Name a rule's version: every step of its life so far."""
    return tag_of(rule.rule_id, [entry.model_dump(mode="json") for entry in rule.entries])
