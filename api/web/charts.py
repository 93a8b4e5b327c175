"""Charts as SVG made on the server: shapes and words only, looks by class, a title and a description for who listens.

Every chart has a table beside it with the same numbers; nothing stands in a chart alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDE = 720


@dataclass(frozen=True)
class Bar:
    """A bar of a horizontal chart. `share` is its length, 0..1; `note` stands at the right edge."""

    label: str
    value: str
    share: float
    look: str = "one"
    note: str = ""


@dataclass(frozen=True)
class Stack:
    """A column of stacked parts: (look, value), from the foot up."""

    label: str
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Span:
    """An interval and the share within it, 0..1. `faint`: too few to speak of."""

    label: str
    value: str
    low: float
    high: float
    at: float
    faint: bool = False


@dataclass(frozen=True)
class Point:
    """A share at a place of the line, 0 = the first; with its interval."""

    place: int
    at: float
    low: float
    high: float


def bars(key: str, title: str, says: str, found: Sequence[Bar], label_width: int = 170) -> Markup:
    """Draw horizontal bars, the value at the end of each, notes at the right edge."""
    noted = any(bar.note for bar in found)
    step, left, right = 28, label_width, 136 if noted else 96
    height, room = step * len(found) + 8, _WIDE - left - right
    shapes = []
    for n, bar in enumerate(found):
        y = 4 + n * step
        width = max(room * min(max(bar.share, 0.0), 1.0), 1.5 if bar.share > 0 else 0)
        shapes.append(_text(left - 8, y + 16, _cut(bar.label, left // 7), "end"))
        shapes.append(
            Markup('<rect class="bar-{}" x="{}" y="{}" width="{:.1f}" height="18"/>').format(
                bar.look, left, y + 3, width
            )
        )
        shapes.append(_text(left + width + 6, y + 16, bar.value, "start", "strong"))
        if bar.note:
            shapes.append(_text(_WIDE - 4, y + 16, bar.note, "end"))
    return _svg(key, title, says, height, shapes)


def stacks(
    key: str, title: str, says: str, found: Sequence[Stack], top: float, ticks: Sequence[tuple[float, str]]
) -> Markup:
    """Draw columns of stacked parts over a scale from 0 to `top`, with labelled ticks."""
    left, foot, height = 64, 26, 260
    room, width = height - foot - 12, _WIDE - left - 8
    step = width / max(len(found), 1)
    wide = min(step * 0.62, 64)
    shapes = []
    for value, label in ticks:
        y = 12 + room * (1 - value / top)
        shapes.append(Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(left, y, _WIDE - 8))
        shapes.append(_text(left - 8, y + 4, label, "end"))
    every = -(-len(found) // 14)
    for n, stack in enumerate(found):
        x, y = left + step * n + (step - wide) / 2, 12.0 + room
        for look, value in stack.parts:
            high = room * max(value, 0.0) / top
            y -= high
            shapes.append(
                Markup('<rect class="bar-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                    look, x, y, wide, high
                )
            )
        if n % every == 0:
            shapes.append(_text(left + step * (n + 0.5), height - 8, stack.label, "middle"))
    return _svg(key, title, says, height, shapes)


def spans(key: str, title: str, says: str, found: Sequence[Span], label_width: int = 300) -> Markup:
    """Draw intervals on a scale from 0 to 100%, a dot at the share within each."""
    step, left, right = 28, label_width, 110
    height, room = step * len(found) + 30, _WIDE - left - right
    shapes = []
    for tick in (0, 25, 50, 75, 100):
        x = left + room * tick / 100
        shapes.append(Markup('<path class="grid" d="M{:.1f} 4V{}"/>').format(x, height - 24))
        shapes.append(_text(x, height - 8, f"{tick}%", "middle"))
    for n, span in enumerate(found):
        y, look = 18 + n * step, "span faint" if span.faint else "span"
        shapes.append(_text(left - 10, y + 4, _cut(span.label, left // 7), "end"))
        low, high, at = (left + room * value for value in (span.low, span.high, span.at))
        shapes.append(
            Markup('<path class="{}" d="M{:.1f} {}H{:.1f}M{:.1f} {}v10M{:.1f} {}v10"/>').format(
                look, low, y, high, low, y - 5, high, y - 5
            )
        )
        shapes.append(
            Markup('<circle class="{}" cx="{:.1f}" cy="{}" r="5"/>').format("dot faint" if span.faint else "dot", at, y)
        )
        shapes.append(_text(_WIDE - right + 12, y + 4, span.value, "start", "strong"))
    return _svg(key, title, says, height, shapes)


def lines(
    key: str, title: str, says: str, labels: Sequence[str], found: Sequence[tuple[str, Sequence[Point]]]
) -> Markup:
    """Draw shares over time, 0 to 100%: one line for each look, with the interval of every point."""
    left, foot, height = 48, 26, 220
    room, width = height - foot - 12, _WIDE - left - 20
    step = width / max(len(labels), 1)
    every = -(-len(labels) // 14)
    shapes = []
    for tick in (0, 25, 50, 75, 100):
        y = 12 + room * (1 - tick / 100)
        shapes.append(Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(left, y, _WIDE - 8))
        shapes.append(_text(left - 8, y + 4, f"{tick}%", "end"))
    shapes += [
        _text(left + step * (n + 0.5), height - 8, label, "middle") for n, label in enumerate(labels) if n % every == 0
    ]
    for nth, (look, points) in enumerate(found):
        shift = (nth - (len(found) - 1) / 2) * 8  # so that one interval does not hide the other
        placed = [(left + step * (p.place + 0.5) + shift, 12 + room * (1 - p.at), p) for p in points]
        if placed:
            shapes.append(_path([(x, y) for x, y, _ in placed], f"line-{look}"))
        for x, y, p in placed:
            low, high = (12 + room * (1 - value) for value in (p.low, p.high))
            shapes.append(Markup('<path class="whisker-{}" d="M{:.1f} {:.1f}V{:.1f}"/>').format(look, x, low, high))
            shapes.append(_shape(look, x, y))
    return _svg(key, title, says, height, shapes)


def scale(most: float) -> tuple[float, tuple[tuple[float, str], ...]]:
    """Return the top of a scale of dollars and its ticks with labels, for a greatest value."""
    size = 1.0
    while size * 10 <= most:
        size *= 10
    step = next(step for step in (size / 5, size / 2, size, size * 2, size * 2.5) if most / step <= 5)
    count = max(int(-(-most // step)), 1)
    return step * count, tuple((step * n, _dollars(step * n)) for n in range(count + 1))


def _dollars(value: float) -> str:
    for size, letter in ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k")):
        if value >= size:
            return f"${value / size:g}{letter}"
    return f"${value:g}"


def _shape(look: str, x: float, y: float) -> Markup:
    """Mark a point by a form as well as a colour: a circle for one line, a square for the other."""
    if look == "one":
        return Markup('<circle class="point-one" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(x, y)
    return Markup('<rect class="point-{}" x="{:.1f}" y="{:.1f}" width="8" height="8"/>').format(look, x - 4, y - 4)


def _path(points: Sequence[tuple[float, float]], look: str) -> Markup:
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return Markup('<path class="{}" d="{}"/>').format(look, d)


def _text(x: float, y: float, words: str, anchor: str, look: str = "") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(look, x, y, anchor, words)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _svg(key: str, title: str, says: str, height: float, shapes: Sequence[Markup]) -> Markup:
    head = Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-title {}-desc" preserveAspectRatio="xMinYMin meet">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>'
    ).format(_WIDE, int(height), key, key, key, escape(title), key, escape(says))
    return head + Markup("").join(shapes) + Markup("</svg>")
