"""Learned rules on a terminal: all of them as a table, one as a page."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.learning.shown import RuleShown, in_words
from knowledge.types.learned import RuleExample


def rules_table(console: Console, rules: Sequence[RuleShown]) -> None:
    """Print every rule in one line each."""
    if not rules:
        console.print("No rule yet: correct a case by `overturn review DENIAL edit`, and one is proposed")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("rule", "stands", "version", "corrections", "kept", "against", "says"):
        table.add_column(name, overflow="fold")
    for rule in rules:
        stands = rule.state.replace("_", " ") + (" (a change waits)" if rule.pending and _live(rule) else "")
        counts = (str(rule.version), str(len(rule.examples)), str(rule.kept), str(rule.contradicted))
        table.add_row(*(Text(text) for text in (rule.rule_id, stands, *counts, rule.says)))
    console.print(table)


def rule_page(console: Console, rule: RuleShown) -> None:
    """Print one rule in full."""
    lines = [f"{rule.rule_id} version {rule.version}, {rule.state.replace('_', ' ')}", rule.says]
    if rule.pending is not None and _live(rule):
        lines.append(f"Waiting for a yes: {in_words(rule.pending)}")
    lines.append(f"Decided by a {' or '.join(rule.decided_by)}")
    lines.append(
        f"{rule.kept} moved cases approved since the last correction of one, {rule.contradicted} corrected again; a "
        f"person sees the first {rule.first_reviews}"
    )
    if rule.conflicts:
        lines.append(f"May want otherwise than {', '.join(rule.conflicts)}: a case both fit goes to a person")
    lines += ["", "Corrections"]
    for one in rule.examples:
        was = ", ".join(_corrected(one, name) for name in sorted(one.corrected))
        lines.append(f"  {one.denial_id} {one.hcpcs}: {was} ({one.by}, {one.at:%Y-%m-%d}: {one.why})")
    lines += ["", "Life"]
    for step in rule.history:
        role = f" as {step.role}" if step.role else ""
        lines.append(f"  {step.at:%Y-%m-%d %H:%M} version {step.version} {step.action} by {step.by}{role}: {step.why}")
    for line in lines:
        console.print(Text(line))


def _live(rule: RuleShown) -> bool:
    return rule.state == "in_force"


def _corrected(example: RuleExample, name: str) -> str:
    now = example.corrected[name] or "nothing"
    return f"{name} {example.said.get(name) or 'nothing'} -> {now}" if name in example.said else f"{name} {now}"
