"""Show the sweep: a table a bucket, batches below it."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.following.due import Asked
from agent.watching.clocks import BucketName
from agent.watching.sweep import Batch, Bucket, Sweep, SweptDenial
from api.terminal import words

TITLES: dict[BucketName, str] = {
    "ran_out_lately": "Ran out in the last 7 days",
    "within_7": "Within 7 days",
    "within_14": "Within 14 days",
    "within_30": "Within 30 days",
    "later": "Later",
    "ran_out_before": "Ran out longer ago",
    "no_clock_known": "No clock known: see payers.yaml",
}


def show_sweep(console: Console, found: Sweep) -> None:
    """Print every bucket that holds something, then what it adds up to."""
    short = words.short_ids([denial.denial_id for bucket in found.buckets for denial in bucket.denials])
    for bucket in found.buckets:
        if bucket.count:
            _show_bucket(console, bucket, short)
    if found.asked:
        _show_asked(console, found.asked)
    counted = ", ".join(f"{TITLES[bucket.name].split(':')[0].lower()} {bucket.count}" for bucket in found.buckets)
    console.print(f"{words.count(found.open, 'open denial')} as of {found.as_of}: {counted}", style="bold")


def _show_asked(console: Console, asked: tuple[Asked, ...]) -> None:
    console.print(f"Records asked for, no denial yet: {words.count(len(asked), 'request')}", style="bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("Last day", "Left", "What is asked"):
        table.add_column(name, no_wrap=name != "What is asked")
    for one in asked:
        told = (one.due.isoformat() if one.due else "not said", _left(one.days_left), words.plain(one.says))
        table.add_row(*map(Text, told))
    console.print(table)


def _show_bucket(console: Console, bucket: Bucket, short: dict[str, str]) -> None:
    title = f"{TITLES[bucket.name]}: {words.count(bucket.count, 'denial')}, {words.dollars(bucket.amount_at_stake)}"
    console.print(title, style="bold red" if bucket.name in ("ran_out_lately", "within_7") else "bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("Action", "Last day", "Left", "Denial", "Payer", "Claim", "Line"):
        table.add_column(name, no_wrap=name != "Line")
    table.add_column("Denied", justify="right", no_wrap=True)
    table.add_column("Rank", justify="right", no_wrap=True)
    table.add_column("Route")
    for group in bucket.groups:
        for denial in group.denials:
            table.add_row(*_cells(denial, short[denial.denial_id]))
    for batch in bucket.batches:
        table.add_row(*_batch_cells(batch))
    console.print(table)


def _cells(denial: SweptDenial, name: str) -> tuple[Text, ...]:
    line = " ".join(filter(None, (denial.hcpcs or "whole claim", denial.service_date)))
    told = (
        words.spoken(denial.action or "none"),
        denial.last_day or "",
        _left(denial.days_left),
        name,
        words.plain(denial.payer_id or "not named"),
        words.plain(denial.claim_id),
        words.plain(line),
        words.dollars(denial.amount_at_stake),
        str(denial.rank or ""),
        _stands(denial),
    )
    return tuple(Text(text) for text in told)


def _stands(denial: SweptDenial) -> str:
    stands = words.spoken(denial.route if denial.status != "approved" else "approved")
    if denial.not_sent:
        stands += ", not sent"
    return stands + (f", snoozed until {denial.snoozed_until}" if denial.snoozed_until else "")


def _batch_cells(batch: Batch) -> tuple[Text, ...]:
    first = batch.denials[0]
    claims = ", ".join(dict.fromkeys(words.plain(denial.claim_id) for denial in batch.denials))
    told = (
        words.spoken(first.action or "none"),
        batch.last_day or "",
        _left(batch.days_left),
        f"batch of {len(batch.denials)}",
        words.plain(batch.payer_id or "not named"),
        claims if len(batch.denials) == 1 else words.count(len(batch.denials), "denial"),
        words.plain(batch.root_cause),
        words.dollars(batch.amount_at_stake),
        "",
        "together",
    )
    return tuple(Text(text, "dim") for text in told)


def _left(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return f"{words.count(-days, 'day')} over"
    return "today" if days == 0 else words.count(days, "day")
