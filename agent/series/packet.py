"""The one packet of a series: composed, built, verified as data and as printed."""

from agent.approving.signing import signed_letter
from agent.desk import Desk
from agent.series.joint_letter import JointLetter, joint_letter
from agent.series.members import Standing
from knowledge.records import POLICY, Review
from tools.packet.packet import Packet, build_packet
from tools.packet.rendered import verify_rendered
from tools.packet.typesetting import TypesettingError
from tools.packet.verification import Unsupported
from tools.packet.verification import verify as unsupported_in


class NotTogether(ValueError):
    """The members cannot go in one packet; each still has its own. The message says why."""


def joint_packet(desk: Desk, standing: Standing, review: Review | None = None) -> tuple[JointLetter, Packet]:
    """Return letter and packet for all members that go together; a draft without a `review`, signed with one.

    A review by policy has it released without a signature, as each member's own letter was.

    Raises:
        NotTogether: fewer than two have a letter, or the joint one does not stand by its evidence.
        ApprovalRefused: the signature it needs was not given.
    """
    if len(standing.letters) < 2:
        raise NotTogether("one letter for all needs two members whose own letters are made and alike")
    made = joint_letter(standing.letters)
    content = made.content
    if review is not None:
        content = signed_letter(content, desk.practice, None if review.by == POLICY else review)
    made = JointLetter(content, made.evidence, made.exhibits, made.facts)
    try:
        packet = build_packet(content, made.exhibits, made.evidence)
    except TypesettingError as fault:
        raise NotTogether(f"the joint packet cannot be laid out: {fault}") from fault
    faults = faults_of(made, packet)
    if faults:
        raise NotTogether(f"the joint letter does not stand by its evidence ({faults[0].where}: {faults[0].says})")
    return made, packet


def faults_of(made: JointLetter, packet: Packet) -> tuple[Unsupported, ...]:
    """Hold a joint letter against its evidence: each member's own administrative facts may be used in its words."""
    whole = made.content.model_copy(update={"facts": made.facts})
    printed = verify_rendered(packet.letter, made.content, made.evidence)
    return (*unsupported_in(whole, made.evidence, made.facts), *printed)
