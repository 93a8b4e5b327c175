"""How a denied line was joined to the practice's own records."""

from knowledge.types.practice import Frozen


class Link(Frozen):
    """A joined record: its identity, and the rule that joined it ("REF*6R equals 2400 REF*6R")."""

    value: str
    rule: str


class Links(Frozen):
    """The joined records of one denial. `ambiguous` says where several fitted equally and none was chosen."""

    claim_file: Link | None = None
    claim_line: Link | None = None
    auth_number: Link | None = None
    chart: Link | None = None
    policy_id: Link | None = None
    ambiguous: tuple[tuple[str, str], ...] = ()
