"""Facts about timely filing: what the payer accepted, and when, against its limit."""

from datetime import date, timedelta

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.evidence import Fact

ACCEPTED = ("A1", "A2")
"""STC01-1: received and accepted into adjudication, as the payer says it (277CA guide, 2200D STC)."""


def by_payer(found: ClaimAcknowledgement) -> bool:
    """Tell whether the payer speaks, not a clearinghouse (AY): its source is PR, or unnamed with a payer number."""
    return found.source_entity == "PR" or (not found.source_entity and bool(found.payer_claim_number))


RECEIVED_SEGMENT = ("DTM*050", "DTM|050", "DTM^050")


def received(q: Inquiry) -> date | None:
    """Return the day the payer says it received the claim (835, 2100 DTM*050)."""
    return next((fact.day for fact in q.case.payment.dates if fact.qualifier == "050" and fact.day), None)


def said_on(found: ClaimAcknowledgement) -> date | None:
    """Return the day of an answer: when it took effect, else when it came."""
    return found.effective_on or found.received_on


@check
def accepted_within_filing_limit(q: Inquiry) -> Fact:
    """Whether the payer itself accepted the claim inside its limit (domain facts, section 5, proof)."""
    payer, served = q.case.payer, q.service_date
    if payer is None or payer.timely_filing_days is None or served is None:
        return unknown("The payer's filing limit is not set", missing=("the payer's timely_filing_days setting",))
    limit = served + timedelta(days=payer.timely_filing_days)
    rule = f"{payer.name}: {payer.timely_filing_days} days from the date of service, to {day(limit)}"
    setting = sources.payer_setting(q, "timely_filing_days", rule)
    values = {
        "filing_limit": day(limit),
        "filing_days": str(payer.timely_filing_days),
        "service_date": day(served),
    }
    came = received(q)
    if came is not None and came <= limit:
        says = f"The remit itself says the claim was received on {day(came)}, inside the limit {day(limit)}"
        evidence = q.ledger.add(
            "remit",
            f"{q.case.header.file} segment {q.case.payment.place.segment}",
            f"The payer received claim {q.case.payment.claim_id} on {day(came)}",
            quote=next((s for s in q.case.payment.text.split("~") if s.strip()[:7] in RECEIVED_SEGMENT), None),
            exhibit="remit",
        )
        arithmetic = sources.calculation(
            q,
            "filing-limit",
            f"{day(served)} and {payer.timely_filing_days} days is {day(limit)}; received {day(came)}",
        )
        return yes(says, evidence, setting, arithmetic, accepted_on=day(came), **values)
    answers = q.case.acknowledgements
    accepted = sorted(
        (found for found in answers if found.category in ACCEPTED and by_payer(found) and said_on(found)),
        key=lambda found: said_on(found) or date.max,
    )
    if accepted:
        first = accepted[0]
        on = said_on(first)
        assert on is not None
        evidence = sources.acknowledgement(q, first)
        arithmetic = sources.calculation(
            q,
            "filing-limit",
            f"{day(served)} and {payer.timely_filing_days} days is {day(limit)}; accepted {day(on)}",
        )
        if on <= limit:
            return yes(
                f"The payer accepted the claim on {day(on)}, inside the limit {day(limit)}",
                evidence,
                setting,
                arithmetic,
                accepted_on=day(on),
                accepted_number=first.payer_claim_number,
                **values,
            )
        story = f"the payer's first acceptance is of {day(on)}"
        return no(
            f"The first acceptance is of {day(on)}",
            evidence,
            setting,
            arithmetic,
            filing_story=story,
            **values,
        )
    return _without_acceptance(q, limit, setting, values)


def _without_acceptance(q: Inquiry, limit: date, setting: str, values: dict[str, str]) -> Fact:
    answers, claim = q.case.acknowledgements, q.case.claim
    evidence = [sources.acknowledgement(q, found) for found in answers]
    if claim is not None and claim.submitted_on is not None and claim.submitted_on > limit:
        story = f"the claim was first sent on {day(claim.submitted_on)}"
        sent = sources.claim_header(q, f"The claim was created on {day(claim.submitted_on)}")
        return no(f"{story}, after the limit {day(limit)}", setting, sent, *evidence, filing_story=story, **values)
    if answers:
        story = "no acceptance by the payer is on file, only " + ", ".join(
            f"{found.category} of {day(said_on(found))}" for found in answers
        )
        return no(story, setting, *evidence, filing_story=story, **values)
    if "acks" in q.case.parts:
        story = "no acknowledgement of this claim is on file"
        return no(story, setting, filing_story=story, **values)
    return unknown(
        "The practice's acknowledgements (277CA) are not in the records",
        setting,
        missing=("the 277CA acknowledgement of this claim",),
        **values,
    )


SHORT_OF_PAYER = ("A0", "A1", "A2")
"""What a clearinghouse says of a claim it took or passed on; A3 to A8 send it back."""


@check
def sent_in_time_and_lost_on_the_way(q: Inquiry) -> Fact:
    """Whether the claim at hand was sent inside the limit, and a clearinghouse took it, and the payer never answered.

    A clearinghouse's receipt proves no filing with the payer (facts 5, 7 RC37), so the claim is late until the payer's
    own answer is found; but it may exist, and only the payer can say. A claim first sent after the limit, or one sent
    back and worked late, leaves nothing to ask for.
    """
    payer, served, claim = q.case.payer, q.service_date, q.case.claim
    if payer is None or payer.timely_filing_days is None or served is None or claim is None:
        return unknown("Limit or claim is not at hand")
    limit = served + timedelta(days=payer.timely_filing_days)
    if claim.submitted_on is None or claim.submitted_on > limit:
        return no(f"The claim at hand was not sent by {day(limit)}")
    answers = q.case.acknowledgements
    turned = [found for found in answers if found.category not in SHORT_OF_PAYER or by_payer(found)]
    taken = [found for found in answers if found.category in SHORT_OF_PAYER and not by_payer(found)]
    in_time = [found for found in taken if (on := said_on(found)) is not None and on <= limit]
    if turned or not in_time:
        return no("No clearinghouse took the claim in time, or the payer answered it")
    says = (
        f"A clearinghouse took the claim on {day(said_on(in_time[0]))}, inside the limit, and the payer gave no answer"
    )
    return yes(says, sources.acknowledgement(q, in_time[0]))
