"""Score the amount at stake and where the denial stands."""

from decimal import Decimal, InvalidOperation

from evals.labels import Label
from evals.scorers.verdict import Verdict, judge, missed
from knowledge.types.record import DenialRecord

_OPEN = frozenset({"worked", "in_review"})


def score_amount(label: Label, record: DenialRecord | None) -> Verdict:
    """Judge `amount_at_stake`, as an amount and not as text."""
    expected = f"{label.amount_at_stake:.2f}"
    if record is None:
        return missed("amount_at_stake", expected)
    try:
        found = f"{Decimal(record.amount_at_stake):.2f}"
    except InvalidOperation:
        found = f"not an amount: {record.amount_at_stake}"
    return judge("amount_at_stake", expected, found)


def score_status(label: Label, record: DenialRecord | None) -> Verdict:
    """Judge `status`. A label says `new` of what nobody has worked: the record may then be worked or in review."""
    if record is None:
        return missed("status", label.status)
    found = "new" if label.status == "new" and record.status in _OPEN else record.status
    verdict = judge("status", label.status, found, label.alternatives("status"))
    return verdict._replace(found=record.status)
