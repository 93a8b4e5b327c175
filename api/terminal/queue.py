"""The queue as a table: one row a denial where the terminal is wide enough, else one row of two lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.terminal import words
from knowledge.types.record import DenialRecord

_ANY_WIDTH = 10_000
_CAUSE = 3
"""The column of the stacked table that holds cause and remedy."""
_NARROWEST = 16
_GAPS = 10
"""Characters between and around the columns of the stacked table."""
SETTLED = frozenset(("won", "partly_won", "lost", "closed"))
"""Statuses of denials that need nothing any more: they are no longer at stake."""


DECIDED = frozenset(("approved", "sent"))
"""Statuses of denials a person has decided on: still at stake, nothing to decide."""


@dataclass(frozen=True)
class Totals:
    """What a queue adds up to. `at_stake` in dollars, of the denials that are still open."""

    found: int
    at_stake: Decimal
    straight_through: int
    review: int
    decided: int
    settled: int
    passed: int


def total(records: Sequence[DenialRecord], as_of: date) -> Totals:
    """Add up a queue; a denial counts as `passed` when its binding deadline lies before `as_of`."""
    still_open = [record for record in records if record.status not in SETTLED]
    undecided = [record for record in still_open if record.status not in DECIDED]
    late = [r for r in undecided if r.deadlines and words.has_passed(r.deadlines[0].date, as_of)]
    return Totals(
        found=len(records),
        at_stake=sum((Decimal(record.amount_at_stake) for record in still_open), Decimal(0)),
        straight_through=sum(record.route == "straight_through" for record in undecided),
        review=sum(record.route == "review" for record in undecided),
        decided=len(still_open) - len(undecided),
        settled=len(records) - len(still_open),
        passed=len(late),
    )


def show_queue(console: Console, records: Sequence[DenialRecord], as_of: date, rows: int | None = None) -> None:
    """Print the denials in the order given, at most `rows` of them (None = all)."""
    names = words.short_ids([record.denial_id for record in records])
    shown = [_cells(record, names[record.denial_id], as_of) for record in records[:rows]]
    table = _wide(shown)
    if console.measure(table, options=console.options.update(max_width=_ANY_WIDTH)).maximum > console.width:
        table = _stacked(shown, console.width)
    console.print(table)


def totals_lines(totals: Totals) -> tuple[str, ...]:
    """Say what a queue adds up to, in sentences."""
    where = [f"{totals.straight_through:,} straight through", f"{totals.review:,} for a person"]
    where += [f"{totals.decided:,} decided"] if totals.decided else []
    where += [f"{totals.settled:,} settled"] if totals.settled else []
    lines = [
        f"{words.count(totals.found, 'denial')} found, {words.dollars(totals.at_stake)} at stake",
        ", ".join(where),
    ]
    if totals.passed:
        lines.append(f"{words.count(totals.passed, 'deadline')} passed")
    return tuple(lines)


@dataclass(frozen=True)
class _Cells:
    name: Text
    payer: Text
    claim: Text
    line: Text
    denied: Text
    cause: Text
    remedy: Text
    route: Text
    deadline: Text
    left: Text


def _cells(record: DenialRecord, name: str, as_of: date) -> _Cells:
    settled = record.status in SETTLED
    deadline, left, style = "", "", "dim"
    if record.deadlines and not settled:
        deadline = record.deadlines[0].date
        left = words.time_left(deadline, as_of)
        style = "bold red" if words.has_passed(deadline, as_of) else ""
    elif not settled:
        deadline = "none"
    route, route_style = _route(record)
    return _Cells(
        name=Text(name, "cyan"),
        payer=Text(words.payer(record)),
        claim=Text(words.plain(record.remit.claim_id), "bold"),
        line=Text(" ".join(words.line(record))),
        denied=Text(words.dollars(record.amount_at_stake)),
        cause=Text(words.plain(record.root_cause), "dim" if record.root_cause == "unknown" else ""),
        remedy=Text(words.remedy(record)),
        route=Text(route, route_style),
        deadline=Text(deadline, style),
        left=Text(left, style),
    )


def _route(record: DenialRecord) -> tuple[str, str]:
    if record.status in SETTLED | DECIDED:
        return words.spoken(record.status), "dim"
    return ("review", "yellow") if record.route == "review" else ("ready", "green")


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")


def _wide(rows: Sequence[_Cells]) -> Table:
    table = _table()
    for title in ("Denial", "Payer", "Claim", "Line"):
        table.add_column(title, no_wrap=True)
    table.add_column("Denied", justify="right", no_wrap=True)
    for title in ("Root cause", "Remedy", "Route", "Deadline"):
        table.add_column(title, no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    for row in rows:
        told = (row.name, row.payer, row.claim, row.line, row.denied, row.cause, row.remedy, row.route)
        table.add_row(*told, row.deadline, row.left)
    return table


def _stacked(rows: Sequence[_Cells], width: int) -> Table:
    columns: tuple[tuple[str, list[Text]], ...] = (
        ("Denial\nPayer", [_pair(_cut(row.name, 10), _cut(row.payer, 10)) for row in rows]),
        ("Claim\nLine", [_pair(_cut(row.claim, 20), _cut(row.line, 20)) for row in rows]),
        ("Denied\nRoute", [_pair(row.denied, row.route) for row in rows]),
        ("Root cause\nRemedy", [_pair(row.cause, row.remedy) for row in rows]),
        ("Deadline\nLeft", [_pair(row.deadline, row.left) for row in rows]),
    )
    widths = [max(line.cell_len for cell in cells for line in cell.split("\n")) for _, cells in columns]
    # Only cause and remedy are cut short on a narrow terminal: `overturn show` has them in full.
    widths[_CAUSE] = min(widths[_CAUSE], max(_NARROWEST, width - _GAPS - sum(widths) + widths[_CAUSE]))
    table = _table()
    for (title, _), widest in zip(columns, widths, strict=True):
        justify: Literal["left", "right"] = "right" if title.startswith("Denied") else "left"
        table.add_column(title, no_wrap=True, width=widest, justify=justify)
    for row in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*row)
    return table


def _cut(text: Text, width: int) -> Text:
    text.truncate(width, overflow="ellipsis")
    return text


def _pair(first: Text, second: Text) -> Text:
    return Text("\n").join((first, second))
