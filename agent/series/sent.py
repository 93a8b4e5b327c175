"""Which denials a send of the ledger carries: its own, and those that were approved to go with it."""

from knowledge.records import Outgoing, Repository


def members_sent(
    repository: Repository, practice_id: str, denial_id: str, approval_sha256: str
) -> tuple[tuple[str, str], ...]:
    """Return every denial a send carries, each with its own approval: the denial itself first."""
    joint = next((one for one in repository.joint.all(practice_id) if one.sha256 == approval_sha256), None)
    joint = joint or repository.joint.holding(practice_id, denial_id, approval_sha256)
    if joint is None or (joint.file is not None and joint.sha256 != approval_sha256):
        return ((denial_id, approval_sha256),)
    carried = [(m.denial_id, m.approval_sha256) for m in joint.members if m.carrier == denial_id]
    return tuple(sorted(carried, key=lambda member: (member[0] != denial_id, member[0])))


def sends_by_denial(repository: Repository, practice_id: str) -> dict[str, tuple[Outgoing, ...]]:
    """Return every denial's sends, oldest first: also those by which another's packet carried it, as its own."""
    found: dict[str, list[Outgoing]] = {}
    for one in repository.outbox.all(practice_id):
        for denial_id, approval in members_sent(repository, practice_id, one.denial_id, one.approval_sha256):
            own = {"denial_id": denial_id, "approval_sha256": approval}
            found.setdefault(denial_id, []).append(one.model_copy(update=own))
    return {denial_id: tuple(held) for denial_id, held in found.items()}
