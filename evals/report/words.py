"""The words and figures that text, JSON and HTML share."""

from evals.statistics import Rate

PLAIN_STATEMENT = (
    "These practices are invented. What stands here says how the program does on synthetic cases written by people "
    "who know its design; it certifies nothing about real remittances, real charts or real payers."
)

CONFIDENCE_STATEMENT = (
    "Right = cause and remedy both right, alternatives of the labels counted. Intervals are exact (Clopper-Pearson, "
    "95%); cases of one practice are not independent of each other, so the truth is less sure than they look."
)


def percent(rate: Rate) -> str:
    """Print a share as per cent; a dash when nothing was counted."""
    return f"{100 * rate.share:.1f}%" if rate.share is not None else "–"


def interval(rate: Rate) -> str:
    """Print the 95% interval as per cent; a dash when nothing was counted."""
    found = rate.interval
    return f"{100 * found.low:.1f}–{100 * found.high:.1f}%" if found else "–"


def counted(rate: Rate) -> str:
    """Print hits of total."""
    return f"{rate.hits}/{rate.total}"


def name(word: str) -> str:
    """Print an identifier as words."""
    return word.replace("_", " ")
