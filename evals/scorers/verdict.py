"""A verdict: one field of one case, right or wrong, strictly and with the alternatives a label allows."""

from typing import NamedTuple

MISSED = "no record"


class Verdict(NamedTuple):
    """Whether a field is right. `strict` wants the label's own value; `lenient` also takes its `also_right`."""

    field: str
    strict: bool
    lenient: bool
    expected: str
    found: str


def judge(field: str, expected: str | None, found: str | None, alternatives: tuple[str | None, ...] = ()) -> Verdict:
    """Compare a value with the label's, and with the values that count as right too."""
    strict = found == expected
    return Verdict(field, strict, strict or found in alternatives, shown(expected, alternatives), shown(found))


def missed(field: str, expected: str | None) -> Verdict:
    """Return the verdict on a denial that was not found: wrong, whatever the field."""
    return Verdict(field, False, False, shown(expected), MISSED)


def shown(value: str | None, alternatives: tuple[str | None, ...] = ()) -> str:
    """Print a value and, behind it, what counts as right too."""
    also = f" (or {', '.join(shown(other) for other in alternatives)})" if alternatives else ""
    return f"{value if value is not None else 'none'}{also}"
