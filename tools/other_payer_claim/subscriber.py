"""Put the patient's other coverage where the first plan's stood: loops 2000B, 2010BA and 2010BB."""

from knowledge.types.corrections import Change
from tools.corrected_claim.draft import Draft, element, same_case
from tools.corrected_claim.order import Segment
from tools.other_payer_claim.plan import OtherPlan

_OF_THE_PERSON = ("N3", "N4", "DMG")
_ASK = "make the claim in the system that billed it"


def set_subscriber(draft: Draft, plan: OtherPlan, change: Change) -> None:
    """Name the patient as the plan's own member, and the plan as payer.

    A patient with a member id of their own stands as subscriber (guide, 2000B): a level for a dependent goes, and the
    person's address and birth date stand with the subscriber. Raises CorrectionRefused when they are not on the claim.
    """
    level, loop = draft.levels[1], "2000B"
    person = [segment for segment in draft.levels[-1] if segment[0] in _OF_THE_PERSON]
    insured = _named(draft, level, "IL")
    payer = _named(draft, level, "PR")
    subscriber = _named_or_none(draft.levels[-1], "QC") or insured
    # The address of a 2010BB is the payer's: the person's come before it.
    if len(draft.levels) < 3:
        person = [segment for segment in level[: _at(level, payer)] if segment[0] in _OF_THE_PERSON]
    if {segment[0] for segment in person} != set(_OF_THE_PERSON):
        what = "the claim does not say where the patient lives and when they were born (N3, N4, DMG)"
        raise draft.refusal("person-incomplete", what, _ASK, "2010BA")
    sent_case = element(subscriber, 3)
    middle, suffix = element(subscriber, 5), element(subscriber, 7)
    made: list[Segment] = [_subscriber_information(plan)]
    weight = _of_the_body(draft)
    made += [weight] if weight else []
    last, first = same_case(sent_case, plan.last), same_case(sent_case, plan.first)
    made.append(["NM1", "IL", "1", last, first, middle, "", suffix, "MI", plan.member_id])
    made += [list(segment) for segment in person]
    made.append(["NM1", "PR", "2", same_case(element(payer, 3), plan.name), "", "", "", "", "PI", plan.payer_id])
    dependents = draft.levels[2:]
    sent = level[1:]
    for segment in [one for one in sent if one not in made]:
        draft.take_out(loop, level, segment, change)
    for dependent in dependents:
        for segment in dependent[1:]:
            draft.take_out("2000C", dependent, segment, change)
    for segment in [one for one in made if one not in sent]:
        draft.insert(loop, level, segment, change, at=len(level))
    level[1:] = made
    del draft.levels[2:]
    if dependents:
        says = (
            f"The patient was billed as a dependent of the first plan's member and stands here as a member of "
            f"{plan.name}: see that {plan.member_id} is the patient's own id"
        )
        draft.note("warning", "patient-as-subscriber", says, "2010BA")


def _subscriber_information(plan: OtherPlan) -> Segment:
    return ["SBR", plan.sequence, "18", "", "", "", "", "", "", plan.filing]


def _of_the_body(draft: Draft) -> Segment | None:
    """Return what PAT says of the patient's body (death, weight, pregnancy), without the relation to a subscriber."""
    for level in reversed(draft.levels[1:]):
        for segment in level:
            if segment[0] == "PAT" and any(segment[5:]):
                return ["PAT", "", "", "", "", *segment[5:]]
    return None


def _named(draft: Draft, level: list[Segment], entity: str) -> Segment:
    found = _named_or_none(level, entity)
    if found is None:
        what = f"the claim's subscriber level has no NM1*{entity}"
        raise draft.refusal("hierarchy-broken", what, _ASK, "2000B")
    return found


def _named_or_none(level: list[Segment], entity: str) -> Segment | None:
    return next((segment for segment in level if segment[0] == "NM1" and element(segment, 1) == entity), None)


def _at(level: list[Segment], wanted: Segment) -> int:
    return next(at for at, segment in enumerate(level) if segment is wanted)
