"""The ledger of sends as a table."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from api.terminal.words import plain
from knowledge.records import Outgoing


def show_sends(console: Console, sends: Sequence[Outgoing]) -> None:
    """Print one row a send: its key, what of which denial, by which channel, and how it stands since when."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Send", "Denial", "What", "By", "State", "Since", "Says"):
        table.add_column(title, no_wrap=title not in ("Says", "What"))
    for one in sends:
        since = one.receipted_at or one.handed_over_at or one.queued_at
        says = f"{one.says}; again after {one.retry_at:%Y-%m-%d %H:%M} UTC" if one.retry_at else one.says
        beside = ", ".join(sorted({file.kind.replace("_", " ") for file in one.along if file.handed}))
        what = one.kind.replace("_", " ") + (f" with {beside}" if beside else "")
        state = one.state.replace("_", " ")
        table.add_row(one.key, one.denial_id, what, one.channel, state, f"{since:%Y-%m-%d %H:%M}", plain(says))
    console.print(table)
