"""Show what is watched for: one block a warning, by date, with how the date was computed and what to do."""

import json
from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from agent.watching.warned import DoseWarning, Watch
from api.terminal import words

_STANDINGS = {
    "planned": "with a known next date",
    "overdue": "overdue",
    "unknown": "whose next date is not known",
    "lapsed": "lapsed: ask whether they go on",
    "ended": "ended",
}


def show_watch(console: Console, found: Watch, names: Mapping[str, str]) -> None:
    """Print the warnings with patients' names, then how many treatments stand how, and what was not compared."""
    for warning in found.warnings:
        _show(console, warning, names)
    for row in found.treatments:
        if row.after_next:
            who = words.plain(names.get(row.patient, "")) or row.patient
            told = f"{who}  {row.drug} {row.hcpcs}: {words.plain(row.after_next)}"
            console.print(Text("Soon  ", "cyan") + Text(told), soft_wrap=True)
    stand = Counter(row.standing for row in found.treatments)
    counted = ", ".join(f"{stand[name]} {says}" for name, says in _STANDINGS.items() if stand[name])
    told = f"{words.count(len(found.warnings), 'warning')} as of {found.as_of}; "
    console.print(
        told + words.count(len(found.treatments), "treatment") + (f": {counted}" if counted else ""), style="bold"
    )
    open_questions = sum(bool(row.not_compared) for row in found.treatments)
    if open_questions:
        what = (
            f"Not everything could be compared for {words.count(open_questions, 'treatment')}: --format json has each"
        )
        console.print(what, style="dim")


def with_names(found: Watch, names: Mapping[str, str]) -> str:
    """Write everything as JSON, patients named: for this machine only."""
    told = found.model_dump(mode="json")
    for rows in (told["warnings"], told["treatments"]):
        for row in rows:
            row["patient_name"] = names.get(row["patient"], "")
    return json.dumps(told, indent=2, ensure_ascii=False)


def _show(console: Console, warning: DoseWarning, names: Mapping[str, str]) -> None:
    when = str(warning.expected) if warning.expected else "next date not known"
    name = words.plain(names.get(warning.patient, "")) or warning.patient
    title = Text.assemble((when, "bold"), "  ", (name, "cyan"), "  ", f"{warning.drug} {warning.hcpcs}".strip())
    console.print(title.append(f"  {warning.payer_id or 'payer not known'}  "), Text(warning.kind, "yellow"), sep="")
    by = f" (by {warning.by})" if warning.by else ""
    for label, text in (("Date", warning.how), ("Wrong", warning.says), ("Do", warning.to_do + by)):
        console.print(Text(f"  {label:<6}{words.plain(text)}"), soft_wrap=True)
    console.print(Text(f"  {'From':<6}{words.plain(', '.join(warning.sources))}", "dim"), soft_wrap=True)
