"""Show series and batches: a row each, or one in full with its schedule."""

import json
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.series.corrections import Offer
from agent.series.telling import ListedGroup, ShownGroup
from api.terminal import words


def as_json(groups: Sequence[ListedGroup]) -> str:
    """Write all groups as one JSON list."""
    return json.dumps([group.model_dump(mode="json") for group in groups], indent=2, ensure_ascii=False)


def show_groups(console: Console, groups: Sequence[ListedGroup]) -> None:
    """Print one row a group, and what they come to."""
    table = _table("Series", "Payer", "Cause", "Answer", "Shares", "Denials", "At stake", "Last day", "Rank")
    for group in groups:
        told = (
            *(group.group_id, words.plain(group.payer_id), group.root_cause, _answer(group), words.plain(group.shared)),
            *(f"{group.count} ({group.waiting} wait)" if group.waiting else str(group.count),),
            *(words.dollars(group.amount_at_stake), group.last_day or "none", str(group.rank or "")),
        )
        table.add_row(*(Text(text) for text in told))
    if groups:
        console.print(table)
    kinds = [sum(group.kind == kind for group in groups) for kind in ("series", "batch")]
    console.print(f"{kinds[0]} series, {words.count(kinds[1], 'batch', 'batches')} of open denials", style="bold")


def show_group(console: Console, found: ShownGroup) -> None:
    """Print a group's facts, its schedule, who goes apart and why, and what could be taken over."""
    group = found.group
    console.print(
        Text.assemble((group.group_id, "bold cyan"), f"  {group.payer_name}  {group.root_cause}: {_answer(group)}")
    )
    console.print(Text(f"Shares {words.plain(group.shared)}. {words.plain(group.says)}"), soft_wrap=True)
    table = _table(
        "Denial", "Claim", "Payer claim", "Service date", "Code", "Units", "Charge", "Denied", "Status", "Rank"
    )
    for member in group.members:
        told = (
            *(member.denial_id, words.plain(member.claim_id), words.plain(member.payer_claim_number or "")),
            *(member.service_date or "", words.plain(member.hcpcs or "whole claim"), member.units or ""),
            *(words.dollars(member.charge or "0"), words.dollars(member.amount_at_stake)),
            *(words.spoken(member.status), str(member.rank or "")),
        )
        table.add_row(*(Text(text) for text in told))
    console.print(table)
    goes = "in one packet" if found.one_letter else "each by its own file, approved together"
    console.print(f"{len(found.together)} of {group.count} go {goes}; {words.dollars(group.amount_at_stake)} at stake")
    for title, rows in (("Goes apart", found.apart), ("Not of it", group.left_out)):
        for row in rows:
            console.print(Text(f"{title}: {row.denial_id}: {words.plain(row.says)}", "yellow"), soft_wrap=True)
    show_offers(console, found.offers)
    for approved in found.approved:
        console.print(Text(f"Approved as a whole: {words.plain(approved)}", "green"), soft_wrap=True)


def show_offers(console: Console, offers: Sequence[Offer]) -> None:
    """Print the corrections that others could take over, and how."""
    for offer in offers:
        changes = ", ".join(f"{name}={value}" for name, value in offer.changes.items())
        told = f"Corrected on {offer.denial_id} by {offer.by}: {changes}. Open for {', '.join(offer.to)}: "
        told += f"overturn series correct {offer.denial_id}"
        console.print(Text(words.plain(told), "yellow"), soft_wrap=True)


def _answer(group: ListedGroup) -> str:
    return " → ".join(words.spoken(remedy) for remedy in (group.remedy, group.then) if remedy)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        right = column in ("Units", "Charge", "Denied", "At stake", "Rank")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    return table
