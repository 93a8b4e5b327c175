"""Other denials of the same claim: a replacement replaces all of it, so what is sure of them goes into one file.

Two replacements sent one after the other undo each other: the second carries what the first had put right as it was
first sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from agent.desk import Desk
from agent.diagnosis.diagnose import diagnose
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.corrections import changes_for, dose_units
from knowledge.types.corrections import ClaimChange, CorrectionMode
from knowledge.types.denial import Denial
from knowledge.types.diagnosis import Remedy


@dataclass(frozen=True, slots=True)
class Siblings:
    """What the claim's other denials add: changes, the units that prove them (by LX01), what is left to a person."""

    changes: tuple[ClaimChange, ...] = ()
    dose_units: Mapping[str, Decimal] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def of_claim(desk: Desk, denial: Denial, mode: CorrectionMode, remedies: frozenset[Remedy]) -> Siblings:
    """Return what is sure of the open denials of the same answer; a draft only a person may send is told, not made."""
    changes: list[ClaimChange] = []
    units: dict[str, Decimal] = {}
    notes: list[str] = []
    for other in sorted(desk.casebook.denials.values(), key=lambda found: found.denial_id):
        if other.denial_id == denial.denial_id or not _same_answer(other, denial) or other.outcome != "open":
            continue
        q = Inquiry(desk.casebook.case(other.denial_id), desk.codes, desk.as_of)
        found = diagnose(q, desk.catalogue)
        if found.root_cause == "unknown" or found.remedy not in remedies:
            continue
        what = f"{(other.line.hcpcs if other.line else '') or 'the claim'} is denied too ({found.root_cause})"
        if found.review_reasons:
            notes.append(f"{what}: what a person decides of it goes into the same file")
            continue
        try:
            made = changes_for(CorrectionCase(q, found, mode))
        except NotCorrectable as fault:
            notes.append(f"{what}: {fault}")
            continue
        changes += [change.model_copy(update={"evidence": ()}) for change in made]
        units |= dose_units(q, made)
    return Siblings(changes=tuple(changes), dose_units=units, notes=tuple(notes))


def carrier(desk: Desk, denial: Denial, remedy: Remedy) -> str | None:
    """Return the denial whose file carries the claim for all lines denied alike; None when it is this one.

    A claim goes once, however many of its lines were denied: with the first of them that has the remedy.
    """
    for other in sorted(desk.casebook.denials.values(), key=_place):
        if other.denial_id == denial.denial_id or _place(other) >= _place(denial):
            continue
        if _same_answer(other, denial) and other.outcome == "open":
            found = diagnose(Inquiry(desk.casebook.case(other.denial_id), desk.codes, desk.as_of), desk.catalogue)
            if found.remedy == remedy:
                return other.denial_id
    return None


def _place(denial: Denial) -> tuple[int, str]:
    return (denial.line.position if denial.line is not None else 0, denial.denial_id)


def _same_answer(other: Denial, denial: Denial) -> bool:
    mine, theirs = denial.remit, other.remit
    return (theirs.claim_id, theirs.payer_claim_number) == (mine.claim_id, mine.payer_claim_number)


def together(own: tuple[ClaimChange, ...], others: tuple[ClaimChange, ...]) -> tuple[ClaimChange, ...]:
    """Return all changes, each place once: what stands for a place goes before what comes later."""
    kept: dict[tuple[str, str, str], ClaimChange] = {}
    for change in (*own, *others):
        key = (change.kind, getattr(change, "line", None) or "", getattr(change, "role", ""))
        kept.setdefault(key, change)
    return tuple(kept.values())
