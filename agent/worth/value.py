"""The expected value of working a denial: chance of overturn × what would be paid, less the cost of the work."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from agent.worth.assumptions import assumptions
from agent.worth.chances import Chance, Chances
from agent.worth.outline import OutlineClock, Told
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord, RecordDeadline, RecordPriority

_CENT = Decimal("0.01")


class Worth(Frozen):
    """What a denial is worth; dollars. `late`: every clock of its remedy has run out, which lowers the chance."""

    value: Decimal
    amount: Decimal
    cost: Decimal
    chance: Chance
    late: bool = False


def worth_of(record: Told, chances: Chances, as_of: date | None = None, together: int = 1) -> Worth:
    """Return the worth of a worked denial; `together` counts the denials that are worked at once, itself among them.

    `as_of` is the day clocks count from; None = as the record counts them.
    """
    chance = chances.of(record.remedy, record.root_cause, payer_key(record))
    amount = to_be_paid(record)
    late = ran_out(record, as_of)
    mean = Decimal(f"{chance.mean:.6f}") * (Decimal(str(assumptions().late_share)) if late else 1)
    cost = cost_of_work(record.remedy, record.route, together)
    value = (mean * amount - cost).quantize(_CENT, ROUND_HALF_UP)
    return Worth(value=value, amount=amount, cost=cost, chance=chance, late=late)


def payer_key(record: Told) -> str:
    """Name the payer as outcomes name it: its id of payers.yaml, else its name."""
    return record.remit.payer_id or record.remit.payer_name or ""


def to_be_paid(record: Told) -> Decimal:
    """Return what a full overturn brings: the amount at stake, or the contracted rate where that is known and less."""
    at_stake = Decimal(record.amount_at_stake)
    rate = Decimal(record.rate_amount) if record.rate_amount is not None else at_stake
    return min(rate, at_stake) if rate > 0 else at_stake


def cost_of_work(remedy: Remedy, route: str, together: int = 1) -> Decimal:
    """Return the dollars of a biller's time for one denial of `together` that are worked at once.

    Raises:
        ValueError: `together` is below 1.
    """
    if together < 1:
        raise ValueError(f"{together} denials cannot be worked together")
    known = assumptions()
    minutes = known.remedies[remedy]
    first = minutes.review if route == "review" else minutes.straight_through
    further = min(minutes.together, first)
    each = (Decimal(first) + Decimal(further) * (together - 1)) / together
    return (each * known.hour / 60).quantize(_CENT, ROUND_HALF_UP)


def ran_out(record: Told, as_of: date | None = None) -> bool:
    """Tell whether every clock of the denial's remedy has run out: the payer takes it for good cause at most."""
    own = [_days_left(record, clock, as_of) for clock in record.deadlines if clock.action == record.remedy]
    return bool(own) and all(left is not None and left < 0 for left in own)


def _days_left(record: Told, clock: RecordDeadline | OutlineClock, as_of: date | None) -> int | None:
    last = date.fromisoformat(clock.date)
    if as_of is not None:
        return (last - as_of).days
    if record.priority.days_left is None or not record.deadlines:
        return None
    # The record counts the days of its binding clock, which stands first.
    return record.priority.days_left + (last - date.fromisoformat(record.deadlines[0].date)).days


def with_starting_worth(record: DenialRecord) -> DenialRecord:
    """Return a fresh record with its worth by the starting assumptions: outcomes come in when all are ranked."""
    return record.model_copy(update={"priority": priority_of(record, worth_of(record, Chances()))})


def priority_of(record: DenialRecord, worth: Worth) -> RecordPriority:
    """Write the worth into a record's priority; its days and rank stay."""
    return record.priority.model_copy(update=told_worth(worth))


def told_worth(worth: Worth) -> dict[str, Any]:
    """Return a worth as a record's priority tells it, by the names of its fields."""
    chance = worth.chance
    return {
        "expected_value": f"{worth.value:.2f}",
        "amount_expected": f"{worth.amount:.2f}",
        "cost_of_work": f"{worth.cost:.2f}",
        "chance": round(chance.mean, 4),
        "chance_low": round(chance.low, 4),
        "chance_high": round(chance.high, 4),
        "outcomes": chance.outcomes,
        "too_few_outcomes": chance.few,
        "rests_on": chance.says + ("; its clock has run out" if worth.late else ""),
    }
