"""One sentence a biller understands, from the catalogue's clauses and the facts' own values."""

import re
from collections.abc import Mapping, Sequence

SLOT = re.compile(r"\{(\w+)\}")


def filled(clause: str, values: Mapping[str, str]) -> str | None:
    """Fill a clause's slots; None when one has no value, so that nothing is invented."""
    if any(not values.get(name) for name in SLOT.findall(clause)):
        return None
    return SLOT.sub(lambda match: values[match.group(1)], clause)


def sentence(clauses: Sequence[str], values: Mapping[str, str]) -> str | None:
    """Join the clauses whose slots are filled; None when none can be said."""
    said = "".join(text for clause in clauses if (text := filled(clause, values)) is not None).lstrip("; ")
    return f"{said[0].upper()}{said[1:]}." if said else None
