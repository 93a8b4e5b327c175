"""How well denials are foreseen: every claim of the labelled practices checked as if it had not been sent yet.

Answers of payers count only as far as they were there when the claim was made, so that nothing is read from the remit
that denied it. The cause that leads a line's warnings is the prediction.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from agent.casebook import Casebook
from agent.prevention.found import CheckedLine
from agent.prevention.opening import folder_checked
from evals.labels import Decoy, Label, LabelledPractice, load_practices
from evals.split import SplitRule, load_split
from evals.suites import SuiteReport
from knowledge.causes import Catalogue, load_catalogue
from knowledge.types.claim import ClaimLine, SubmittedClaim
from tools.denials.identity import squeeze

__all__ = ["PRECISION", "RECALL", "Judged", "development", "judge", "report", "run"]

PRECISION, RECALL = 0.9, 0.8
"""The bars: the share of warnings that come true for the reason given; the share of foreseeable denials warned of."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One answered line: what was predicted (None = nothing), and what the label says (None = it was paid).

    `visible` says that the label's cause is one a practice's own records show before sending; `later` that the warning
    rests on eligibility which the practice verified only after the claim was made.
    """

    practice: str
    case: str
    claim_id: str
    hcpcs: str
    predicted: str | None
    label: str | None
    accepted: frozenset[str]
    visible: bool
    family: str
    later: bool = False

    @property
    def right(self) -> bool:
        """Whether the warning came true for the cause it gave, or another a careful biller could defend."""
        return self.predicted is not None and self.predicted in self.accepted


def run() -> SuiteReport:
    """Check the claims of the development practices and hold every warning against what became of the line."""
    catalogue, rules = load_catalogue(), load_split()
    judged: list[Judged] = []
    # No clock is needed: every claim is checked as of the day it was made.
    started = datetime(2026, 1, 1, tzinfo=UTC)
    for name in development(rules):
        (practice,) = load_practices(names=(name,))
        with tempfile.TemporaryDirectory() as home:
            found = folder_checked(practice.folder, Path(home), lambda: started)
            judged += judge(practice, found.lines, found.casebook, catalogue)
    return report(judged)


def development(rules: Sequence[SplitRule]) -> tuple[str, ...]:
    """Name the practices that are development as a whole; one of which a part is test is left alone."""
    whole = [rule for rule in rules if (rule.payer, rule.case) == ("*", "*") and "*" not in rule.practice]
    return tuple(rule.practice for rule in whole if rule.part == "development")


def judge(
    practice: LabelledPractice, lines: Iterable[CheckedLine], casebook: Casebook, catalogue: Catalogue
) -> Iterator[Judged]:
    """Join each answered line to its check; lines that no label or decoy speaks of are not judged."""
    checked = {(line.file, line.segment): line for line in lines}
    finder = _Finder(casebook)
    seen: set[tuple[str, int]] = set()
    for answered in (*practice.labels, *practice.decoys):
        for claim, line in finder.lines(answered):
            place = (claim.file, line.place.segment)
            if place in seen or place not in checked:
                continue
            seen.add(place)
            yield _judged(practice.name, answered, checked[place], catalogue)


def _judged(practice: str, answered: Decoy, line: CheckedLine, catalogue: Catalogue) -> Judged:
    leading = line.warnings[0].cause if line.warnings else None
    cause, accepted = None, frozenset[str]()
    if isinstance(answered, Label):
        cause = answered.root_cause
        accepted = frozenset({cause, *(c for c in answered.alternatives("root_cause") if c is not None)})
    before = {item.id for item in catalogue.causes if item.before_sending}
    return Judged(
        practice=practice,
        case=answered.case,
        claim_id=line.claim_id,
        hcpcs=line.hcpcs,
        predicted=leading,
        label=cause,
        accepted=accepted,
        visible=bool(accepted & before),
        family=answered.category if isinstance(answered, Label) else "paid",
        later=bool(line.warnings) and line.warnings[0].later,
    )


class _Finder:
    """Finds the claim lines, as they were sent, that a label or a decoy is about."""

    def __init__(self, casebook: Casebook) -> None:
        inputs = casebook.inputs
        self._claims: dict[str, list[SubmittedClaim]] = {}
        for claim in inputs.claims:
            self._claims.setdefault(squeeze(claim.claim_id), []).append(claim)
        self._paid_on: dict[str, date] = {}
        for delivery in inputs.deliveries:
            on = delivery.header.paid_on or delivery.header.produced_on
            if on is not None:
                self._paid_on.setdefault(Path(delivery.header.file).name, on)

    def lines(self, answered: Decoy) -> Iterator[tuple[SubmittedClaim, ClaimLine]]:
        """Give the line of the version that was answered; every line of it where the answer is about the claim."""
        claim = self._version(answered)
        if claim is None:
            return
        for line in claim.lines:
            if answered.line is None or _is(line, answered):
                yield claim, line

    def _version(self, answered: Decoy) -> SubmittedClaim | None:
        """Choose the version the remit answered: the last one made by then that does not replace this very answer."""
        held = self._claims.get(squeeze(answered.claim_id), [])
        days = [self._paid_on[Path(name).name] for name in answered.remit_files if Path(name).name in self._paid_on]
        by = min(days, default=date.max)
        fitting = [
            claim
            for claim in held
            if (claim.submitted_on or date.min) <= by
            and not (claim.original_reference and claim.original_reference == answered.payer_claim_number)
            and (answered.line is None or any(_is(line, answered) for line in claim.lines))
        ]
        return max(fitting, key=lambda claim: claim.submitted_on or date.min, default=None)


def _is(line: ClaimLine, answered: Decoy) -> bool:
    wanted = answered.line
    if wanted is None:
        return True
    same = (line.hcpcs, line.start_date) == (wanted.hcpcs, wanted.service_date)
    if wanted.line_control and line.line_control:
        return line.line_control == wanted.line_control
    return same and line.modifiers == wanted.modifiers and line.charge == wanted.charge


def report(judged: Sequence[Judged]) -> SuiteReport:
    """Count: tried = lines judged; failed = warnings that did not come true so, and foreseeable denials not warned of.

    Below a bar, that is said first. The figures are shares and counts, over all and by family of the label.
    """
    warned = [item for item in judged if item.predicted is not None]
    visible = [item for item in judged if item.visible]
    wrong = [item for item in warned if not item.right]
    missed = [item for item in visible if not item.right]
    figures = {
        **_shares("", warned, visible),
        "warned": float(len(warned)),
        "warned_right": float(sum(item.right for item in warned)),
        "visible": float(len(visible)),
        "visible_warned_right": float(sum(item.right for item in visible)),
        "denied": float(sum(item.label is not None for item in judged)),
        "paid": float(sum(item.label is None for item in judged)),
        "right_on_later_eligibility": float(sum(item.right and item.later for item in judged)),
    }
    families = {cause.id: cause.category for cause in load_catalogue().causes}
    for family in sorted({item.family for item in visible} | {families[item.predicted or ""] for item in warned}):
        of_label = [item for item in visible if item.family == family]
        of_warning = [item for item in warned if families[item.predicted or ""] == family]
        figures |= _shares(f"{family}.", of_warning, of_label)
        figures |= {f"{family}.visible": float(len(of_label)), f"{family}.warned": float(len(of_warning))}
    below = [
        f"{name} {value:.4f} is below {bar}"
        for name, bar in (("precision", PRECISION), ("recall", RECALL))
        if (value := figures.get(name, 0.0)) < bar
    ]
    failures = (*below, *(_said(item, "warned wrongly") for item in wrong))
    failures += tuple(_said(item, "not warned of") for item in missed if item.predicted is None)
    return SuiteReport(tried=len(judged), failed=len(below), failures=failures, figures=figures)


def _shares(prefix: str, warned: Sequence[Judged], visible: Sequence[Judged]) -> dict[str, float]:
    found = {}
    if warned:
        found[f"{prefix}precision"] = sum(item.right for item in warned) / len(warned)
    if visible:
        found[f"{prefix}recall"] = sum(item.right for item in visible) / len(visible)
    return found


def _said(item: Judged, what: str) -> str:
    became = f"denied for {item.label}" if item.label else "paid"
    foreseen = item.predicted or "nothing"
    return f"{item.practice} {item.case} {item.claim_id} {item.hcpcs}: {what}: {foreseen} foreseen, {became}"
