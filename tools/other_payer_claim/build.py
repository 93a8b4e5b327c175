"""Make the 837P for another payer from the claim as it was sent to the first."""

from msgspec.structs import replace

from knowledge.types.corrections import Change, ControlNumbers, CorrectedClaim
from tools.corrected_claim.draft import Draft, element, references
from tools.corrected_claim.envelope import write_file
from tools.corrected_claim.frequency import set_frequency
from tools.corrected_claim.source import ClaimSource, find_claim
from tools.other_payer_claim.first_payer import first_payer
from tools.other_payer_claim.plan import FirstAnswer, OtherPlan
from tools.other_payer_claim.subscriber import set_subscriber

_PRICED = frozenset({"HCP"})
_FIRST_PLANS_OWN = ("G1", "9F")  # authorization, referral


def other_payer_claim(
    data: bytes,
    file: str,
    claim_id: str,
    plan: OtherPlan,
    control: ControlNumbers,
    why: str,
    evidence: tuple[str, ...] = (),
    first: FirstAnswer | None = None,
    route: ClaimSource | None = None,
) -> CorrectedClaim:
    """Return a claim to `plan`: the lines as sent, under the patient's own member id there, as an original claim.

    `first` None: nobody pays before it, and no word of another payer is on the claim. Else the plan comes second, and
    what the first one answered stands on it as adjudicated (loops 2320, 2330, 2430), balanced to the cent.

    `route` is a claim that reached the plan before: sender and receiver of the file are its own. None leaves those of
    the claim as sent, and says so.

    Services, dates, charges, diagnoses and providers stay byte for byte. What is the first plan's own (its number of
    the claim, its authorization and referral numbers) goes. Raises CorrectionRefused for anything that would not be
    right: other payers on the claim already, prices agreed with the first plan, an answer that does not fit.
    """
    draft = Draft.of(find_claim(data, file, claim_id))
    change = Change(why=why, evidence=evidence)
    _check(draft, plan)
    # What the first plan is told on the new claim is read off the claim before it is rewritten.
    told = first_payer(draft, first) if first is not None else None
    set_frequency(draft, "new", "")
    _leave_out(draft, plan, change)
    set_subscriber(draft, plan, change)
    if told is not None:
        for segment in told.claim:
            draft.insert("2320", draft.head, segment, change, at=len(draft.head))
        for line, segments in told.lines:
            for segment in segments:
                draft.insert(f"2430 line {line.number}", line.segments, segment, change, at=len(line.segments))
    claim = [*draft.head, *(segment for line in draft.lines for segment in line.segments)]
    edi, envelope_rows = write_file(_routed(draft, plan, route), draft.levels, claim, control)
    return CorrectedClaim(
        claim_id=claim_id,
        mode="new",
        edi=edi,
        diff=(*draft.rows, *envelope_rows),
        findings=tuple(draft.findings),
    )


def _routed(draft: Draft, plan: OtherPlan, route: ClaimSource | None) -> ClaimSource:
    """Give the file the sender and receiver by which the plan is reached: ISA05-08, GS02-03, NM1*41 and NM1*40."""
    if route is None:
        says = (
            f"no claim to {plan.name} is in the records: sender and receiver of the file (ISA, GS, NM1*40) are those "
            "of the claim as sent; let the clearinghouse route it"
        )
        draft.note("warning", "receiver-as-sent", says, "1000B")
        return draft.source
    source = draft.source
    isa, theirs = list(source.interchange.isa), route.interchange.isa
    isa[4:8] = theirs[4:8]
    named = {segment[1]: segment for segment in route.header if segment[0] == "NM1" and len(segment) > 1}
    header = [named.get(element(one, 1), one) if one[0] == "NM1" else one for one in source.header]
    group = [*source.group[:2], *route.group[2:4], *source.group[4:]]
    interchange = replace(source.interchange, isa=tuple(isa))
    return replace(source, interchange=interchange, group=group, header=header)


def _check(draft: Draft, plan: OtherPlan) -> None:
    draft.check_value(plan.member_id, 80, "member id of the other plan", "2010BA")
    draft.check_value(plan.payer_id, 80, "payer id of the other plan", "2010BB")
    draft.check_value(plan.name, 60, "name of the other plan", "2010BB")
    draft.check_value(plan.last, 60, "family name of the patient", "2010BA")
    if any(segment[0] == "SBR" for segment in draft.head) or any(line.has("SVD") for line in draft.lines):
        what = "the claim as sent names another payer already (2320, 2430)"
        raise draft.refusal("other-payer-named", what, "a person must put the payers in order", "2320")
    if any(segment[0] in _PRICED for segment in draft.head) or any(line.has("HCP") for line in draft.lines):
        what = "the claim carries prices made for the first plan (HCP)"
        raise draft.refusal("priced-for-another", what, "make the claim in the system that billed it", "2300")


def _leave_out(draft: Draft, plan: OtherPlan, change: Change) -> None:
    """Take out what the first plan gave the claim: its authorization, its referral, its contract."""
    for segment in [one for one in draft.head if one[0] == "CN1"]:
        draft.take_out("2300", draft.head, segment, change)
    numbers = []
    for qualifier in _FIRST_PLANS_OWN:
        for segment in references(draft.head, "2300", qualifier):
            numbers.append(element(segment, 2))
            draft.take_out("2300", draft.head, segment, change)
        for line in draft.lines:
            for segment in references(line.segments, "2400", qualifier):
                numbers.append(element(segment, 2))
                draft.take_out(line.loop, line.segments, segment, change)
    if numbers:
        says = (
            f"{', '.join(dict.fromkeys(numbers))} was the first plan's number and is left out: "
            f"check whether {plan.name} wants an authorization of its own"
        )
        draft.note("warning", "authorization-left-out", says, "2300")
