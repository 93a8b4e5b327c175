"""Score a practice's records against its labels: join them, then let every scorer judge."""

from collections.abc import Sequence
from pathlib import Path

from evals.exported import Exported
from evals.labels import Label, LabelledPractice
from evals.results import Alarm, CaseResult, Findings, PracticeResult
from evals.scorers.cause import score_cause
from evals.scorers.deadline import PayerRows, read_payer_rows, score_deadline
from evals.scorers.documents import Documents
from evals.scorers.evidence import score_evidence
from evals.scorers.links import score_links
from evals.scorers.matching import FalseAlarm, pair
from evals.scorers.products import score_products
from evals.scorers.remedy import score_remedy
from evals.scorers.route import score_route
from evals.scorers.standing import score_amount, score_status
from evals.scorers.validity import score_validity
from evals.scorers.verdict import Verdict
from evals.split import SplitRule, load_split, part_of
from knowledge.types.record import DenialRecord


def score(
    practice: LabelledPractice,
    exported: Sequence[Exported],
    *,
    home: Path | None = None,
    cpu_seconds: float | None = None,
    rules: tuple[SplitRule, ...] | None = None,
) -> PracticeResult:
    """Score records of one practice. `home` is where the files the records name lie; None = they are not looked at."""
    rules = load_split() if rules is None else rules
    documents, payers = Documents(practice.folder), read_payer_rows(practice.folder)
    readable = [(item, item.record) for item in exported if item.record is not None]
    lines = {id(record): item for item, record in readable}
    pairing = pair(practice, [record for _, record in readable])

    def findings(record: DenialRecord) -> Findings:
        return Findings(
            form=score_validity(lines[id(record)], documents.practice),
            evidence=score_evidence(record, documents),
            products=score_products(record, home) if home is not None else None,
        )

    cases = tuple(
        CaseResult(
            practice=practice.name,
            part=part_of(rules, practice.name, label.payer_id, label.case),
            label=label,
            record=record,
            verdicts=_verdicts(label, record, payers, documents),
            findings=findings(record) if record is not None else None,
        )
        for label, record in pairing.pairs
    )
    alarms = tuple(
        Alarm(practice.name, part_of(rules, practice.name, *_whose(alarm)), alarm, findings(alarm.record))
        for alarm in pairing.false_alarms
    )
    return PracticeResult(
        name=practice.name,
        cases=cases,
        alarms=alarms,
        ambiguous=pairing.ambiguous,
        unreadable=tuple(f"line {item.number}: {item.problem}" for item in exported if item.record is None),
        decoys=len(practice.decoys),
        cpu_seconds=cpu_seconds,
    )


def _verdicts(
    label: Label, record: DenialRecord | None, payers: PayerRows, documents: Documents
) -> tuple[Verdict, ...]:
    return (
        *score_cause(label, record),
        *score_remedy(label, record),
        score_route(label, record),
        score_deadline(label, record, payers),
        *score_links(label, record, documents),
        score_amount(label, record),
        score_status(label, record),
    )


def _whose(alarm: FalseAlarm) -> tuple[str, str]:
    """Return payer and case of a false alarm, as far as they are known, for the split."""
    if alarm.truth is not None:
        return alarm.truth.payer_id, alarm.truth.case
    return alarm.record.remit.payer_id or "", ""
