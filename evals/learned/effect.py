"""Work labelled practices without and with a file of rules, and tell what changed, rule by rule."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from agent.learning.deciding import accept
from agent.office import Office
from evals.labels import Label, LabelledPractice
from evals.working import FolderRefused
from knowledge.records import Role
from knowledge.types.diagnosis import Remedy
from knowledge.types.learned import RuleContent, RuleEntry
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord


class Deviation(Frozen):
    """How one payer differs from the labels: where it denies for this cause, what is right with it is this remedy."""

    practice: str
    payer_id: str
    root_cause: str
    remedy: Remedy
    then: Remedy | None = None


class RulesFile(Frozen):
    """Rules to measure, as `overturn rules list --format json` prints them, and payers that differ from the labels."""

    rules: tuple[tuple[str, RuleContent], ...]
    deviations: tuple[Deviation, ...] = ()


class Changed(Frozen):
    """A labelled case whose answer rules changed: by which, and whether it was and is right."""

    practice: str
    denial_id: str
    claim_id: str
    rules: tuple[str, ...]
    before: str
    after: str
    right_before: bool
    right_after: bool
    lowered: bool


def read_rules(path: Path) -> RulesFile:
    """Read a rules file: a list of rules, or an object with `rules` and `deviations`. Withdrawn rules are left out.

    Raises:
        ValueError: it is no such file; the message says where.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = found if isinstance(found, list) else found.get("rules", [])
    deviations = () if isinstance(found, list) else found.get("deviations", ())
    rules = [
        (row["rule_id"], {"match": row["match"], "change": row["change"]})
        for row in rows
        if row.get("state") != "withdrawn"
    ]
    return RulesFile.model_validate({"rules": rules, "deviations": deviations})


def effect(
    practice: LabelledPractice, given: RulesFile, home: Path, clock: Callable[[], datetime]
) -> tuple[int, tuple[Changed, ...]]:
    """Work a practice, put the rules in force, work it again; give how many cases were judged, and those changed."""
    with Office.open(home, clock) as office:
        taken = office.take_folder(practice.folder)
        if taken.practice_id is None or not taken.usable:
            raise FolderRefused(f"practice {practice.name}: the folder could not be taken in")
        office.work(taken.practice_id)
        before = {record.denial_id: record for record in office.records_of(taken.practice_id)}
        put_in_force(office, taken.practice_id, given, clock())
        office.work(taken.practice_id)
        after = {record.denial_id: record for record in office.records_of(taken.practice_id)}
    labels = {_key(label.claim_id, label.payer_claim_number, _control(label)): label for label in practice.labels}
    judged, changed = 0, list[Changed]()
    for name, new in sorted(after.items()):
        old = before.get(name)
        control = new.line.line_control if new.line else None
        label = labels.get(_key(new.remit.claim_id, new.remit.payer_claim_number, control))
        if label is None or old is None:
            continue
        judged += 1
        if (old.root_cause, old.remedy, old.then) == (new.root_cause, new.remedy, new.then):
            continue
        changed.append(_changed(practice.name, old, new, _true(practice.name, label, given.deviations)))
    return judged, tuple(changed)


def put_in_force(office: Office, practice_id: str, given: RulesFile, at: datetime) -> None:
    """Enter rules as a file has them and accept each."""
    by, why = "evals", "measured"
    with office.at_desk(practice_id) as desk:
        with desk.records.transaction() as repository:
            for rule_id, content in given.rules:
                first = RuleEntry(
                    rule_id=rule_id, number=1, action="proposed", version=1, content=content, by=by, why=why, at=at
                )
                repository.learned.add_entry(practice_id, first)
        for rule_id, content in given.rules:
            role: Role = "coder" if content.change.modifier else "manager"
            accept(desk, rule_id, by=by, why=why, at=at, role=role)


def worse(changed: Iterable[Changed]) -> dict[str, tuple[int, int]]:
    """Count, by rule, the cases it made right and those it made wrong."""
    found: dict[str, tuple[int, int]] = {}
    for case in changed:
        for rule in case.rules:
            better, spoilt = found.get(rule, (0, 0))
            better += case.right_after and not case.right_before
            spoilt += case.right_before and not case.right_after
            found[rule] = (better, spoilt)
    return found


def _changed(practice: str, old: DenialRecord, new: DenialRecord, label: Label) -> Changed:
    names = [item.source.split()[2] for item in new.evidence if item.source.startswith("learned rule ")]
    return Changed(
        practice=practice,
        denial_id=new.denial_id,
        claim_id=new.remit.claim_id,
        rules=tuple(dict.fromkeys(names)),
        before=f"{old.root_cause} / {old.remedy}",
        after=f"{new.root_cause} / {new.remedy}",
        right_before=_right(old, label),
        right_after=_right(new, label),
        lowered=old.route == "review" and new.route != "review",
    )


def _right(record: DenialRecord, label: Label) -> bool:
    cause = record.root_cause in (label.root_cause, *label.alternatives("root_cause"))
    return cause and record.remedy in (label.remedy, *label.alternatives("remedy"))


def _true(practice: str, label: Label, deviations: tuple[Deviation, ...]) -> Label:
    for one in deviations:
        if (one.practice, one.payer_id, one.root_cause) == (practice, label.payer_id, label.root_cause):
            other = {name: value for name, value in label.also_right.items() if name not in ("remedy", "then")}
            return label.model_copy(update={"remedy": one.remedy, "then": one.then, "also_right": other})
    return label


def _control(label: Label) -> str | None:
    return label.line.line_control if label.line else None


def _key(claim_id: str, number: str | None, control: str | None) -> tuple[str, str | None, str | None]:
    return claim_id, number, control
