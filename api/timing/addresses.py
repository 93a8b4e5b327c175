"""What is asked for: every page and part of one, and the API's listings."""

from collections.abc import Iterator
from typing import NamedTuple


class Asked(NamedTuple):
    """An address to measure; with a body it is posted."""

    name: str
    address: str
    form: dict[str, str] | None = None
    json: dict[str, str] | None = None
    part: bool = False


class Named(NamedTuple):
    """What stands in the addresses: a denial of the list, one with its case and sources, groups."""

    denial_id: str
    worked: str
    source: str
    group: str
    cause: str


def addresses(named: Named) -> Iterator[Asked]:
    """Give them all."""
    yield from _queue(named)
    yield from _pages(named)
    yield from _api(named)


def _queue(named: Named) -> Iterator[Asked]:
    yield Asked("queue", "/queue")
    yield Asked("queue, filtered", "/queue?payer_id=CASC1-3&due=30&status=in_review&status=worked&order=amount")
    yield Asked("queue, everything, by patient", "/queue?status=any&order=patient")
    yield Asked("queue, by clock backwards", "/queue?order=deadline&backwards=1&age=31-60")
    yield Asked("queue, mine", "/queue?assigned_to=me")
    yield Asked("queue, next rows", f"/queue/rows?after={named.denial_id}&order=payer", part=True)
    yield Asked("queue, found by words", "/queue/rows", form={"words": "kolb a", "query": ""})
    yield Asked("queue, found by a letter", "/queue/rows", form={"words": "c", "query": ""})
    yield Asked("queue, found by nothing", "/queue/rows", form={"words": "zzyzx", "query": ""})
    yield Asked("queue, one found", "/queue/rows", form={"words": named.worked.removeprefix("den_"), "query": ""})
    yield Asked("queue, a group opened", f"/queue/group/{named.group}", part=True)
    yield Asked("queue, news", "/queue/news?since=1", part=True)
    yield Asked("palette", "/queue/find", json={"words": "cruz"})


def _pages(named: Named) -> Iterator[Asked]:
    yield Asked("series", "/series")
    yield Asked("series, one", f"/series/{named.group}")
    yield Asked("series, looked at", f"/series/{named.group}/look", form={})
    yield Asked("rules", "/rules")
    yield Asked("outbox", "/outbox")
    yield Asked("outbox, of a state", "/outbox?state=handed_over")
    yield Asked("case", f"/case/{named.denial_id}")
    yield Asked("case, worked here", f"/case/{named.worked}")
    yield Asked("case, a source", f"/case/{named.worked}/source/{named.source}", part=True)
    yield Asked("dashboard", "/dashboard")
    yield Asked("dashboard, filtered", "/dashboard?payer_id=CASC1-3")
    yield Asked("dashboard, a number's denials", "/dashboard/denials?of=overturned")
    yield Asked("dashboard, its queue", f"/queue?status=any&root_cause={named.cause}&payer_id=CASC1-3")
    yield Asked("dashboard, a table as CSV", "/dashboard/tables/months.csv")


def _api(named: Named) -> Iterator[Asked]:
    yield Asked("API: denials", "/v1/denials?limit=50")
    for name, value in (
        ("status", "in_review"),
        ("route", "review"),
        ("payer_id", "CASC1-3"),
        ("root_cause", named.cause),
        ("remedy", "appeal"),
        ("series", named.group),
    ):
        yield Asked(f"API: denials by {name}", f"/v1/denials?limit=50&{name}={value}")
    yield Asked("API: denials, none found", "/v1/denials?limit=50&payer_id=NOBODY")
    yield Asked("API: one denial", f"/v1/denials/{named.denial_id}")
    yield Asked("API: its timeline", f"/v1/denials/{named.denial_id}/timeline")
    yield Asked("API: series", "/v1/series")
    yield Asked("API: one series", f"/v1/series/{named.group}")
    yield Asked("API: outcomes", "/v1/outcomes")
    yield Asked("API: unanswered", "/v1/outcomes/unanswered")
    yield Asked("API: sweep", "/v1/sweep")
    yield Asked("API: watch", "/v1/watch")
    yield Asked("API: events", "/v1/events")
    yield Asked("API: tasks", "/v1/tasks")
    yield Asked("API: outbox", "/v1/outbox")
    yield Asked("API: sums", "/v1/insight/sums?by=payer")
    yield Asked("API: overturned", "/v1/insight/overturned")
    yield Asked("API: recurring", "/v1/insight/recurring")
