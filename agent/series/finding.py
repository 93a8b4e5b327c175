"""Denials of one cause belong together: one bad authorization over three cycles is one series."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from agent.series.shared import Facts, SharedFact
from agent.worth.outline import Told


def series_of(records: Iterable[Told]) -> dict[str, str]:
    """Return the series of each denial that shares its cause with another: same payer, cause and shared record.

    Which record that is depends on the cause (sharing.yaml): an authorization, a coverage row, a provider, a code. A
    cause that is unknown is shared with nobody.
    """
    found = tuple(records)
    facts = Facts(found)
    keys = {record.denial_id: series_id(record, fact) for record in found if (fact := facts.of(record)) is not None}
    shared = Counter(keys.values())
    return {denial_id: key for denial_id, key in keys.items() if shared[key] > 1}


def series_id(record: Told, fact: SharedFact) -> str:
    """Name the series of a payer, a cause and a shared record; the same whatever else is in it."""
    payer = record.remit.payer_id or record.remit.payer_name or ""
    kind = () if fact.kind == "authorization" else (fact.kind,)
    key = "|".join((payer, record.root_cause, *kind, fact.value))
    return "ser_" + hashlib.sha256(key.encode()).hexdigest()[:12]
