"""What a run of the suite came to: every labelled case with its verdicts, and the records that answer to none."""

from dataclasses import dataclass

from evals.labels import Label
from evals.scorers.evidence import Checked
from evals.scorers.matching import FalseAlarm
from evals.scorers.verdict import Verdict
from evals.split import Part
from knowledge.types.record import DenialRecord


@dataclass(frozen=True)
class Findings:
    """What was found about a record by itself. `products` is None where the files are not at hand."""

    form: tuple[str, ...]
    evidence: tuple[Checked, ...]
    products: tuple[str, ...] | None

    def problems(self) -> tuple[str, ...]:
        """List everything that is wrong, in words."""
        cited = tuple(check.problem for check in self.evidence if False in (check.source, check.quote, check.says))
        return (*self.form, *cited, *(self.products or ()))


@dataclass(frozen=True)
class CaseResult:
    """A labelled denial, the record that answers to it or None, and a verdict a field."""

    practice: str
    part: Part
    label: Label
    record: DenialRecord | None
    verdicts: tuple[Verdict, ...]
    findings: Findings | None

    def right(self, field: str, *, lenient: bool) -> bool:
        """Say whether a field is right; KeyError when it was not judged."""
        verdict = next((verdict for verdict in self.verdicts if verdict.field == field), None)
        if verdict is None:
            raise KeyError(f"{field} was not judged")
        return verdict.lenient if lenient else verdict.strict

    def solved(self, *, lenient: bool) -> bool:
        """Say whether cause and remedy are both right."""
        return self.right("root_cause", lenient=lenient) and self.right("remedy", lenient=lenient)

    @property
    def key(self) -> str:
        """Name the case and its line, unlike any other of the suite."""
        line = self.label.line
        which = f"{line.hcpcs} {line.line_control or line.charge}" if line else "claim"
        return f"{self.practice}/{self.label.case}/{self.label.claim_id}/{which}/{self.label.trace_number}"

    @property
    def wrong(self) -> bool:
        """Say whether anything is wrong, alternatives taken into account."""
        return not all(verdict.lenient for verdict in self.verdicts) or bool(self.findings and self.findings.problems())


@dataclass(frozen=True)
class Alarm:
    """A record that answers to no label, in its part of the suite."""

    practice: str
    part: Part
    alarm: FalseAlarm
    findings: Findings


@dataclass(frozen=True)
class PracticeResult:
    """One practice worked and scored. `unreadable` are exported lines that are no denial records.

    `cpu_seconds` is the processor time of working the folder, intake and files included; None where records were
    only scored.
    """

    name: str
    cases: tuple[CaseResult, ...]
    alarms: tuple[Alarm, ...]
    ambiguous: tuple[str, ...]
    unreadable: tuple[str, ...]
    decoys: int
    cpu_seconds: float | None


@dataclass(frozen=True)
class SuiteResult:
    """All practices of a run, by name."""

    practices: tuple[PracticeResult, ...]

    def cases(self, part: Part | None = None) -> tuple[CaseResult, ...]:
        """Give the cases of a part, or all."""
        found = (case for practice in self.practices for case in practice.cases)
        return tuple(case for case in found if part in (None, case.part))

    def alarms(self, part: Part | None = None) -> tuple[Alarm, ...]:
        """Give the false alarms of a part, or all."""
        found = (alarm for practice in self.practices for alarm in practice.alarms)
        return tuple(alarm for alarm in found if part in (None, alarm.part))

    def unreadable(self) -> int:
        """Count exported lines that are no denial records."""
        return sum(len(practice.unreadable) for practice in self.practices)

    def parts(self) -> tuple[Part, ...]:
        """Name the parts that have cases or false alarms, test first."""
        order: tuple[Part, ...] = ("test", "development")
        return tuple(part for part in order if self.cases(part) or self.alarms(part))
