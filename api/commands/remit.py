"""`overturn remit`: read one remittance file and say what is in it."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.terminal.consoles import aside, data_output, fail, output
from api.terminal.findings import counts, show_findings
from api.terminal.words import dollars, plain
from knowledge.codes import load_codes
from knowledge.types.reading import ReadingFinding
from tools.x12.summary import full as read_in_full
from tools.x12.summary import summarize

NOTHING_READ = 1
_NAMES = {
    "sum_clp03": "charged (CLP03)",
    "sum_clp04": "paid on claims (CLP04)",
    "sum_bpr02": "paid in all (BPR02)",
    "sum_cas": "adjusted (CAS)",
}


def remit(
    file: Annotated[Path, typer.Argument(help="An X12 835 file, whatever its name and line ends.", metavar="FILE")],
    format: Annotated[Literal["json", "text"], typer.Option(help="json for programs, text for people.")] = "text",
    full: Annotated[bool, typer.Option("--full", help="Every fact of the file, typed, not only the counts.")] = False,
) -> None:
    """Read one remittance file (835): what it counts, what it adds to, and what is wrong with it.

    Counts are of its ST*835 transactions; an adjustment slot counts when it is not blank. Exit code 0: something
    could be read, findings or not; 1: nothing in the file is a remittance; 2: the file cannot be opened.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}")
    codes = load_codes()
    console = aside()
    with console.status(f"Reading {len(data) / 1e6:,.1f} MB") if console.is_terminal else nullcontext():
        known = {"known_carcs": codes.carc_codes, "known_rarcs": codes.rarc_codes}
        facts = (
            read_in_full(data, str(file), **known) if full else msgspec.to_builtins(summarize(data, str(file), **known))
        )
    if format == "json":
        text = msgspec.json.encode(facts)
        data_output().write((text if full else msgspec.json.format(text)).decode() + "\n")
    else:
        _show(output(), file, facts)
    if not facts["transactions"] and not facts["claims"]:
        fail(f"{file} holds no remittance (ST*835) that can be read", NOTHING_READ)


def _show(console: Console, file: Path, facts: dict[str, Any]) -> None:
    console.print(Text(str(file), "bold"))
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name, value in facts.items():
        if isinstance(value, str):
            table.add_row(_NAMES.get(name, name), dollars(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            table.add_row(name.replace("_", " ").replace("cas ", "CAS ").replace("lq ", "LQ "), f"{value:,}")
    console.print(table)
    for number, one in enumerate(facts.get("remits", ()), start=1):
        _show_remit(console, number, one)
    findings = msgspec.convert(facts["findings"], tuple[ReadingFinding, ...])
    console.print(counts(findings), style="bold")
    show_findings(console, findings, cap=None if "remits" in facts else 20, more=": --full lists all")


def _show_remit(console: Console, number: int, one: dict[str, Any]) -> None:
    header = one["header"]
    payer = (header["payer"] or {}).get("last_or_org") or "payer not named"
    says = f"{number}. {payer}, trace {header['trace_number'] or 'none'} of {header['paid_on'] or 'no date'}"
    console.print(Text(plain(f"{says}, {_money(header['paid'])} paid"), "bold"))
    for claim in one["claims"]:
        amounts = f"charged {_money(claim['charge'])}, paid {_money(claim['paid'])}"
        number_there = claim["payer_claim_number"] or "none"
        console.print(Text(plain(f"  {claim['claim_id']}  status {claim['status']}, {amounts}, payer {number_there}")))
        _show_adjustments(console, claim, "    ")
        for line in claim["lines"]:
            code = "-".join((line["hcpcs"] or line["revenue_code"] or "no code", *line["modifiers"]))
            amounts = f"charged {_money(line['charge'])}, paid {_money(line['paid'])}"
            console.print(Text(plain(f"    {code}  {line['service_date'] or 'no date'}, {amounts}")))
            _show_adjustments(console, line, "      ")
    for adjustment in one["provider_adjustments"]:
        says = f"  PLB {adjustment['reason']} {adjustment['reference']}: {_money(adjustment['amount'])}"
        console.print(Text(plain(says)))


def _show_adjustments(console: Console, part: dict[str, Any], indent: str) -> None:
    said = [f"{each['group']}-{each['carc']} {_money(each['amount'])}" for each in part["adjustments"]]
    said += [each["code"] for each in part["remarks"]]
    if said:
        console.print(Text(indent + plain(", ".join(said)), "dim"))


def _money(amount: str | None) -> str:
    return "no amount" if amount is None else dollars(amount)
