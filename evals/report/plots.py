"""Plots as inline SVG: calibration, coverage against precision, families side by side."""

from collections.abc import Sequence

from evals.calibration import WANTED_PRECISION, Bin, Operating
from evals.report.markup import Markup, element, joined
from evals.report.words import counted, name, percent
from evals.scorecard import Group
from evals.statistics import wilson

_SIDE, _LEFT, _TOP = 240.0, 44.0, 14.0
_WIDTH, _HEIGHT = _LEFT + _SIDE + 16, _TOP + _SIDE + 44


def calibration_plot(bins: Sequence[Bin]) -> Markup:
    """Plot stated confidence against share right, a point a bin (area by count) with Wilson's interval."""
    marks = [_line(0, 0, 1, 1, "guide")]
    for found in bins:
        if found.mean_confidence is None or found.rate.share is None:
            continue
        band = wilson(found.rate.hits, found.rate.total)
        x, y = found.mean_confidence, found.rate.share
        marks.append(_line(x, band.low, x, band.high, "band"))
        title = element("title", f"stated {x:.2f}, right {counted(found.rate)} ({percent(found.rate)})")
        radius = 3 + min(6.0, found.rate.total**0.5 / 2)
        marks.append(element("circle", title, cx=_x(x), cy=_y(y), r=radius, class_="point"))
    return _frame("Calibration", "stated confidence", "share right", (0.0, 1.0), marks)


def coverage_plot(curve: Sequence[Operating]) -> Markup:
    """Plot precision, and its proven lower bound, against the share of answers let through."""
    low = 0.5

    def clipped(value: float) -> float:
        return max(0.0, (value - low) / (1 - low))

    wanted = clipped(WANTED_PRECISION)
    marks = [_line(0, wanted, 1, wanted, "guide")]
    shares = [(step.coverage, clipped(step.right.share or 0)) for step in curve]
    bounds = [(step.coverage, clipped(step.lower_bound)) for step in curve]
    for class_, found in (("curve", shares), ("bound", bounds)):
        marks.append(element("polyline", points=" ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in found), class_=class_))
    for step, (x, y) in zip(curve, shares, strict=True):
        title = element(
            "title", f"from {step.threshold:.3f} on: {counted(step.right)}, lower bound {step.lower_bound:.3f}"
        )
        marks.append(element("circle", title, cx=_x(x), cy=_y(y), r=3.0, class_="point"))
    return _frame("Coverage and precision", "share let through", "precision (dashed: lower bound)", (low, 1.0), marks)


def family_plot(groups: Sequence[Group]) -> Markup:
    """Plot the share of each family with cause and remedy both right, with Wilson's interval."""
    row, left, width = 24.0, 150.0, 260.0
    marks = []
    for place, group in enumerate(groups):
        rate, top = group.solved, place * row + 6
        share, band = rate.share or 0.0, wilson(rate.hits, rate.total)
        middle = top + 8
        marks += [
            element("text", name(group.name), x=left - 8, y=top + 12, text_anchor="end"),
            element("rect", x=left, y=top, width=width, height=16.0, class_="track"),
            element("rect", x=left, y=top, width=width * share, height=16.0, class_="bar"),
            element(
                "line", x1=left + width * band.low, x2=left + width * band.high, y1=middle, y2=middle, class_="band"
            ),
            element("text", f"{counted(rate)}  {percent(rate)}", x=left + width + 8, y=top + 12),
        ]
    height = row * len(groups) + 8
    return element(
        "svg",
        element("title", "Cause and remedy right, by family"),
        *marks,
        viewBox=f"0 0 {left + width + 110:.0f} {height:.0f}",
        width=left + width + 110,
        role="img",
    )


def _frame(title: str, across: str, up: str, range_: tuple[float, float], marks: list[Markup]) -> Markup:
    ticks = []
    for step in range(6):
        share = step / 5
        ticks += [
            element("text", f"{share:.1f}", x=_x(share), y=_y(0) + 16, text_anchor="middle"),
            element(
                "text",
                f"{range_[0] + share * (range_[1] - range_[0]):.1f}",
                x=_LEFT - 6,
                y=_y(share) + 4,
                text_anchor="end",
            ),
        ]
    box = element("rect", x=_LEFT, y=_TOP, width=_SIDE, height=_SIDE, class_="frame")
    below = element("text", across, x=_x(0.5), y=_HEIGHT - 6, text_anchor="middle")
    middle = _y(0.5)
    beside = element("text", up, x=12.0, y=middle, text_anchor="middle", transform=f"rotate(-90 12 {middle:.0f})")
    inner = joined(element("title", title), box, *ticks, below, beside, *marks)
    return element("svg", inner, viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}", width=_WIDTH, role="img")


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("line", x1=_x(x1), y1=_y(y1), x2=_x(x2), y2=_y(y2), class_=class_)


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
