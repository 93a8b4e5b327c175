"""Approve several denials that are not one group: all are checked before any is approved."""

import hashlib
from collections.abc import Sequence

import msgspec

from agent.approving.again import decision_key
from agent.approving.checking import check_approval
from agent.approving.refusal import ApprovalRefused
from agent.office import Office
from knowledge.records import Review, Role, UnknownDenial
from knowledge.types.record import DenialRecord


def approve_several(
    office: Office, practice_id: str, denial_ids: Sequence[str], *, by: str, reason: str, role: Role | None
) -> tuple[DenialRecord, ...]:
    """Approve each over its own files. Cut off anywhere, the same call goes on where it was.

    Raises:
        UnknownDenial: one is none of the practice's, or has not been worked.
        ApprovalRefused: one does not wait for a person, lacks the role or signature it needs, or its files do not
            hold; none was approved, and the message names the first.
    """
    wanted = tuple(dict.fromkeys(denial_ids))
    records = []
    for denial_id in wanted:
        record = office.record(practice_id, denial_id)
        if record is None:
            raise UnknownDenial(f"practice {practice_id} has no denial {denial_id}, or it has not been worked yet")
        records.append(record)
    keys, taken = dict[str, str](), set[str]()
    with office.records.reading() as repository:
        for record in records:
            name, earlier = record.denial_id, repository.casework.reviews(practice_id, record.denial_id)
            keys[name] = decision_key(_said(record, by, reason), earlier, waiting=record.status == "in_review")
            if any(review.key == keys[name] for review in earlier):
                taken.add(name)
    with office.at_desk(practice_id) as desk:
        for record in records:
            if record.denial_id in taken:
                continue
            if record.status != "in_review":
                raise ApprovalRefused(f"{record.denial_id} is {record.status.replace('_', ' ')}: it waits for nobody")
            key = keys[record.denial_id]
            review = Review(key=key, decision="approve", reason=reason, by=by, at=desk.clock(), role=role)
            try:
                check_approval(desk, record.denial_id, review)
            except ApprovalRefused as refused:
                raise ApprovalRefused(f"{record.denial_id} ({record.remit.claim_id}): {refused}") from refused
    return tuple(
        office.review(practice_id, name, key=keys[name], decision="approve", reason=reason, by=by, role=role)
        for name in wanted
    )


def _said(record: DenialRecord, by: str, reason: str) -> str:
    made = [file.sha256 for _, file in record.products if file is not None]
    says = [record.denial_id, by, reason, made]
    return "sev_" + hashlib.sha256(msgspec.json.encode(says)).hexdigest()[:24]
