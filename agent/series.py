"""Denials of one cause belong together: one bad authorization over three cycles is one series."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from knowledge.types.record import DenialRecord


def series_of(records: Iterable[DenialRecord]) -> dict[str, str]:
    """Return the series of each denial that shares its cause with another: same payer, cause and authorization.

    Without an authorization the member's own claims cannot be told from another's here, so only causes that name
    an authorization make a series.
    """
    keys = {record.denial_id: key for record in records if (key := _key(record)) is not None}
    shared = Counter(keys.values())
    return {
        denial_id: "ser_" + hashlib.sha256("|".join(key).encode()).hexdigest()[:12]
        for denial_id, key in keys.items()
        if shared[key] > 1
    }


def _key(record: DenialRecord) -> tuple[str, ...] | None:
    if record.category != "authorization" or record.links.auth_number is None:
        return None
    return (record.remit.payer_id or "", record.root_cause, record.links.auth_number.value)
