"""`overturn rules`: what billers' corrections taught about payers, and the yes or no of who may decide it."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.commands.options import DEFAULT_HOME, DenialName, Home, PracticeName, opened
from api.offices import find_denial, now, practice_of
from api.terminal.consoles import aside, data_output, fail, output
from api.written import seen_only

if TYPE_CHECKING:
    from agent.desk import Desk

rules = typer.Typer(
    no_args_is_help=True,
    help="Payer rules learned from corrections: nothing applies until a person with the right role accepts it.",
)

RuleName = Annotated[str, typer.Argument(help="A rule's id or the start of it.", metavar="RULE")]
Why = Annotated[str, typer.Option("--reason", help="Why, in a sentence; it stays with the rule.")]
By = Annotated[str | None, typer.Option(help="Who decides; the name you are logged in with.", envvar="OVERTURN_USER")]
As = Annotated[
    Literal["biller", "coder", "clinician", "manager"] | None,
    typer.Option("--as", help="Your role: most rules are for a manager, modifiers for a coder."),
]
Format = Annotated[Literal["table", "json"], typer.Option(help="json for programs, and for `python -m evals --rules`.")]


@contextmanager
def _at_desk(home: Any, practice: str | None) -> Iterator["Desk"]:
    with opened(home) as office:
        from agent.learning.proposing import RuleRefused

        practice_id, _ = practice_of(office, practice)
        try:
            with office.at_desk(practice_id) as desk:
                yield desk
        except RuleRefused as error:
            fail(str(error))


@rules.command("list")
def list_rules(home: Home = DEFAULT_HOME, practice: PracticeName = None, format: Format = "table") -> None:
    """List every rule: proposed, in force, withdrawn."""
    with _at_desk(home, practice) as desk:
        from agent.learning.rulebook import rules_of
        from agent.learning.shown import shown
        from api.terminal.rules import rules_table

        with desk.records.reading() as repository:
            held = rules_of(repository, desk.practice_id)
        found = [shown(rule, held) for rule in held]
    if format == "json":
        data_output().write(json.dumps([one.model_dump(mode="json") for one in found], indent=2) + "\n")
    else:
        rules_table(output(), found)


@rules.command("show")
def show_rule(rule: RuleName, home: Home = DEFAULT_HOME, practice: PracticeName = None) -> None:
    """Show one rule in full: its corrections, every step of its life, what became of the cases it moved."""
    with _at_desk(home, practice) as desk:
        from agent.learning.deciding import find_rule
        from agent.learning.rulebook import rules_of
        from agent.learning.shown import shown
        from api.terminal.rules import rule_page

        with desk.records.reading() as repository:
            held = rules_of(repository, desk.practice_id)
        rule_page(output(), shown(find_rule(held, rule), held))


@rules.command("accept")
def accept_rule(
    rule: RuleName,
    reason: Why,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    by: By = None,
    role: As = None,
    any_code: Annotated[
        bool, typer.Option("--any-code", help="Accept it for every code with the same answer, not only those proven.")
    ] = False,
) -> None:
    """Put a proposed rule in force, and work the open cases it is about anew."""
    by = _written(by, reason)
    with _at_desk(home, practice) as desk:
        from agent.learning.deciding import accept

        scope: Literal["any-code", "as-proven"] = "any-code" if any_code else "as-proven"
        accept(desk, rule, by=by, role=role, why=reason, at=now(), scope=scope)
    _work_on(home, practice, rule)


@rules.command("withdraw")
def withdraw_rule(
    rule: RuleName,
    reason: Why,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    by: By = None,
    role: As = None,
) -> None:
    """Take a rule out of force; the open cases it moved go back."""
    by = _written(by, reason)
    with _at_desk(home, practice) as desk:
        from agent.learning.deciding import withdraw

        withdraw(desk, rule, by=by, role=role, why=reason, at=now())
    _work_on(home, practice, rule)


@rules.command("propose")
def propose_rule(
    denial: DenialName,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="root_cause, remedy, then; or what the payer wants: enclosure, addressee, channel, level, form, "
            "modifier.",
            metavar="FIELD=VALUE",
        ),
    ],
    reason: Why,
    home: Home = DEFAULT_HOME,
    by: By = None,
) -> None:
    """Propose what this payer wants, with a denial as the example. Corrections by `overturn review` propose, too."""
    by = _written(by, reason, *changes)
    with opened(home) as office:
        found = find_denial(office, denial)
    with _at_desk(home, found.practice_id) as desk:
        from pydantic import ValidationError

        from agent.learning.proposing import propose
        from agent.learning.shown import in_words
        from knowledge.types.learned import RuleChange

        try:
            change = RuleChange.model_validate(_parsed(changes))
        except ValidationError as error:
            first = error.errors()[0]
            fail(f"--set {'.'.join(str(part) for part in first['loc'])}: {first['msg']}")
        made = propose(desk, found.denial_id, change, by=by, why=reason, at=now())
    output().print(f"{made.rule_id} {made.state.replace('_', ' ')}: {in_words(made.content)}", markup=False)


def _work_on(home: Any, practice: str | None, named: str) -> None:
    """Work what the decision is about, and say how the rule stands and how many cases it is about."""
    with opened(home) as office:
        practice_id, _ = practice_of(office, practice)
        before = {record.denial_id: _answer(record) for record in office.records_of(practice_id)}
        aside().print("Working the cases it is about anew", style="dim")
        office.work(practice_id)
        after = {record.denial_id: _answer(record) for record in office.records_of(practice_id)}
        from agent.learning.deciding import find_rule
        from agent.learning.rulebook import rules_of
        from agent.learning.shown import shown

        with office.records.reading() as repository:
            held = rules_of(repository, practice_id)
        rule = shown(find_rule(held, named), held)
    changed = sorted(name for name, answer in after.items() if before.get(name) != answer)
    console = output()
    console.print(f"{rule.rule_id} version {rule.version} is {rule.state.replace('_', ' ')}: {rule.says}", markup=False)
    console.print(f"{len(changed)} open {'case' if len(changed) == 1 else 'cases'} changed", markup=False)
    for name in changed:
        console.print(f"  {name}: {' / '.join(map(str, after[name][:2]))}", markup=False)
    if rule.conflicts:
        names = ", ".join(rule.conflicts)
        console.print(f"It may want otherwise than {names}: a case both fit goes to a person", markup=False)


def _answer(record: Any) -> tuple[Any, ...]:
    return (record.root_cause, record.remedy, record.then, record.route, record.says)


def _written(by: str | None, *texts: str) -> str:
    by = by or getpass.getuser()
    for text in (by, *texts):
        try:
            seen_only(text)
        except ValueError as error:
            fail(str(error))
    if not texts[0].strip():
        fail("--reason is empty; say why in a sentence")
    return by


def _parsed(changes: list[str]) -> dict[str, object]:
    edits: dict[str, object] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name:
            fail(f"--set {change} is not FIELD=VALUE, such as remedy=appeal")
        if name == "then" and not value:
            edits["drops_then"] = True
        elif not value.strip():
            fail(f"--set {name} says nothing")
        else:
            edits[name] = value
    return edits
