"""One denial as a page: what the payer said, why, how it is known, what to do by when, and what was made."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.terminal import correspondence, words
from api.terminal.timeline import life_table
from api.terminal.words import plain
from knowledge.types.letters import Table as LetterTable
from knowledge.types.record import DenialRecord
from tools.corrected_claim.reading import changes_table

if TYPE_CHECKING:
    # Its module opens the state machine, which is slow to import; a page only reads what it is given.
    from api.dossier import Dossier

_TRUTH = {"confirmed": ("yes", "green"), "refuted": ("no", "red"), "unknown": ("?", "yellow")}


def show_denial(console: Console, dossier: "Dossier", home: Path, as_of: date) -> None:
    """Print the page; sections with nothing in them are left out."""
    record = dossier.record
    console.print(_title(record))
    sections: tuple[tuple[str, Callable[[], Iterator[RenderableType]]], ...] = (
        ("What the payer said", lambda: _said(record)),
        ("Why", lambda: _cause(record)),
        ("What to do", lambda: _remedy(record, as_of)),
        ("Why a person must decide", lambda: _reasons(record)),
        ("Still missing", lambda: _bullets(record.missing)),
        ("Before the files go", lambda: _bullets(record.notes)),
        ("Side by side", lambda: map(_letter_table, dossier.tables)),
        ("Changes to the claim", lambda: _changes(dossier)),
        ("Facts", lambda: _facts(dossier)),
        ("Evidence", lambda: _evidence(record)),
        ("Joined records", lambda: _links(record)),
        ("Files made", lambda: _products(record, home)),
        ("Letter edited", lambda: correspondence.edits(dossier)),
        ("Approval", lambda: correspondence.approvals(dossier)),
        ("Sent", lambda: correspondence.sends(dossier)),
        ("Timeline", lambda: _timeline(dossier)),
    )
    for heading, section in sections:
        parts = list(section())
        if parts:
            console.print()
            console.print(Text(heading, "bold"))
            console.print(Padding(Group(*parts), (0, 0, 0, 2), expand=False))


def _title(record: DenialRecord) -> Text:
    code, served = words.line(record)
    about = f"{words.payer(record)}, claim {plain(record.remit.claim_id)}, {code}" + (f" of {served}" if served else "")
    status = words.spoken(record.status)
    amount = words.dollars(record.amount_at_stake)
    return Text.assemble((record.denial_id, "bold cyan"), f"  {status}\n", (f"{about}: {amount} denied", "bold"))


def _said(record: DenialRecord) -> Iterator[RenderableType]:
    remit = record.remit
    for adjustment in record.adjustments:
        quantity = f", quantity {adjustment.quantity}" if adjustment.quantity else ""
        yield Text(plain(f"{adjustment.group}-{adjustment.carc}  {words.dollars(adjustment.amount)}{quantity}"))
    if record.remarks:
        yield Text(plain(f"Remarks {', '.join(record.remarks)}"))
    if record.line is not None:
        line = record.line
        units = f"{line.units} units, " if line.units else ""
        paid = f"charged {words.dollars(line.charge)}, paid {words.dollars(line.paid)}"
        yield Text(plain(f"{units}{paid}"))
    number = f", payer claim number {remit.payer_claim_number}" if remit.payer_claim_number else ""
    trace = f"trace {remit.trace_number or 'none'} of {remit.paid_on or 'no date'}"
    yield Text(plain(f"{remit.file}: {trace}, claim status {remit.claim_status}{number}"), "dim")


def _cause(record: DenialRecord) -> Iterator[RenderableType]:
    yield Text(plain(record.says))
    yield Text(
        plain(f"{record.root_cause} ({words.spoken(record.category)}), confidence {record.confidence:.2f}"), "dim"
    )
    for other in record.alternatives:
        says = f"Still open: {other.root_cause} ({other.confidence:.2f}); settled by {other.settled_by}"
        yield Text(plain(says), "dim")
    if record.series:
        yield Text(plain(f"One of several denials with this cause: {record.series}"), "dim")


def _remedy(record: DenialRecord, as_of: date) -> Iterator[RenderableType]:
    yield Text(words.remedy(record).capitalize(), "bold")
    for deadline in record.deadlines:
        late = words.has_passed(deadline.date, as_of)
        yield Text.assemble(
            (f"{words.spoken(deadline.action)} by {plain(deadline.date)}, ", "bold red" if late else ""),
            (words.time_left(deadline.date, as_of), "bold red" if late else ""),
            (f"  ({plain(deadline.rule)})", "dim"),
        )
    if not record.deadlines and record.status not in ("won", "lost", "closed"):
        yield Text("No deadline is known", "dim")


def _reasons(record: DenialRecord) -> Iterator[RenderableType]:
    for reason in record.review_reasons:
        yield Text.assemble((plain(reason.code), "yellow"), f": {plain(reason.says)}")


def _bullets(texts: tuple[str, ...]) -> Iterator[RenderableType]:
    return (Text(plain(f"- {text}")) for text in texts)


def _letter_table(content: LetterTable) -> RenderableType:
    table = Table(title=plain(content.title), title_justify="left", title_style="", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in content.columns:
        table.add_column(plain(column))
    for at, row in enumerate(content.rows):
        marked = [("bold red" if content.marked == (at, place) else "") for place in range(len(row))]
        table.add_row(*(Text(plain(cell), style) for cell, style in zip(row, marked, strict=True)))
    return table


def _changes(dossier: "Dossier") -> Iterator[RenderableType]:
    content = changes_table(dossier.changes)
    if content.rows:
        yield _letter_table(content)


def _facts(dossier: "Dossier") -> Iterator[RenderableType]:
    table = _grid()
    table.add_column(max_width=34, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True, style="dim")
    for fact in dossier.facts:
        says = plain(fact.says)
        if fact.missing:
            says += f" (needs {plain(', '.join(fact.missing))})"
        name = plain(fact.name.replace("-", " "))
        table.add_row(name, Text(*_TRUTH[fact.truth]), Text(says), Text(" ".join(fact.evidence)))
    if dossier.facts:
        yield table


def _evidence(record: DenialRecord) -> Iterator[RenderableType]:
    table = _grid()
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(ratio=1)
    for item in record.evidence:
        text = Text.assemble(plain(item.says), (f"\n{plain(item.kind)}: {plain(item.source)}", "dim"))
        for line in (item.quote or "").splitlines():
            text.append(f"\n| {plain(line)}", "italic")
        table.add_row(plain(item.id), text)
    if record.evidence:
        yield table


def _grid() -> Table:
    return Table.grid(padding=(0, 2), expand=True)


def _links(record: DenialRecord) -> Iterator[RenderableType]:
    for name in type(record.links).model_fields:
        link = getattr(record.links, name)
        shown = f"{link.value}  ({link.rule})" if link else "none found"
        yield Text(plain(f"{name.replace('_', ' ')}: {shown}"), "" if link else "dim")


def _products(record: DenialRecord, home: Path) -> Iterator[RenderableType]:
    for name in type(record.products).model_fields:
        product = getattr(record.products, name)
        if product is not None:
            yield Text(f"{name.replace('_', ' ')}: {home / product.path}")


def _timeline(dossier: "Dossier") -> Iterator[RenderableType]:
    if dossier.life:
        yield life_table(dossier.life)
    if dossier.account is not None and (dossier.account.recovered or dossier.account.recouped):
        yield Text(f"Recovered in cash: {words.dollars(dossier.account.recovered)}", "bold")
