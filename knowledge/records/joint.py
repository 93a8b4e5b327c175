"""Values of what is approved and sent together: one packet for a series or batch, bound to each member's approval."""

from pydantic import AwareDatetime

from knowledge.records.dispatch import ApprovedFile, Role
from knowledge.types.practice import Frozen


class JointMember(Frozen):
    """A denial that was approved together with others.

    `approval_sha256` is its own approval, which names its own files; `carrier` the denial whose send carries it: itself
    where it goes by its own file.
    """

    denial_id: str
    approval_sha256: str
    carrier: str


class JointApproval(Frozen):
    """Who approved a series or batch as a whole, when, and the one file that goes for all (None = each has its own).

    `sha256` names it: it covers the group, every member's approval and the file. It holds while every member's does.
    """

    sha256: str
    group_id: str
    key: str
    by: str
    role: Role | None
    signed_by: str | None
    reason: str
    at: AwareDatetime
    members: tuple[JointMember, ...]
    file: ApprovedFile | None = None
