"""Show a denial's life, and a practice's cash."""

from collections.abc import Iterable, Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.terminal import words
from api.terminal.words import plain
from knowledge.records import OutcomeEntry
from knowledge.types.cash import Reconciliation
from knowledge.types.outcomes import Account, LifeEntry
from knowledge.types.record import DenialRecord

_BAD = frozenset({"denied", "upheld", "taken_back", "recouped"})


def life_table(entries: Iterable[LifeEntry]) -> Table:
    """Return the entries as a table: day, what, money, words, source."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("Day", "What"):
        table.add_column(name, no_wrap=True)
    table.add_column("Money", justify="right", no_wrap=True)
    table.add_column("How", ratio=1)
    for entry in entries:
        style = "red" if entry.kind in _BAD else "green" if entry.kind == "paid" else ""
        day = entry.at.isoformat() if entry.at.year > 1 else "undated"
        money = words.dollars(f"{entry.amount:.2f}") if entry.amount is not None else ""
        says = Text.assemble(plain(entry.says), (f"\n{plain(entry.source)}", "dim"))
        table.add_row(day, Text(words.spoken(entry.kind), style), Text(money, style), says)
    return table


def show_timeline(console: Console, entries: Iterable[LifeEntry], account: Account | None) -> None:
    """Print a denial's life, and what it brought in cash."""
    console.print(life_table(entries))
    if account is not None:
        recouped = f", {words.dollars(str(account.recouped))} of it recouped" if account.recouped else ""
        console.print(Text(f"Recovered in cash: {words.dollars(str(account.recovered))}{recouped}", "bold"))


def show_entered(console: Console, denial_id: str, entry: OutcomeEntry, record: DenialRecord | None) -> None:
    """Print what was entered and how the denial stands now."""
    what = "withdrawn" if entry.withdrawn_at is not None else words.spoken(entry.result)
    stands = f"{words.spoken(record.status)}, {words.remedy(record)}" if record is not None else "not worked yet"
    told = f": {what} on {entry.decided_on.isoformat()} (key {entry.key}); now {stands}"
    console.print(Text.assemble((denial_id, "cyan"), told))


def show_cash(console: Console, whole: Reconciliation, accounts: Mapping[str, Account]) -> None:
    """Print what all remits came to, each denial that brought money, and what could not be placed."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    rows = (
        ("Paid by all remits", whole.cash),
        ("recovered after denials", whole.recovered),
        ("paid otherwise", whole.otherwise),
        ("moved at provider level (PLB, no claim)", whole.provider_level),
        ("not explained by the remits themselves", whole.unexplained),
        ("in remits that contradict each other, not counted", whole.disputed),
        ("in remits made out to others, not counted", whole.elsewhere),
    )
    for name, amount in rows:
        if amount or name.startswith(("Paid", "recovered", "paid")):
            table.add_row(name, words.dollars(str(amount)))
    console.print(table)
    for denial_id, account in sorted(accounts.items()):
        if account.recovered:
            console.print(Text.assemble((denial_id, "cyan"), f"  {words.dollars(str(account.recovered))} recovered"))
    for finding in whole.findings:
        console.print(Text.assemble((finding.code, "yellow"), f"  {plain(finding.source)}: {plain(finding.says)}"))
