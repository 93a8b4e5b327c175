"""Webhooks for administrators: where events go, what became of each, send again, secrets shown once."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.access.needs import PrincipalOf, needs
from api.exchange_schemas import DeliveryId, DeliveryShown, WebhookChange, WebhookId, WebhookRequest, WebhookShown
from api.paging import following, read_cursor
from api.problems import ProblemError
from api.routes import webhooks as by_api
from api.service import PracticeOf, Service, ServiceOf
from api.web.pages import page, practice_tail
from knowledge.records import Repository

router = APIRouter(include_in_schema=False, dependencies=[needs("webhooks.manage")])

ROWS = 50
Seen = Annotated[str, Form(max_length=100)]


@router.get("/webhooks")
def list_webhooks(request: Request, service: ServiceOf, practice_id: PracticeOf) -> Response:
    """List the practice's webhooks, each with how its last delivery stands."""
    return _list(request, service, practice_id)


@router.post("/webhooks")
def add_webhook(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    url: Annotated[str, Form(max_length=2000)],
    kinds: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Make a webhook; its secret is shown this once."""
    try:
        asked = WebhookRequest(url=url.strip(), kinds=kinds.replace(",", " ").split())
        made = by_api.add_webhook(service, practice_id, principal, asked, Response())
    except ValidationError:
        return _list(request, service, practice_id, wrong="a type of event is written like denial.waits")
    except ProblemError as refused:
        if refused.name != "webhook-refused":
            raise
        return _list(request, service, practice_id, wrong=str(refused.detail))
    return _list(request, service, practice_id, secret=made.secret, of=made.url)


@router.get("/webhooks/{webhook_id}")
def show_webhook(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    webhook_id: WebhookId,
    after: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Show one webhook and its deliveries with every try, the last queued on top."""
    return _one(request, service, practice_id, webhook_id, after=after)


@router.post("/webhooks/{webhook_id}/secret")
def renew_secret(request: Request, service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId) -> Response:
    """Make a new secret and show it, this once; the one before signs as well for a while."""
    made = by_api.renew_webhook_secret(service, practice_id, webhook_id)
    return _one(request, service, practice_id, webhook_id, secret=made.secret, others_end=made.others_end)


@router.post("/webhooks/{webhook_id}/state")
def set_state(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    webhook_id: WebhookId,
    seen: Seen,
    state: Annotated[Literal["active", "disabled"], Form()],
) -> Response:
    """Send it nothing more, or go on where it stopped."""
    by_api.change_webhook(service, practice_id, webhook_id, WebhookChange(state=state), Response(), seen)
    return RedirectResponse(f"/webhooks/{webhook_id}{practice_tail(request)}", 303)


@router.post("/webhooks/{webhook_id}/remove")
def remove_webhook(
    request: Request, service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId, seen: Seen
) -> Response:
    """Take it away, with the record of its deliveries."""
    by_api.remove_webhook(service, practice_id, webhook_id, seen)
    return RedirectResponse(f"/webhooks{practice_tail(request)}", 303)


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/again")
def send_again(
    request: Request, service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId, delivery_id: DeliveryId
) -> Response:
    """Have a delivery that ended tried anew."""
    by_api.retry_delivery(service, practice_id, webhook_id, delivery_id)
    return RedirectResponse(f"/webhooks/{webhook_id}{practice_tail(request)}", 303)


def _list(
    request: Request,
    service: Service,
    practice_id: str,
    *,
    wrong: str | None = None,
    secret: str | None = None,
    of: str = "",
) -> Response:
    with service.office.records.reading() as repository:
        found = repository.webhooks.page(practice_id, "", 200)
        rows = [(WebhookShown.of(one), _deliveries(repository, one.webhook_id, None, 1)) for one in found]
    return page(
        request,
        "webhooks.html",
        200 if wrong is None else 422,
        rows=[(hook, last[0] if last else None) for hook, last in rows],
        wrong=wrong,
        secret=secret,
        of=of,
    )


def _one(
    request: Request,
    service: Service,
    practice_id: str,
    webhook_id: str,
    *,
    after: str | None = None,
    secret: str | None = None,
    others_end: object = None,
) -> Response:
    answered = Response()
    hook = by_api.read_webhook(service, practice_id, webhook_id, answered)
    with service.office.records.reading() as repository:
        found = _deliveries(repository, webhook_id, read_cursor(webhook_id, after), ROWS + 1)
    rows, more = following(webhook_id, found, lambda one: one.delivery_id, ROWS)
    return page(
        request,
        "webhook_rows.html" if after else "webhook.html",
        hook=hook,
        rows=rows,
        more=more,
        seen=answered.headers["etag"],
        secret=secret,
        others_end=others_end,
    )


def _deliveries(repository: Repository, webhook_id: str, before: str | None, limit: int) -> list[DeliveryShown]:
    found = repository.webhooks.deliveries(webhook_id, before, limit)
    attempts = repository.webhooks.attempts([one.delivery_id for one in found])
    return [DeliveryShown.of(one, attempts[one.delivery_id]) for one in found]
