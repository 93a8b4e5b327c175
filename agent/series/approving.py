"""Decide on a series or batch as a whole: each member over its own bytes, and one packet over all of them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent.approving.again import decision_key
from agent.approving.checking import check_approval
from agent.approving.refusal import ApprovalRefused
from agent.desk import Desk
from agent.drafting.make import PDF, write_product
from agent.nodes.stored import stored
from agent.office import Office
from agent.queue import records_of
from agent.ranking import rankings_of
from agent.series.joint_letter import lead_of
from agent.series.members import Standing, group_named, standing_of
from agent.series.packet import NotTogether, joint_packet
from agent.work import Draft
from knowledge.records import Approval, ApprovedFile, JointApproval, JointMember, Review, Role
from knowledge.types.record import DenialRecord

FOLDER = "together"
CLAIMS = frozenset({"corrected_claim", "new_claim"})


def look_at(desk: Desk, named: str) -> Standing:
    """Return a group as it stands.

    Raises:
        UnknownGroup: there is none of this name.
    """
    with rankings_of(desk.records).at(desk.practice_id) as ranking:
        group = group_named(ranking.kinship, named)
    return standing_of(desk, group, tuple(records_of(desk.records, desk.practice_id, group.members)))


def draft_of(desk: Desk, standing: Standing) -> Path:
    """Write the joint packet as a draft for people to read, and return its path below the home.

    Raises:
        NotTogether: the members have no one letter; each has its own files.
    """
    _, packet = joint_packet(desk, standing)
    return Path(_write(desk, standing.group.group_id, "draft.pdf", packet.packet).path)


def approve_together(
    office: Office,
    practice_id: str,
    named: str,
    *,
    by: str,
    reason: str,
    role: Role | None = None,
    signed_by: str | None = None,
) -> JointApproval:
    """Approve every member that goes together, each over its own files, then the one packet for all.

    All members are checked before any is approved. Cut off anywhere, the same call goes on where it was. Members that
    policy released count as approved. Where the members have no one letter (claims, decisions) there is no joint file:
    of several members of one claim the first carries the claim for all.

    Raises:
        UnknownGroup: no such group of open denials.
        ApprovalRefused: a member lacks the role or signature it needs, its files do not hold, or none waits.
        NotTogether: the joint letter does not stand: approve the members one by one.
    """
    with office.at_desk(practice_id) as desk:
        standing = look_at(desk, named)
        if len(standing.together) < 2:
            raise NotTogether("fewer than two members go together: decide on them one by one")
        key = _said(standing, "approve", by, reason)
        waiting = [record for record in standing.together if record.status == "in_review"]
        review = Review(
            key=key, decision="approve", reason=reason, by=by, at=desk.clock(), role=role, signed_by=signed_by
        )
        for record in waiting:
            check_approval(desk, record.denial_id, review)
        _checked(desk, standing, waiting)
        if standing.letters:
            joint_packet(desk, standing, review)
    for name, own in _keys(office, practice_id, key, waiting).items():
        office.review(
            practice_id,
            name,
            key=own,
            decision="approve",
            reason=reason,
            by=by,
            role=role,
            signed_by=signed_by,
        )
    with office.at_desk(practice_id) as desk:
        return joined(desk, standing, review)


def reject_together(office: Office, practice_id: str, named: str, *, by: str, reason: str) -> tuple[DenialRecord, ...]:
    """Reject every member that waits for a person; those that policy released or a person approved stay.

    Raises:
        UnknownGroup: no such group of open denials.
        ApprovalRefused: none of them waits.
    """
    with office.at_desk(practice_id) as desk:
        standing = look_at(desk, named)
    waiting = [record for record in standing.records if record.status == "in_review"]
    if not waiting:
        raise ApprovalRefused(f"no member of {standing.group.group_id} waits for a person")
    keys = _keys(office, practice_id, _said(standing, "reject", by, reason), waiting)
    return tuple(
        office.review(practice_id, name, key=key, decision="reject", reason=reason, by=by) for name, key in keys.items()
    )


def _keys(office: Office, practice_id: str, key: str, waiting: Sequence[DenialRecord]) -> dict[str, str]:
    """Name the decision for each member that waits."""
    with office.records.reading() as repository:
        earlier = {one.denial_id: repository.casework.reviews(practice_id, one.denial_id) for one in waiting}
    return {name: decision_key(f"{key}:{name}", reviews, waiting=True) for name, reviews in earlier.items()}


def _said(standing: Standing, decision: str, by: str, reason: str) -> str:
    """Name a decision on a group: the same by the same person over the same work counts once."""
    work = sorted((record.denial_id, *_made(record)) for record in standing.records)
    says = [standing.group.group_id, decision, by, reason, work]
    return "grp_" + hashlib.sha256(msgspec.json.encode(says)).hexdigest()[:24]


def _made(record: DenialRecord) -> tuple[str, ...]:
    products = record.products
    made = (products.letter, products.packet, products.corrected_claim, products.authorization_request)
    return tuple(file.sha256 if file else "" for file in made)


def _checked(desk: Desk, standing: Standing, waiting: Sequence[DenialRecord]) -> None:
    """Refuse a decision that would change nothing, or over a member that is released but whose files do not hold."""
    asked = {record.denial_id for record in waiting}
    for record in standing.together:
        if record.denial_id not in asked and _live(desk, record.denial_id) is None:
            raise ApprovalRefused(
                f"{record.denial_id} is {record.status.replace('_', ' ')} with no approval to go by: decide on it alone"
            )


def _live(desk: Desk, denial_id: str) -> Approval | None:
    with desk.records.reading() as repository:
        return repository.approvals.live(desk.practice_id, denial_id)


def joined(desk: Desk, standing: Standing, review: Review) -> JointApproval:
    """Make the joint file final and record who approved it, with each member's own approval, which must stand.

    Done again for the same approvals it is the same.

    Raises:
        ApprovalRefused: a member has no approval of its own.
        NotTogether: the joint letter does not stand.
    """
    approvals: dict[str, Approval] = {}
    for record in standing.together:
        live = _live(desk, record.denial_id)
        if live is None:
            raise ApprovalRefused(f"{record.denial_id} could not be approved: the group does not go as one")
        approvals[record.denial_id] = live
    file: ApprovedFile | None = None
    if standing.letters:
        _, packet = joint_packet(desk, standing, review)
        file = _write(desk, standing.group.group_id, f"{standing.group.group_id}.pdf", packet.packet)
    carriers = _carriers(desk, standing, file is not None)
    members = tuple(
        JointMember(denial_id=name, approval_sha256=approvals[name].sha256, carrier=carriers[name])
        for name in sorted(approvals)
    )
    says = [standing.group.group_id, [[m.denial_id, m.approval_sha256, m.carrier] for m in members]]
    sha256 = hashlib.sha256(msgspec.json.encode([*says, file.sha256 if file else ""])).hexdigest()
    joint = JointApproval(
        sha256=sha256,
        group_id=standing.group.group_id,
        key=review.key,
        by=review.by,
        role=review.role,
        signed_by=review.signed_by,
        reason=review.reason,
        at=review.at,
        members=members,
        file=file,
    )
    with desk.records.transaction() as repository:
        repository.joint.save(desk.practice_id, joint)
    return joint


def _carriers(desk: Desk, standing: Standing, one_file: bool) -> dict[str, str]:
    """Say whose send carries each member: the lead's for one packet, else its own.

    Of several denials of one claim, one is carried where another's corrected claim makes all its changes too: two
    replacements of one claim would undo each other.
    """
    names = [record.denial_id for record in standing.together]
    if one_file:
        lead = lead_of(standing.letters).denial_id
        return dict.fromkeys(names, lead)
    own = {name: name for name in names}
    if standing.group.remedy not in CLAIMS:
        return own
    changes = {name: _changes(desk, name) for name in names}
    claims: dict[tuple[str, str | None], list[str]] = {}
    for record in standing.together:
        claims.setdefault((record.remit.claim_id, record.remit.payer_claim_number), []).append(record.denial_id)
    for held in claims.values():
        fullest = min(held, key=lambda name: (-len(changes[name]), name))
        own |= {name: fullest for name in held if changes[name] <= changes[fullest]}
    return own


def _changes(desk: Desk, denial_id: str) -> frozenset[tuple[str, ...]]:
    """Return what a denial's corrected claim changes, place by place."""
    rows = stored(desk, denial_id, "draft", Draft).changes
    return frozenset((r.loop, r.segment, r.element, r.before or "", r.after or "") for r in rows if r.part == "claim")


def _write(desk: Desk, group_id: str, name: str, content: bytes) -> ApprovedFile:
    made = write_product(desk, Path(FOLDER) / group_id / name, "packet", content, PDF)
    return ApprovedFile.model_validate(made.model_dump())
