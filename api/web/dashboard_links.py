"""The address behind a number: the queue where its filter can say exactly those denials, else the dashboard's list."""

from datetime import date, timedelta
from urllib.parse import urlencode

from agent.insight.selection import AGES, DUES, Selection

_PLAIN = ("payer_id", "hcpcs", "root_cause", "site", "month", "remedy", "route")
_OWN = ("sent_as", "argument", "decided")
LIST = "/dashboard/denials"


def address_of(chosen: Selection, as_of: date) -> str:
    """Return where the denials of a selection are listed; it names ids and codes only."""
    query = _queue_query(chosen, as_of)
    return f"/queue?{urlencode(query)}" if query is not None else f"{LIST}?{own_query(chosen)}"


def own_query(chosen: Selection, **more: str) -> str:
    """Write a selection as the query of an address of the dashboard."""
    return urlencode([*chosen.model_dump(exclude_none=True, exclude_defaults=True).items(), *more.items()])


def _queue_query(chosen: Selection, as_of: date) -> list[tuple[str, str]] | None:
    """Say a selection as the queue's filter; None when it cannot be said there."""
    values = {name: getattr(chosen, name) for name in _PLAIN if getattr(chosen, name) is not None}
    unsayable = "" in values.values() or any(getattr(chosen, name) is not None for name in _OWN)
    if unsayable or chosen.of not in ("denied", "open") or "unknown" in (chosen.age, chosen.due):
        return None
    found = sorted(values.items())
    if chosen.of == "denied" and chosen.age is None and chosen.due is None:
        return [("status", "any"), *found]
    found.append(("snoozed", "with"))
    if chosen.age is not None and chosen.age != "unknown":
        youngest, oldest = AGES[chosen.age]
        found += _days("paid", as_of, -oldest, -youngest, "from", "until")
    if chosen.due is not None and chosen.due != "unknown":
        found += _days("due", as_of, *DUES[chosen.due], "from", "by")
    return found


def _days(what: str, as_of: date, first: int, last: int, start: str, end: str) -> list[tuple[str, str]]:
    """Write a span of days around a day; an end that is years away is none."""
    found = []
    if abs(first) < _FAR:
        found.append((f"{what}_{start}", (as_of + timedelta(days=first)).isoformat()))
    if abs(last) < _FAR:
        found.append((f"{what}_{end}", (as_of + timedelta(days=last)).isoformat()))
    return found


_FAR = 100_000
