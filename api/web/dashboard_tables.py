"""Every table of the dashboard: cells with what they show, what a spreadsheet gets, and the denials behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from agent.insight.names import Names, month_name
from agent.insight.overturn import By, Rate
from agent.insight.pace import Share, Wait
from agent.insight.recurring import Habit
from agent.insight.selection import NOTHING, Age, Due, Selection
from agent.insight.sums import Cell, Dimension, Measure, Pivot, Sum, Sums, narrowed
from api.web.dashboard_links import address_of
from api.web.desk_time import Minutes
from api.web.filters import whole_money

Kind = Literal["text", "money", "count", "share"]

DIMENSION_LABELS: dict[Dimension, str] = {
    "payer_id": "Payer",
    "hcpcs": "Drug",
    "root_cause": "Cause",
    "site": "Place of service",
    "month": "Month",
}
MEASURE_LABELS: dict[Measure, str] = {
    "denied": "Denied",
    "open": "At stake",
    "recovered": "Recovered",
    "lost": "Lost",
}
BY_LABELS: dict[By, str] = {
    "payer_id": "Payer",
    "root_cause": "Cause",
    "sent_as": "Remedy",
    "argument": "Argument",
}
AGE_LABELS: dict[Age, str] = {
    "0-30": "0 to 30 days",
    "31-60": "31 to 60 days",
    "61-90": "61 to 90 days",
    "over-90": "Over 90 days",
    "unknown": "Remit not dated",
}
DUE_LABELS: dict[Due, str] = {
    "ran-out": "Ran out",
    "7": "Within 7 days",
    "14": "8 to 14 days",
    "30": "15 to 30 days",
    "later": "Later",
    "unknown": "No clock known",
}
COLUMNS_SHOWN = 12
ROWS_SHOWN = 30


@dataclass(frozen=True)
class Figure:
    """A cell: `shows` on the page, `raw` in a spreadsheet, `link` to the `count` denials behind it."""

    shows: str
    raw: str
    link: str | None = None
    count: int | None = None


@dataclass(frozen=True)
class Column:
    """A column's heading and what its cells are."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """A table by key; `shown` rows stand on the page, the spreadsheet has all. `foot` adds up all rows."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Figure, ...], ...]
    foot: tuple[Figure, ...] = ()
    shown: int = ROWS_SHOWN
    columns_left_out: int = 0


def text(words: str) -> Figure:
    """A cell of words."""
    return Figure(words, words)


def money(dollars: Decimal, link: str | None = None, count: int | None = None) -> Figure:
    """A cell of dollars, whole on the page, to the cent in a spreadsheet."""
    return Figure(whole_money(dollars), f"{dollars:.2f}", link, count)


def number(count: int, link: str | None = None) -> Figure:
    """A cell that counts denials."""
    return Figure(f"{count:,}", str(count), link, count)


def share(value: float | None) -> Figure:
    """A cell with a share, 0..1; a dash of nothing."""
    return Figure("–", "") if value is None else Figure(f"{value * 100:.0f}%", f"{value:.4f}")


def pair(total: Sum, chosen: Selection, as_of: date) -> tuple[Figure, Figure]:
    """Count and dollars, both leading to their denials."""
    link = address_of(chosen, as_of) if total.count else None
    return number(total.count, link), money(total.dollars, link, total.count)


def four(sums: Sums, chosen: Selection, as_of: date) -> tuple[Figure, ...]:
    """How many were denied, and the four sums, each leading to its denials."""
    count, denied = pair(sums.denied, chosen.model_copy(update={"of": "denied"}), as_of)
    rest: list[Figure] = []
    for measure in ("open", "recovered", "lost"):
        rest.append(pair(sums.of(measure), chosen.model_copy(update={"of": measure}), as_of)[1])
    return (count, denied, *rest)


FOUR = (Column("Denials", "count"), *(Column(label, "money") for label in MEASURE_LABELS.values()))


def months_table(
    by_month: Sequence[tuple[str | None, Sums]], whole: Sums, wanted: Selection, names: Names, as_of: date
) -> Table:
    """The four sums by month of the remit."""
    rows = tuple(
        (text(names.of("month", month)), *four(sums, narrowed(wanted, "month", month), as_of))
        for month, sums in by_month
    )
    foot = (text("All months"), *four(whole, wanted, as_of))
    return Table("months", "By month of the remittance", (Column("Month"), *FOUR), rows, foot, shown=60)


def ages_table(found: dict[Age, Sum], wanted: Selection, as_of: date) -> Table:
    """Open denials by age."""
    rows = tuple(
        (text(AGE_LABELS[age]), *pair(total, wanted.model_copy(update={"of": "open", "age": age}), as_of))
        for age, total in found.items()
        if total.count or age != "unknown"
    )
    return Table(
        "ages", "Open, by age", (Column("Since the remittance"), *_PAIR), rows, _whole(found.values(), wanted, as_of)
    )


def dues_table(found: dict[Due, Sum], wanted: Selection, as_of: date) -> Table:
    """Open denials by clock."""
    rows = tuple(
        (text(DUE_LABELS[each]), *pair(total, wanted.model_copy(update={"of": "open", "due": each}), as_of))
        for each, total in found.items()
    )
    return Table(
        "deadlines", "Open, by deadline", (Column("First clock"), *_PAIR), rows, _whole(found.values(), wanted, as_of)
    )


def pivot_table(found: Pivot, wanted: Selection, names: Names, as_of: date) -> Table:
    """A measure by one dimension, or by two; with two the cells are dollars."""
    title = f"{MEASURE_LABELS[found.measure]} by {DIMENSION_LABELS[found.rows].lower()}"
    measured = wanted.model_copy(update={"of": found.measure})
    head = Column(DIMENSION_LABELS[found.rows])
    if found.columns is None:
        rows: tuple[tuple[Figure, ...], ...] = tuple(
            (text(names.of(found.rows, each.row)), *pair(each.sum, narrowed(measured, found.rows, each.row), as_of))
            for each in found.row_sums
        )
        sums_up = (text("All"), *pair(found.whole, measured, as_of))
        return Table("pivot", title, (head, *_PAIR), rows, sums_up)
    across = found.column_sums if found.columns == "month" else found.column_sums[:COLUMNS_SHOWN]
    columns = (head, *_PAIR, *(Column(names.of(found.columns, each.column), "money") for each in across))
    rows = tuple(_pivot_row(found, each, across, measured, names, as_of) for each in found.row_sums)
    foot = (
        text("All"),
        *pair(found.whole, measured, as_of),
        *(pair(each.sum, narrowed(measured, found.columns, each.column), as_of)[1] for each in across),
    )
    title = f"{title} and {DIMENSION_LABELS[found.columns].lower()}"
    left_out = len(found.column_sums) - len(across)
    return Table("pivot", title, columns, rows, foot, columns_left_out=left_out)


def _pivot_row(
    found: Pivot, each: Cell, across: Sequence[Cell], measured: Selection, names: Names, as_of: date
) -> tuple[Figure, ...]:
    chosen = narrowed(measured, found.rows, each.row)
    cells = []
    for one in across:
        total = found.cells.get((each.row, one.column))
        if total is None or found.columns is None:
            cells.append(Figure("", ""))
        else:
            cells.append(pair(total, narrowed(chosen, found.columns, one.column), as_of)[1])
    return (text(names.of(found.rows, each.row)), *pair(each.sum, chosen, as_of), *cells)


def rates_table(by: By, rates: Iterable[Rate], whole: Rate, wanted: Selection, names: Names, as_of: date) -> Table:
    """How often fights are won, by one value."""
    rows = tuple(
        (
            text(names.of(by, rate.value)),
            *_rate(rate, wanted.model_copy(update={by: rate.value or NOTHING}), as_of),
        )
        for rate in rates
    )
    columns = (
        Column(BY_LABELS[by]),
        Column("Fought", "count"),
        Column("Overturned", "count"),
        Column("Rate", "share"),
        Column("95% interval", "share"),
        Column("Recovered", "money"),
        Column("Note"),
    )
    foot = (text("All"), *_rate(whole, wanted, as_of))
    return Table(f"overturned-by-{_BY_KEYS[by]}", f"Overturned, by {BY_LABELS[by].lower()}", columns, rows, foot)


def _rate(rate: Rate, chosen: Selection, as_of: date) -> tuple[Figure, ...]:
    fought, overturned = (chosen.model_copy(update={"of": of}) for of in ("fought", "overturned"))
    low, high = rate.interval
    span = f"{low * 100:.0f}–{high * 100:.0f}%" if rate.fought.count else "–"
    return (
        pair(rate.fought, fought, as_of)[0],
        pair(rate.overturned, overturned, as_of)[0],
        share(rate.rate),
        Figure(span, f"{low:.4f} to {high:.4f}" if rate.fought.count else ""),
        money(rate.recovered, address_of(fought, as_of) if rate.fought.count else None, rate.fought.count),
        text("Too few outcomes" if rate.few else ""),
    )


def straight_table(found: Sequence[Share], wanted: Selection, as_of: date) -> Table:
    """What needed no person, by month of the remit."""
    rows = tuple(
        (
            text(month_name(one.month) if one.month else "No remit date"),
            number(one.of, address_of(wanted.model_copy(update={"month": one.month or NOTHING}), as_of)),
            _some(one.part, wanted.model_copy(update={"of": "straight", "month": one.month or NOTHING}), as_of),
            share(one.share),
        )
        for one in found
    )
    columns = (
        Column("Month"),
        Column("Denials", "count"),
        Column("Straight through", "count"),
        Column("Share", "share"),
    )
    return Table("straight-through", "Straight through, by month of the remittance", columns, rows, shown=60)


def agreement_table(found: Sequence[Share], waits: Sequence[Wait], wanted: Selection, as_of: date) -> Table:
    """Whether people approve what is proposed, and how long cases wait for them, by month of the decision."""
    waited = {one.month: one for one in waits}
    rows = []
    for one in found:
        if one.month is None:
            continue
        wait = waited.get(one.month)
        chosen = {of: wanted.model_copy(update={"of": of, "decided": one.month}) for of in ("decided", "as_proposed")}
        rows.append(
            (
                text(month_name(one.month)),
                _some(one.of, chosen["decided"], as_of),
                _some(one.part, chosen["as_proposed"], as_of),
                share(one.share),
                _hours(wait.median if wait else None),
                _hours(wait.ninetieth if wait else None),
            )
        )
    columns = (
        Column("Month"),
        Column("Decided", "count"),
        Column("As proposed", "count"),
        Column("Agreement", "share"),
        Column("Median wait", "share"),
        Column("Nine in ten within", "share"),
    )
    return Table("agreement", "Decisions of people, by month", columns, tuple(rows), shown=60)


def desk_table(found: Sequence[Minutes], names: Names) -> Table:
    """How long cases take at the desk, by cause; all of them in the last row."""
    rows = [
        (text(names.of("root_cause", one.root_cause)), number(one.cases), _minutes(one.median), _minutes(one.ninetieth))
        for one in found
        if one.root_cause is not None
    ]
    whole = [one for one in found if one.root_cause is None]
    foot = tuple(
        cell
        for one in whole
        for cell in (text("All causes"), number(one.cases), _minutes(one.median), _minutes(one.ninetieth))
    )
    columns = (
        Column("Cause"),
        Column("Cases", "count"),
        Column("Median", "share"),
        Column("Nine in ten within", "share"),
    )
    return Table("desk", "Minutes at the desk, by cause", columns, tuple(rows), foot)


def _minutes(value: float) -> Figure:
    return Figure(f"{value:.1f} min", f"{value:.2f}")


def habits_table(found: Sequence[Habit], names: Names, as_of: date) -> Table:
    """What recurs, the dearest first, with the fix of each."""
    rows = tuple(
        (
            text(names.of("root_cause", one.root_cause)),
            text(where(one, names)),
            number(one.sum.count, address_of(one.chosen, as_of)),
            number(one.out_of.count, address_of(one.beside, as_of)),
            money(one.sum.dollars, address_of(one.chosen, as_of), one.sum.count),
            share(one.cumulative),
            money(one.saves),
            Figure(f"{one.hours:.1f} h", f"{one.hours:.2f}"),
            text(one.reason),
            text(one.fix),
            text(one.who),
        )
        for one in found
    )
    columns = (
        Column("Cause"),
        Column("Where"),
        Column("Denials", "count"),
        Column("Out of", "count"),
        Column("Denied", "money"),
        Column("Cumulative", "share"),
        Column("Denied a month", "money"),
        Column("Work a month", "share"),
        Column("What the cases share"),
        Column("Upstream fix"),
        Column("Whose"),
    )
    return Table("recurring", "What recurs, and what would end it", columns, rows)


def where(habit: Habit, names: Names) -> str:
    """Say where a habit is: the drug at the payer, the payer, or everywhere."""
    if habit.payer_id is None and habit.chosen.payer_id is None:
        return "all payers"
    payer = names.of("payer_id", habit.payer_id)
    return f"{names.of('hcpcs', habit.hcpcs)} at {payer}" if habit.chosen.hcpcs is not None else payer


_PAIR = (Column("Denials", "count"), Column("Dollars", "money"))
_BY_KEYS: dict[By, str] = {"payer_id": "payer", "root_cause": "cause", "sent_as": "remedy", "argument": "argument"}


def _whole(found: Iterable[Sum], wanted: Selection, as_of: date) -> tuple[Figure, ...]:
    held = list(found)
    total = Sum(count=sum(one.count for one in held), dollars=sum((one.dollars for one in held), Decimal(0)))
    return (text("All open"), *pair(total, wanted.model_copy(update={"of": "open"}), as_of))


def _some(count: int, chosen: Selection, as_of: date) -> Figure:
    return number(count, address_of(chosen, as_of) if count else None)


def _hours(hours: float | None) -> Figure:
    if hours is None:
        return Figure("–", "")
    return Figure(f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days", f"{hours:.2f}")
