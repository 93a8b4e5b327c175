"""Webhooks: made, changed, their secrets renewed, every try shown."""

import os

from fastapi import APIRouter, Response

from api.access.needs import PrincipalOf, needs
from api.etags import PRECONDITIONS, IfMatch, require_match, tag_of
from api.exchange_schemas import (
    DeliveryId,
    DeliveryShown,
    SecretMade,
    WebhookChange,
    WebhookId,
    WebhookMade,
    WebhookRequest,
    WebhookShown,
)
from api.keyed import KEY_MISSING, needs_key
from api.paging import DEFAULT, Cursor, Limit, Page, following, read_cursor
from api.problems import ProblemError, responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.webhooks.destinations import DestinationRefused, check_written
from api.webhooks.messages import new_secret
from api.webhooks.schedule import schedule
from knowledge.records import Repository, Webhook, WebhookSecret, sortable_id

router = APIRouter(tags=["Events"], dependencies=[needs("webhooks.manage")])

_PROBLEMS = ("key-required", "invalid-request", *PRACTICE_PROBLEMS)


@router.post(
    "/v1/webhooks",
    summary="Make a webhook",
    status_code=201,
    responses=responses("webhook-refused", KEY_MISSING, *_PROBLEMS),
    dependencies=[needs_key()],
    operation_id="add_webhook",
)
def add_webhook(
    service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, asked: WebhookRequest, response: Response
) -> WebhookMade:
    """Have what happens from now on brought to a program of yours, signed after Standard Webhooks 1.0.

    A message holds the type and ids, never anything of a patient; what it means is read from this API. It counts as
    taken when the answer is 2xx; else it is tried again for days. `410` disables the webhook. The secret is shown here
    and never again.
    """
    _check(service, asked.url)
    now, secret = service.office.clock(), new_secret()
    with service.office.records.transaction() as repository:
        made = Webhook(
            webhook_id=sortable_id("whk", now, os.urandom(10)),
            practice_id=practice_id,
            url=asked.url,
            kinds=tuple(asked.kinds),
            state="active",
            position=repository.feed.last(practice_id),
            made_by=principal.name,
            made_at=now,
        )
        repository.webhooks.add(made)
        repository.webhooks.add_secret(made.webhook_id, _secret(secret, service))
    response.headers["location"] = f"/v1/webhooks/{made.webhook_id}"
    response.headers["etag"] = _tag(made)
    return WebhookMade(**WebhookShown.of(made).model_dump(), secret=secret)


@router.get(
    "/v1/webhooks",
    summary="List webhooks",
    responses=responses("bad-cursor", *_PROBLEMS),
    operation_id="list_webhooks",
)
def list_webhooks(
    service: ServiceOf, practice_id: PracticeOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[WebhookShown]:
    """List the practice's webhooks, the first made on top."""
    after = read_cursor("webhooks", cursor) or ""
    with service.office.records.reading() as repository:
        found = repository.webhooks.page(practice_id, after, limit + 1)
    page, next_cursor = following("webhooks", found, lambda one: one.webhook_id, limit)
    return Page(items=[WebhookShown.of(one) for one in page], next_cursor=next_cursor)


@router.get(
    "/v1/webhooks/{webhook_id}",
    summary="Read a webhook",
    responses=responses("webhook-unknown", *_PROBLEMS),
    operation_id="read_webhook",
)
def read_webhook(
    service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId, response: Response
) -> WebhookShown:
    """Read one webhook; `ETag` names its version."""
    with service.office.records.reading() as repository:
        found = _known(repository, practice_id, webhook_id)
    response.headers["etag"] = _tag(found)
    return WebhookShown.of(found)


@router.patch(
    "/v1/webhooks/{webhook_id}",
    summary="Change a webhook",
    responses=responses("webhook-unknown", "webhook-refused", *PRECONDITIONS, *_PROBLEMS),
    operation_id="change_webhook",
)
def change_webhook(
    service: ServiceOf,
    practice_id: PracticeOf,
    webhook_id: WebhookId,
    change: WebhookChange,
    response: Response,
    if_match: IfMatch = None,
) -> WebhookShown:
    """Change where events go, which, or whether: `disabled` ends what is on its way, `active` goes on in the feed."""
    if change.url is not None:
        _check(service, change.url)
    with service.office.records.transaction() as repository:
        held = _known(repository, practice_id, webhook_id)
        require_match(if_match, _tag(held))
        values = change.model_dump(exclude_none=True)
        state = values.get("state", held.state)
        why = "" if state == "active" else (held.why or "by request")
        update = {**values, "kinds": tuple(values.get("kinds", held.kinds)), "state": state, "why": why}
        changed = held.model_copy(update={**update, "revision": held.revision + 1})
        if held.state == "active" and state == "disabled":
            repository.webhooks.disable(webhook_id, why, service.office.clock())
            changed = changed.model_copy(update={"revision": held.revision + 2})
        repository.webhooks.change(changed)
    response.headers["etag"] = _tag(changed)
    return WebhookShown.of(changed)


@router.delete(
    "/v1/webhooks/{webhook_id}",
    summary="Take a webhook away",
    status_code=204,
    responses=responses("webhook-unknown", *PRECONDITIONS, *_PROBLEMS),
    operation_id="remove_webhook",
)
def remove_webhook(
    service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId, if_match: IfMatch = None
) -> None:
    """Take a webhook away, with its secrets and the record of its deliveries."""
    with service.office.records.transaction() as repository:
        require_match(if_match, _tag(_known(repository, practice_id, webhook_id)))
        repository.webhooks.remove(webhook_id)


@router.post(
    "/v1/webhooks/{webhook_id}/secrets",
    summary="Renew a webhook's secret",
    status_code=201,
    responses=responses("webhook-unknown", KEY_MISSING, *_PROBLEMS),
    dependencies=[needs_key()],
    operation_id="renew_webhook_secret",
)
def renew_webhook_secret(service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId) -> SecretMade:
    """Make a new secret. For a day messages carry a signature by each, so that a receiver changes when it likes."""
    secret = new_secret()
    ends = service.office.clock() + schedule().old_secret
    with service.office.records.transaction() as repository:
        _known(repository, practice_id, webhook_id)
        repository.webhooks.add_secret(webhook_id, _secret(secret, service), others_end=ends)
    return SecretMade(secret=secret, others_end=ends)


@router.get(
    "/v1/webhooks/{webhook_id}/deliveries",
    summary="See what was delivered",
    responses=responses("webhook-unknown", "bad-cursor", *_PROBLEMS),
    operation_id="list_deliveries",
)
def list_deliveries(
    service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[DeliveryShown]:
    """List deliveries with every try, the last queued on top."""
    before = read_cursor(webhook_id, cursor)
    with service.office.records.reading() as repository:
        _known(repository, practice_id, webhook_id)
        found = repository.webhooks.deliveries(webhook_id, before, limit + 1)
        page, next_cursor = following(webhook_id, found, lambda one: one.delivery_id, limit)
        attempts = repository.webhooks.attempts([one.delivery_id for one in page])
    return Page(items=[DeliveryShown.of(one, attempts[one.delivery_id]) for one in page], next_cursor=next_cursor)


@router.post(
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
    summary="Deliver once more",
    status_code=202,
    responses=responses("webhook-unknown", "delivery-unknown", *_PROBLEMS),
    operation_id="retry_delivery",
)
def retry_delivery(
    service: ServiceOf, practice_id: PracticeOf, webhook_id: WebhookId, delivery_id: DeliveryId
) -> DeliveryShown:
    """Have a delivery that ended tried anew, with all its waits; one that still waits stays as it is."""
    with service.office.records.transaction() as repository:
        _known(repository, practice_id, webhook_id)
        if repository.webhooks.delivery(webhook_id, delivery_id) is None:
            raise ProblemError("delivery-unknown", f"webhook {webhook_id} has no delivery {delivery_id}")
        repository.webhooks.again(delivery_id, service.office.clock())
        found = repository.webhooks.delivery(webhook_id, delivery_id)
        assert found is not None  # it was there, and we hold the write lock
        attempts = repository.webhooks.attempts([delivery_id])[delivery_id]
    return DeliveryShown.of(found, attempts)


def _known(repository: Repository, practice_id: str, webhook_id: str) -> Webhook:
    found = repository.webhooks.get(practice_id, webhook_id)
    if found is None:
        raise ProblemError("webhook-unknown", f"practice {practice_id} has no webhook {webhook_id}")
    return found


def _check(service: Service, url: str) -> None:
    try:
        check_written(url, loopback=service.settings.webhooks_loopback)
    except DestinationRefused as refused:
        raise ProblemError("webhook-refused", str(refused)) from refused


def _tag(webhook: Webhook) -> str:
    return tag_of(webhook.webhook_id, webhook.revision)


def _secret(secret: str, service: Service) -> WebhookSecret:
    now = service.office.clock()
    return WebhookSecret(secret_id=sortable_id("whs", now, os.urandom(10)), secret=secret, made_at=now)
