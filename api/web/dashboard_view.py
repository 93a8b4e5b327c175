"""What the dashboard shows: every table once, for the page and for spreadsheets, and the charts made from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from markupsafe import Markup

from agent.insight.names import Names, month_name
from agent.insight.overturn import BYS, By, Rate, overturn_rate, overturn_rates
from agent.insight.pace import Share, agreement, straight_through, waits
from agent.insight.recurring import Habit, Values, recurring
from agent.insight.selection import Selection
from agent.insight.snapshot import Snapshot
from agent.insight.sums import Dimension, Measure, Sum, Sums, ages, dues, pivot, sums, sums_by
from api.web import charts
from api.web.dashboard_tables import (
    AGE_LABELS,
    BY_LABELS,
    DUE_LABELS,
    Figure,
    Table,
    ages_table,
    agreement_table,
    desk_table,
    dues_table,
    habits_table,
    months_table,
    pair,
    pivot_table,
    rates_table,
    straight_table,
    where,
)
from api.web.desk_time import minutes_at_desk
from api.web.filters import whole_money

MONTHS_DRAWN = 24
SPANS_DRAWN = 10


@dataclass(frozen=True)
class Asked:
    """What the page is asked for: which denials, and how the pivot stands."""

    wanted: Selection
    rows: Dimension = "payer_id"
    columns: Dimension | None = "month"
    measure: Measure = "denied"


@dataclass(frozen=True)
class Section:
    """A table with its chart; None where it has none, or nothing to draw."""

    table: Table
    chart: Markup | None = None


class View:
    """The dashboard of one practice on one day."""

    def __init__(
        self,
        snapshot: Snapshot,
        names: Names,
        asked: Asked,
        as_of: date,
        values: Values,
        desk_times: Callable[[], Mapping[str, int]],
    ) -> None:
        """Look at a snapshot; nothing is added up before it is asked for. `desk_times` gives seconds by denial."""
        self.snapshot, self.names, self.asked, self.as_of, self._values = snapshot, names, asked, as_of, values
        self._desk_times = desk_times

    @cached_property
    def _sums(self) -> Sums:
        return sums(self.snapshot, self.asked.wanted, self.as_of)

    @cached_property
    def _rate(self) -> Rate:
        return overturn_rate(self.snapshot, self.asked.wanted, self.as_of)

    @cached_property
    def _agreement(self) -> tuple[Share, ...]:
        return agreement(self.snapshot, self.asked.wanted, self.as_of)

    def sums(self) -> Sums:
        """Return the four sums."""
        return self._sums

    def headline(self) -> tuple[tuple[Figure, str, str], ...]:
        """Return the sums at the top: figure, what it is, and a note."""
        found, wanted = self.sums(), self.asked.wanted
        labels: tuple[tuple[Measure, str], ...] = (
            ("denied", "Denied"),
            ("open", "At stake"),
            ("recovered", "Recovered, in cash"),
            ("lost", "Lost"),
        )
        figures = []
        for measure, label in labels:
            chosen = wanted.model_copy(update={"of": measure})
            count, dollars = pair(found.of(measure), chosen, self.as_of)
            figures.append((dollars, label, f"{count.shows} denial{'s' if count.raw != '1' else ''}"))
        return tuple(figures)

    def rate(self) -> Rate:
        """Return how all fights ended."""
        return self._rate

    def months(self) -> Section:
        """Return the sums by month."""
        found = sums_by(self.snapshot, self.asked.wanted, "month", self.as_of)
        ordered = sorted(found.items(), key=lambda pair: pair[0] or "")
        table = months_table(ordered, self.sums(), self.asked.wanted, self.names, self.as_of)
        return Section(table, _months_chart(ordered[-MONTHS_DRAWN:]))

    def ages(self) -> Section:
        """Return open denials by age."""
        found = ages(self.snapshot, self.asked.wanted, self.as_of)
        drawn = [(AGE_LABELS[age], total, "one") for age, total in found.items() if total.count or age != "unknown"]
        return Section(ages_table(found, self.asked.wanted, self.as_of), _sums_chart("ages", "Open, by age", drawn))

    def dues(self) -> Section:
        """Return open denials by clock."""
        found = dues(self.snapshot, self.asked.wanted, self.as_of)
        looks = {"ran-out": "bad", "7": "warn"}
        drawn = [(DUE_LABELS[each], total, looks.get(each, "one")) for each, total in found.items()]
        chart = _sums_chart("deadlines", "Open, by deadline", drawn)
        return Section(dues_table(found, self.asked.wanted, self.as_of), chart)

    def pivot(self) -> Section:
        """Return the measure chosen by the dimensions chosen."""
        asked = self.asked
        columns = None if asked.columns == asked.rows else asked.columns
        found = pivot(self.snapshot, asked.wanted, asked.measure, asked.rows, columns, self.as_of)
        return Section(pivot_table(found, asked.wanted, self.names, self.as_of))

    def rates(self, by: By) -> Section:
        """Return how often fights are won by one value."""
        found = overturn_rates(self.snapshot, self.asked.wanted, by, self.as_of)
        table = rates_table(by, found, self.rate(), self.asked.wanted, self.names, self.as_of)
        return Section(table, _rates_chart(table, by, found, self.names) if found else None)

    def straight(self) -> Section:
        """Return what needed no person, drawn with the agreement of people."""
        found = straight_through(self.snapshot, self.asked.wanted, self.as_of)
        table = straight_table(found, self.asked.wanted, self.as_of)
        return Section(table, _pace_chart(found, self._agreement, self.names) if found else None)

    def agreement(self) -> Section:
        """Return whether people approve what is proposed, and how long cases wait for them."""
        waited = waits(self.snapshot, self.asked.wanted, self.as_of)
        return Section(agreement_table(self._agreement, waited, self.asked.wanted, self.as_of))

    def desk(self) -> Section:
        """Return how long cases take at the desk."""
        seconds = self._desk_times()
        return Section(desk_table(minutes_at_desk(self.snapshot, self.asked.wanted, seconds, self.as_of), self.names))

    def recurring(self) -> tuple[Section, tuple[Habit, ...]]:
        """Return what recurs and what would end it."""
        found, whole = recurring(self.snapshot, self.asked.wanted, self.as_of, self._values)
        return Section(habits_table(found, self.names, self.as_of), _habits_chart(found, whole, self.names)), found

    def table(self, key: str) -> Table | None:
        """Return one table by its key, for a spreadsheet; None when there is none of it."""
        rates = {f"overturned-by-{BY_LABELS[by].lower()}": by for by in BYS}
        if key in rates:
            return self.rates(rates[key]).table
        makers = {
            "months": self.months,
            "ages": self.ages,
            "deadlines": self.dues,
            "pivot": self.pivot,
            "straight-through": self.straight,
            "agreement": self.agreement,
            "desk": self.desk,
        }
        if key == "recurring":
            return self.recurring()[0].table
        return makers[key]().table if key in makers else None


def _months_chart(found: Sequence[tuple[str | None, Sums]]) -> Markup | None:
    if not found:
        return None
    top, ticks = charts.scale(max(float(each.denied.dollars) for _, each in found) or 1.0)
    stacks = []
    for month, each in found:
        back, out, gone = (max(float(one.dollars), 0.0) for one in (each.recovered, each.open, each.lost))
        rest = max(float(each.denied.dollars) - back - out - gone, 0.0)
        parts = (("good", back), ("one", out), ("bad", gone), ("rest", rest))
        stacks.append(charts.Stack(_short(month), parts))
    says = (
        f"Denied dollars by month of the remittance, from {stacks[0].label} to {stacks[-1].label}, each split into "
        "recovered, at stake, lost, and the rest that was settled below charges. The table has the numbers."
    )
    return charts.stacks("months", "Denied, by month, and what became of it", says, stacks, top, ticks)


def _sums_chart(key: str, title: str, found: Sequence[tuple[str, Sum, str]]) -> Markup:
    most = max((float(total.dollars) for _, total, _ in found), default=0.0) or 1.0
    drawn = [
        charts.Bar(label, whole_money(total.dollars), float(total.dollars) / most, look) for label, total, look in found
    ]
    says = ". ".join(f"{label}: {total.count} denials, {whole_money(total.dollars)}" for label, total, _ in found)
    return charts.bars(key, title, f"{says}.", drawn, 140)


def _rates_chart(table: Table, by: By, found: Sequence[Rate], names: Names) -> Markup:
    drawn = [
        charts.Span(
            names.of(by, rate.value),
            f"{rate.overturned.count} of {rate.fought.count}",
            *rate.interval,
            rate.rate or 0.0,
            rate.few,
        )
        for rate in found[:SPANS_DRAWN]
    ]
    says = ". ".join(
        f"{span.label}: {span.value} overturned, {span.at * 100:.0f}%, interval {span.low * 100:.0f} to "
        f"{span.high * 100:.0f}%{', too few outcomes' if span.faint else ''}"
        for span in drawn
    )
    return charts.spans(table.key, table.title, f"{says}.", drawn)


def _pace_chart(straight: Sequence[Share], agreed: Sequence[Share], names: Names) -> Markup:
    months = sorted({one.month for one in (*straight, *agreed) if one.month})[-MONTHS_DRAWN:]
    at: Mapping[str, int] = {month: place for place, month in enumerate(months)}
    found = [("one", _points(straight, at)), ("two", _points(agreed, at))]
    says = ". ".join(
        f"{names.of('month', one.month)}: {one.part} of {one.of} straight through"
        for one in straight
        if one.month in at
    )
    agree = ". ".join(
        f"{names.of('month', one.month)}: {one.part} of {one.of} approved as proposed"
        for one in agreed
        if one.month in at
    )
    labels = [_short(month) for month in months]
    return charts.lines("pace", "Straight through, and agreement of people", f"{says}. {agree}", labels, found)


def _short(month: str | None) -> str:
    """Write a month as an axis has room for it: `Mar ’26`."""
    if month is None:
        return "no date"
    name, year = month_name(month).split()
    return f"{name} ’{year[2:]}"


def _points(found: Sequence[Share], at: Mapping[str, int]) -> list[charts.Point]:
    return [
        charts.Point(at[one.month], one.share, *one.interval)
        for one in found
        if one.month is not None and one.month in at and one.share is not None
    ]


def _habits_chart(found: Sequence[Habit], whole: Sum, names: Names) -> Markup | None:
    if not found or not whole.dollars:
        return None
    drawn = [
        charts.Bar(
            f"{n}. {names.of('root_cause', one.root_cause)}",
            whole_money(one.sum.dollars),
            float(one.sum.dollars / found[0].sum.dollars),
            "one",
            f"{one.cumulative * 100:.0f}%",
        )
        for n, one in enumerate(found, 1)
    ]
    says = ". ".join(
        f"{bar.label}, {where(one, names)}: {bar.value}, together {one.cumulative * 100:.0f}% of all denied"
        for bar, one in zip(drawn, found, strict=True)
    )
    return charts.bars("recurring", "What recurs, the dearest first", f"{says}.", drawn, 310)
