"""Tell whether a calibration was fitted for this cause catalogue."""

import hashlib
import json
from functools import lru_cache

from knowledge.causes import Catalogue

_DECIDES = {"id", "category", "rank", "signals", "confirm", "refute", "remedies", "decides"}
"""What of an entry can change cause or remedy; its wording, documents and arguments cannot."""


@lru_cache(maxsize=8)
def fingerprint(catalogue: Catalogue) -> str:
    """Return 16 hexadecimal digits that change when anything changes by which a cause or its remedy is chosen."""
    entries = [cause.model_dump(mode="json", include=_DECIDES) for cause in catalogue.causes]
    return hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()[:16]
