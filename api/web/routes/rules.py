"""What corrections taught about payers: all rules on a page, put in force and withdrawn."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from agent.learning.rulebook import rules_of
from agent.learning.shown import in_words, shown
from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.problems import ProblemError
from api.routes.rules import RuleDecision, accept_rule, withdraw_rule
from api.service import PracticeOf, Service, ServiceOf
from api.web.pages import page, practice_tail

router = APIRouter(include_in_schema=False)

Reason = Annotated[str, Form(min_length=1, max_length=2000)]


@router.get("/rules", dependencies=[needs("rules.read")])
def list_rules(request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf) -> Response:
    """List every rule: those that wait for a yes first, then those in force, then the withdrawn."""
    return _page(request, service, practice_id, principal)


@router.post("/rules/{rule_id}/accept", dependencies=[needs("rules.accept")])
def accept(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    rule_id: str,
    reason: Reason,
    scope: Annotated[Literal["as-proven", "any-code"], Form()] = "as-proven",
) -> Response:
    """Put a rule in force."""
    decision = _decision(principal, reason, scope)
    try:
        accept_rule(service, practice_id, rule_id, decision, principal)
    except ProblemError as refused:
        return _refused(request, service, practice_id, principal, refused)
    return RedirectResponse(f"/rules{practice_tail(request)}", 303)


@router.post("/rules/{rule_id}/withdraw", dependencies=[needs("rules.accept")])
def withdraw(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    rule_id: str,
    reason: Reason,
) -> Response:
    """Take a rule out of force."""
    try:
        withdraw_rule(service, practice_id, rule_id, _decision(principal, reason), principal)
    except ProblemError as refused:
        return _refused(request, service, practice_id, principal, refused)
    return RedirectResponse(f"/rules{practice_tail(request)}", 303)


def _decision(principal: Principal, reason: str, scope: Literal["as-proven", "any-code"] = "as-proven") -> RuleDecision:
    return RuleDecision(reason=reason, scope=scope, by="API key" if principal.kind == "key" else None)


def _refused(
    request: Request, service: Service, practice_id: str, principal: Principal, refused: ProblemError
) -> Response:
    if refused.name != "rule-refused":
        raise refused
    return _page(request, service, practice_id, principal, wrong=str(refused.detail))


def _page(
    request: Request, service: Service, practice_id: str, principal: Principal, wrong: str | None = None
) -> Response:
    with service.office.records.reading() as repository:
        held = rules_of(repository, practice_id)
    rules = [shown(rule, held) for rule in held]
    waiting = [rule for rule in rules if rule.pending is not None]
    return page(
        request,
        "rules.html",
        200 if wrong is None else 422,
        waiting=[(rule, in_words(rule.pending)) for rule in waiting if rule.pending is not None],
        in_force=[rule for rule in rules if rule.state == "in_force" and rule.pending is None],
        withdrawn=[rule for rule in rules if rule.state == "withdrawn"],
        may_decide=principal.may("rules.accept"),
        role=principal.role,
        wrong=wrong,
    )
