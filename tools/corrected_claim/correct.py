"""Make a submit-ready 837P of one claim from the file it was sent in and a list of changes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from knowledge.types.corrections import (
    Change,
    ChargeRule,
    ClaimChange,
    ControlNumbers,
    CorrectedClaim,
    CorrectionMode,
    SetOriginal,
)
from knowledge.types.practice import Payer
from tools.corrected_claim.changes import apply_changes
from tools.corrected_claim.charges import sum_again
from tools.corrected_claim.draft import Draft
from tools.corrected_claim.envelope import write_file
from tools.corrected_claim.frequency import check_payer, set_frequency
from tools.corrected_claim.source import find_claim

_SUM = Change(why="The claim's total is the sum of its lines")


def correct_claim(
    data: bytes,
    file: str,
    claim_id: str,
    mode: CorrectionMode,
    payer_claim_number: str,
    changes: Sequence[ClaimChange],
    control: ControlNumbers,
    charge_rule: ChargeRule = "unit_price",
    dose_units: Mapping[str, Decimal] | None = None,
    payer: Payer | None = None,
    for_review: bool = False,
) -> CorrectedClaim:
    """Return the corrected claim: a file with that claim alone, its difference, and what to look at.

    `data` are the bytes of the 837P the claim was sent in, `claim_id` its CLM01, `payer_claim_number` CLP07
    of the remit (not used for a new claim). `dose_units` are the billing units proven by what was done, by
    LX01 as sent: those of the dose given, of what was discarded for a JW line, of the infusion's time. Units
    change to these and to nothing else, so no claim is ever fitted to an authorization. `payer` lets a file
    the payer would not take be refused. `for_review` makes a draft: what only a person may decide (diagnoses, some
    modifiers) is then written as proposed, with a finding `person-decides`; else it is refused.

    Everything not changed stays byte for byte, in the delimiters of the original. Raises CorrectionRefused
    for anything that would not be right; nothing is half done.
    """
    source = find_claim(data, file, claim_id)
    draft = Draft.of(source, for_review)
    _check_purpose(draft, mode, changes)
    check_payer(draft, mode, payer)
    sent_total = sum((draft.amount(line.service, 2, line.loop) for line in draft.lines), Decimal(0))
    original = next((change for change in changes if isinstance(change, SetOriginal)), None)
    set_frequency(draft, mode, payer_claim_number, original)
    made = len(draft.rows) if original is None else 0
    apply_changes(draft, changes, charge_rule, dose_units or {})
    if mode == "replacement" and len(draft.rows) == made:
        what = "none of the changes changes anything: the claim already says all of it"
        raise draft.refusal("nothing-to-correct", what, "a replacement of itself would be denied as a duplicate")
    sum_again(draft, sent_total, _SUM)
    claim = [*draft.head, *(segment for line in draft.lines for segment in line.segments)]
    edi, envelope_rows = write_file(source, draft.levels, claim, control)
    return CorrectedClaim(
        claim_id=claim_id,
        mode=mode,
        edi=edi,
        diff=(*draft.rows, *envelope_rows),
        findings=tuple(draft.findings),
    )


def _check_purpose(draft: Draft, mode: CorrectionMode, changes: Sequence[ClaimChange]) -> None:
    if mode != "replacement" and any(isinstance(change, SetOriginal) for change in changes):
        what = f"a {mode} claim names no original it replaces"
        raise draft.refusal("replaces-nothing", what, "replace instead, or leave the original out")
    if mode == "void" and changes:
        what = f"a void takes the claim back as it was sent, but {len(changes)} changes were given"
        raise draft.refusal("void-with-changes", what, "void without changes, or replace instead")
    if mode == "replacement" and not changes:
        what = "a replacement without a change"
        raise draft.refusal("nothing-to-correct", what, "say what to change: it would be denied as a duplicate")
