"""Join records to labels and decoys, one to one, by the remit's own keys; never by cause or remedy."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from evals.labels import Decoy, Label, LabelledPractice
from knowledge.types.record import DenialRecord, RecordLine

_CONTROL, _WHOLE, _CLOSE, _LOOSE = 4, 3, 2, 1
"""How surely a record is the labelled line: by line control or claim level; code, modifiers, date and charge;
code, date and charge; code and date."""


class FalseAlarm(NamedTuple):
    """A record that answers to no label: a decoy taken for a denial, a label recorded twice, or nothing known."""

    kind: Literal["decoy", "duplicate", "stray"]
    record: DenialRecord
    truth: Decoy | None
    says: str


class Pairing(NamedTuple):
    """Every label with its record or None, in the labels' order; and the records left over."""

    pairs: tuple[tuple[Label, DenialRecord | None], ...]
    false_alarms: tuple[FalseAlarm, ...]
    ambiguous: tuple[str, ...]


class _Fit(NamedTuple):
    sureness: int
    truth: int
    record: int


def pair(practice: LabelledPractice, records: Sequence[DenialRecord]) -> Pairing:
    """Join the practice's truth and the records, surest fits first.

    Where several records fit several labels equally well, they are joined in order and named as ambiguous.
    """
    truths: tuple[Decoy, ...] = (*practice.labels, *practice.decoys)
    fits = _fits(truths, records)
    taken: dict[int, int] = {}
    used: set[int] = set()
    ambiguous: list[str] = []
    for fit in sorted(fits, key=lambda f: (-f.sureness, f.truth, f.record)):
        if fit.truth in taken or fit.record in used:
            continue
        rivals = [f for f in fits if f.sureness == fit.sureness and f.record == fit.record and f.truth not in taken]
        if len(rivals) > 1 and fit.sureness != _CONTROL:
            cases = ", ".join(sorted({truths[rival.truth].case for rival in rivals}))
            ambiguous.append(f"{_name(records[fit.record])} fits {len(rivals)} lines equally well: {cases}")
        taken[fit.truth] = fit.record
        used.add(fit.record)
    count = len(practice.labels)
    pairs = tuple((label, records[taken[i]] if i in taken else None) for i, label in enumerate(practice.labels))
    alarms = [FalseAlarm("decoy", records[r], truths[t], truths[t].why) for t, r in sorted(taken.items()) if t >= count]
    alarms += [
        _left_over(record, [f for f in fits if f.record == i], truths)
        for i, record in enumerate(records)
        if i not in used
    ]
    return Pairing(pairs, tuple(alarms), tuple(ambiguous))


def _fits(truths: Sequence[Decoy], records: Sequence[DenialRecord]) -> list[_Fit]:
    by_claim: dict[str, list[int]] = defaultdict(list)
    for place, truth in enumerate(truths):
        by_claim[_id(truth.claim_id)].append(place)
    found = []
    for number, record in enumerate(records):
        for place in by_claim.get(_id(record.remit.claim_id), ()):
            sureness = _sureness(truths[place], record)
            if sureness:
                found.append(_Fit(sureness, place, number))
    return found


def _sureness(truth: Decoy, record: DenialRecord) -> int:
    if not _same_answer(truth, record):
        return 0
    if truth.line is None or record.line is None:
        return _CONTROL if truth.line is None and record.line is None else 0
    mine, theirs = truth.line, record.line
    if mine.line_control and theirs.line_control:
        return _CONTROL if _id(mine.line_control) == _id(theirs.line_control) else 0
    if _id(mine.hcpcs) != _id(theirs.hcpcs or "") or mine.service_date.isoformat() != theirs.service_date:
        return 0
    if _charge(theirs) != mine.charge:
        return _LOOSE
    return _WHOLE if sorted(mine.modifiers) == sorted(theirs.modifiers) else _CLOSE


def _same_answer(truth: Decoy, record: DenialRecord) -> bool:
    """Say whether both speak of the same answer of the payer: remit and, when both know it, its claim number."""
    remit = record.remit
    same_remit = _base(remit.file) in map(_base, truth.remit_files) or _id(remit.trace_number or "") == _id(
        truth.trace_number
    )
    numbers = (truth.payer_claim_number, remit.payer_claim_number)
    return same_remit and (None in numbers or _id(numbers[0] or "") == _id(numbers[1] or ""))


def _left_over(record: DenialRecord, fits: Iterable[_Fit], truths: Sequence[Decoy]) -> FalseAlarm:
    best = max(fits, key=lambda f: f.sureness, default=None)
    if best is not None:
        truth = truths[best.truth]
        return FalseAlarm("duplicate", record, truth, f"case {truth.case} has another record already")
    near = sorted({truth.case for truth in truths if _id(truth.claim_id) == _id(record.remit.claim_id)})
    says = "nothing is known of this claim"
    if near:
        says = f"no line of this claim in this remit answers to it; its cases: {', '.join(near)}"
    return FalseAlarm("stray", record, None, says)


def _charge(line: RecordLine) -> Decimal | None:
    try:
        return Decimal(line.charge)
    except InvalidOperation:
        return None


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _id(value: str) -> str:
    return value.strip().upper()


def _name(record: DenialRecord) -> str:
    line = f" {record.line.hcpcs} of {record.line.service_date}" if record.line else ""
    return f"{record.denial_id} ({record.remit.claim_id}{line})"
