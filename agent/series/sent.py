"""Which denials a send of the ledger carries: its own, and those that were approved to go with it."""

from collections.abc import Iterable, Sequence

from knowledge.records import JointApproval, Outgoing, Repository

Carried = tuple[tuple[str, str], ...]
"""Denials, each with its own approval."""


def members_sent(repository: Repository, practice_id: str, denial_id: str, approval_sha256: str) -> Carried:
    """Return every denial a send carries, each with its own approval: the denial itself first."""
    return _carried(repository, practice_id, denial_id, approval_sha256, repository.joint.all(practice_id))


def sends_by_denial(repository: Repository, practice_id: str) -> dict[str, tuple[Outgoing, ...]]:
    """Return every denial's sends, oldest first: also those by which another's packet carried it, as its own."""
    return _by_denial(repository, practice_id, repository.outbox.all(practice_id), repository.joint.all(practice_id))


def sends_of(
    repository: Repository, practice_id: str, denial_id: str, joints: Sequence[JointApproval]
) -> tuple[Outgoing, ...]:
    """Return one denial's sends, as `sends_by_denial` does; `joints` are all of the practice's joint approvals."""
    carriers = {m.carrier for one in joints for m in one.members if m.denial_id == denial_id} | {denial_id}
    sends = [one for carrier in carriers for one in repository.outbox.of(practice_id, carrier)]
    sends.sort(key=lambda one: (one.queued_at, one.key))
    return _by_denial(repository, practice_id, sends, joints).get(denial_id, ())


def sent_at_all(repository: Repository, practice_id: str, joints: Iterable[JointApproval]) -> frozenset[str]:
    """Return the denials that have a send of their own, or were approved to go with another."""
    members = (m.denial_id for one in joints for m in one.members)
    return frozenset((*repository.outbox.denial_ids(practice_id), *members))


def _by_denial(
    repository: Repository, practice_id: str, sends: Iterable[Outgoing], joints: Sequence[JointApproval]
) -> dict[str, tuple[Outgoing, ...]]:
    found: dict[str, list[Outgoing]] = {}
    for one in sends:
        for denial_id, approval in _carried(repository, practice_id, one.denial_id, one.approval_sha256, joints):
            own = {"denial_id": denial_id, "approval_sha256": approval}
            found.setdefault(denial_id, []).append(one.model_copy(update=own))
    return {denial_id: tuple(held) for denial_id, held in found.items()}


def _carried(
    repository: Repository, practice_id: str, denial_id: str, approval_sha256: str, joints: Sequence[JointApproval]
) -> Carried:
    joint = next((one for one in joints if one.sha256 == approval_sha256), None)
    if joint is None and any(_names(one, denial_id, approval_sha256) for one in joints):
        joint = repository.joint.holding(practice_id, denial_id, approval_sha256)
    if joint is None or (joint.file is not None and joint.sha256 != approval_sha256):
        return ((denial_id, approval_sha256),)
    carried = [(m.denial_id, m.approval_sha256) for m in joint.members if m.carrier == denial_id]
    return tuple(sorted(carried, key=lambda member: (member[0] != denial_id, member[0])))


def _names(joint: JointApproval, denial_id: str, approval_sha256: str) -> bool:
    return any((m.denial_id, m.approval_sha256) == (denial_id, approval_sha256) for m in joint.members)
