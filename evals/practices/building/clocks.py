"""Computes the day a clock runs out from the practice's own payer rows, for labels."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

ON_SERVICE = {"new_claim": "timely_filing_days", "authorization_fix": "retro_authorization_days"}
ON_REMIT = {"corrected_claim": "corrected_claim_days", "reopening": "corrected_claim_days"}


def clock(action: str, payer: Mapping[str, Any], served: date, remitted: date) -> date | None:
    """Return the last day for an action, or None when the payer's row does not say.

    Claims and retro-authorizations count from the service or the remit as the contract's payers.yaml says;
    reconsideration, appeal and peer-to-peer from the remit.
    """
    if action in ON_SERVICE:
        return _after(served, payer.get(ON_SERVICE[action]))
    if action in ON_REMIT:
        return _after(remitted, payer.get(ON_REMIT[action]))
    for level in payer.get("appeals", ()):
        if level["level"] == action and level["from"] == "remit_date":
            return _after(remitted, level["days"])
    return None


def _after(start: date, days: int | None) -> date | None:
    return None if days is None else start + timedelta(days=days)
