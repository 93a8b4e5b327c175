"""Turn values of a denial record into what a person reads. Foreign text is made harmless for a terminal."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from knowledge.types.record import DenialRecord

ID_PREFIX = "den_"
_SHORTEST = 6
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def plain(text: str) -> str:
    """Replace control and invisible characters: text from a file may not move the cursor or hide itself."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(mark) in _HIDDEN else mark for mark in text)


def dollars(amount: str | Decimal) -> str:
    """Write an amount of dollars as $1,234.50."""
    value = Decimal(amount)
    return f"-${-value:,.2f}" if value < 0 else f"${value:,.2f}"


def spoken(word: str) -> str:
    """Write a word of the contract (`authorization_fix`) as people do (authorization fix)."""
    return plain(word.replace("_", " "))


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: 1 denial, 2 denials."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def payer(record: DenialRecord) -> str:
    """Name the payer: by its id in payers.yaml, else by the name on the remit."""
    return plain(record.remit.payer_id or record.remit.payer_name or "not named")


def short_ids(denial_ids: Sequence[str]) -> dict[str, str]:
    """Shorten ids for people: without their prefix, as long as it takes to tell them apart (6 at least)."""
    bare = {denial_id: denial_id.removeprefix(ID_PREFIX) for denial_id in denial_ids}
    longest = max(map(len, bare.values()), default=_SHORTEST)
    for length in range(_SHORTEST, longest + 1):
        short = {denial_id: name[:length] for denial_id, name in bare.items()}
        if len(set(short.values())) == len(bare):
            return short
    return bare


def line(record: DenialRecord) -> tuple[str, str]:
    """Give what was denied and when it was served: code with modifiers, and date."""
    if record.line is None:
        return "whole claim", ""
    code = "-".join((record.line.hcpcs or "no code", *record.line.modifiers))
    return plain(code), plain(record.line.service_date or "no date")


def remedy(record: DenialRecord) -> str:
    """Say what to do, and what then."""
    return spoken(record.remedy) + (f" \N{RIGHTWARDS ARROW} {spoken(record.then)}" if record.then else "")


def time_left(deadline: str, as_of: date) -> str:
    """Say how far a deadline (YYYY-MM-DD) is from the day worked on."""
    days = (date.fromisoformat(deadline) - as_of).days
    if days < 0:
        return f"{count(-days, 'day')} over"
    return "today" if days == 0 else f"{count(days, 'day')} left"


def has_passed(deadline: str, as_of: date) -> bool:
    """Tell whether a deadline (YYYY-MM-DD) lies before the day worked on; on the day itself there is time."""
    return date.fromisoformat(deadline) < as_of
