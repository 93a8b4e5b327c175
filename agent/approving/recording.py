"""Record an approval: final files on disk first, then, in one transaction, whatever names them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent.approving.authority import levels_named, needed
from agent.approving.final import FOLDER, final_copy
from agent.approving.letter_subjects import letter_subjects
from agent.approving.records_print import records_print
from agent.approving.refusal import ApprovalRefused
from agent.approving.signing import needs_physician
from agent.desk import Desk
from agent.drafting.make import write_product
from agent.nodes.stored import stored
from agent.work import Draft, MadeFile
from knowledge.records import POLICY, Approval, ApprovedFile, Review
from knowledge.types.record import DenialRecord


def approve(desk: Desk, denial_id: str, record: DenialRecord, review: Review | None) -> Approval | None:
    """Make the final copy and return the approval that names it, to be stored; `review` None = by policy.

    By policy nothing is approved that makes no file, needs a physician's signature, or whose final copy does not
    stand: such a denial stays worked, and waits outside of the outbox. Made twice, it is the same files and approval.

    Raises:
        ApprovalRefused: a person approved what cannot be made final.
    """
    if review is None and _for_people_alone(desk, denial_id, record.remedy):
        return None
    try:
        files = final_copy(desk, denial_id, review)
    except ApprovalRefused:
        if review is None:
            return None
        raise
    if review is None and not files:
        return None
    written = [
        write_product(desk, Path(denial_id) / FOLDER / file.name, file.kind, file.content, file.media_type)
        for file in files
    ]
    clear_final(desk, denial_id, keep=frozenset(Path(file.path).name for file in written))
    return _approval(desk, denial_id, record, review, written)


def _for_people_alone(desk: Desk, denial_id: str, remedy: str) -> bool:
    """Tell whether the remedy or the letter is for a named role or signature: policy has neither."""
    content = stored(desk, denial_id, "draft", Draft).letter
    subjects = tuple(letter_subjects(content, desk.casebook.case(denial_id).payer, levels_named()))
    return needs_physician(content) or bool(needed(remedy, (), subjects))


def clear_final(desk: Desk, denial_id: str, keep: frozenset[str] = frozenset()) -> None:
    """Take final copies off the disk that no approval names any more: nobody shall send them by hand."""
    folder = desk.home / "products" / desk.practice_id / denial_id / FOLDER
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name not in keep:
            path.unlink(missing_ok=True)
    if not keep:
        folder.rmdir()


def _approval(
    desk: Desk, denial_id: str, record: DenialRecord, review: Review | None, written: Sequence[MadeFile]
) -> Approval:
    rests_on = records_print(desk.casebook.case(denial_id))
    key = review.key if review else f"{POLICY}:{rests_on[:16]}"
    by = review.by if review else POLICY
    role, signed_by = (review.role, review.signed_by) if review else (None, None)
    says = {
        "practice": desk.practice_id,
        "denial": denial_id,
        "remedy": record.remedy,
        "key": key,
        "by": by,
        "role": role,
        "signed_by": signed_by,
        "files": [[file.kind, file.sha256] for file in written],
    }
    return Approval(
        sha256=hashlib.sha256(msgspec.json.encode(says, order="sorted")).hexdigest(),
        key=key,
        remedy=record.remedy,
        by=by,
        role=role,
        signed_by=signed_by,
        at=review.at if review else desk.clock(),
        case_print=rests_on,
        files=tuple(ApprovedFile.model_validate(file.model_dump()) for file in written),
    )
