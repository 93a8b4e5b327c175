"""Diagnose one denial: hypotheses from its codes, facts that settle them, the leading cause and its remedy."""

from agent.diagnosis import checks, sources
from agent.diagnosis.addressed import addressed_to_programs
from agent.diagnosis.approval import condition_of_more
from agent.diagnosis.confidence import shared, stratum
from agent.diagnosis.given import contradictions
from agent.diagnosis.hypotheses import UNSUGGESTED, examine, ranked, suggested
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, listed, money
from agent.diagnosis.remedies import choose_remedy, depends_on, other_remedies, standing_circumstance
from agent.diagnosis.tables import tables_for
from agent.diagnosis.wording import sentence
from knowledge.calibration import in_force
from knowledge.causes import Catalogue, Cause
from knowledge.types.diagnosis import Alternative, Diagnosis, Hypothesis, Remedy, ReviewReason
from knowledge.types.evidence import Fact

__all__ = ["alternatives_of", "checks", "diagnose", "gather", "values_of"]


def gather(q: Inquiry, catalogue: Catalogue) -> tuple[Hypothesis, ...]:
    """Examine every cause the payer's codes suggest, and those found when the remit was read, best first.

    An underpayment, or money taken back, is examined whatever the codes say. Where nothing of that is proven, the
    causes that prove themselves are looked at too: a payer's code can mislead (domain facts 7, misleading signals).
    """
    sources.remit_line(q)
    weights: dict[str, float] = {}
    for cause, weight in (*suggested(q, catalogue), *_found_in_remit(q, catalogue)):
        weights[cause.id] = max(weight, weights.get(cause.id, 0))
    named = tuple(examine(q, catalogue.get(name), weight) for name, weight in weights.items())
    if weights and not any(h.standing == "confirmed" for h in named):
        alone = (cause for cause in catalogue.causes if cause.stands_alone and cause.id not in weights)
        found = tuple(examine(q, cause, UNSUGGESTED) for cause in alone)
        named = (*named, *(h for h in found if h.standing == "confirmed"))
    return ranked(named, catalogue)


def diagnose(q: Inquiry, catalogue: Catalogue) -> Diagnosis:
    """Name the cause: of the confirmed ones, the one the payer names most plainly leads.

    Nothing confirmed is `unknown`, with what would settle it.
    """
    hypotheses = gather(q, catalogue)
    leading = hypotheses[0] if hypotheses and hypotheses[0].standing == "confirmed" else None
    if leading is None:
        return _unknown(q, catalogue, hypotheses)
    cause = catalogue.get(leading.root_cause)
    values = values_of(q, leading, cause)
    says = sentence(cause.says, values)
    if says is None:
        return _unknown(q, catalogue, hypotheses)
    remedy, then = choose_remedy(q, cause)
    tables = tables_for(q, cause.id)
    others = hypotheses[1:]
    rivals = () if cause.settles else others
    condition = condition_of_more(q, remedy)
    evidence = q.ledger.all()  # what the reasons below still ask is no evidence of the cause
    read = (*(q.second.reasons() if q.second else ()), *addressed_to_programs(q))
    reasons = (*_reasons(q, cause, leading, others), *([condition] if condition else []), *read)
    sure = _sure(q, catalogue, leading, rivals, reasons)
    return Diagnosis(
        root_cause=cause.id,
        category=cause.category,
        says=says,
        confidence=sure,
        remedy=remedy,
        then=then,
        other_remedies=other_remedies(q, cause, remedy),
        alternatives=alternatives_of(others, sure),
        hypotheses=hypotheses,
        evidence=evidence,
        missing=_missing(leading.facts),
        values=values,
        tables=tables,
        review_reasons=reasons,
    )


def _sure(
    q: Inquiry,
    catalogue: Catalogue,
    leading: Hypothesis | None,
    others: tuple[Hypothesis, ...] = (),
    reasons: tuple[ReviewReason, ...] = (),
) -> float:
    stands = stratum(leading, others, reasons, links_ambiguous=bool(q.case.links.ambiguous))
    return in_force(catalogue).values[stands]


def _found_in_remit(q: Inquiry, catalogue: Catalogue) -> list[tuple[Cause, float]]:
    by_kind = {
        "underpaid": "underpaid-against-contract",
        "zero_allowed": "underpaid-against-contract",
        "recouped": "audit-recoupment",
    }
    cause_id = by_kind.get(q.case.denial.kind)
    return [(catalogue.get(cause_id), 3.0)] if cause_id else []


def values_of(q: Inquiry, hypothesis: Hypothesis, cause: Cause) -> dict[str, str]:
    """Merge the slots of the cause's facts, and of those circumstances of its remedies that stand."""
    payer, claim = q.case.payer, q.case.claim
    values = {
        "payer_name": payer.name if payer else q.case.denial.remit.payer_name or "",
        "member_id": claim.member_id if claim else "",
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
    }
    wanted = [name for circumstance in cause.remedies for name in circumstance.when]
    standing = [q.fact(name.removeprefix("not ")) for name in wanted if q.truth(name) == "confirmed"]
    for fact in (*standing, *hypothesis.facts):
        values |= {name: value for name, value in fact.values.items() if value}
    return {name: value for name, value in values.items() if value}


def _missing(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for fact in facts for item in fact.missing))


def alternatives_of(others: tuple[Hypothesis, ...], taken: float) -> tuple[Alternative, ...]:
    """Return the causes still open beside one that takes `taken` of the confidence."""
    standing = [h for h in others if h.standing != "refuted" and (h.standing == "confirmed" or h.score >= 2)][:6]
    shares = shared(standing, taken)
    return tuple(
        Alternative(root_cause=h.root_cause, confidence=shares[h.root_cause], settled_by=listed(list(h.settled_by[:3])))
        for h in standing
    )


def _reasons(q: Inquiry, cause: Cause, leading: Hypothesis, others: tuple[Hypothesis, ...]) -> tuple[ReviewReason, ...]:
    reasons = []
    chosen = standing_circumstance(q, cause)
    deciding = cause.decides or (chosen.decides if chosen else "")
    if deciding:
        reasons.append(ReviewReason(code="person-decides", says=deciding))
    rivals = [h for h in others if h.standing == "confirmed" and h.score >= leading.score and not cause.settles]
    for name in depends_on(q, cause):
        found = q.fact(name.removeprefix("not "))
        says = f"The remedy depends on what is not known: {found.says}"
        reasons.append(ReviewReason(code="remedy-depends", says=says))
    reasons += [ReviewReason(code="evidence-contradicts", says=says) for says in contradictions(q)]
    if rivals:
        names = listed([h.root_cause for h in rivals])
        reasons.append(ReviewReason(code="two-causes", says=f"Also proven: {names}"))
    return tuple(reasons)


def _unknown(q: Inquiry, catalogue: Catalogue, hypotheses: tuple[Hypothesis, ...]) -> Diagnosis:
    denial = q.case.denial
    still_open = [h for h in hypotheses if h.standing == "open" and h.score >= 1]
    codes = listed([f"{a.group}-{a.carc}" for a in denial.adjustments] + list(denial.remarks))
    missing = tuple(dict.fromkeys(item for h in still_open[:4] for item in h.settled_by))
    ask = f"; to settle it: {listed(list(missing[:4]))}" if missing else ""
    says = f"{codes} for {money(denial.amount_at_stake)}: no cause is proven from the records{ask}."
    remedy: Remedy = "contact_payer" if not missing else "hold"
    if denial.kind == "payment_dispute":
        remedy = "payment_dispute"  # a discount that no contract grants (contract, conventions)
    sure = _sure(q, catalogue, None)
    return Diagnosis(
        root_cause="unknown",
        category="unknown",
        says=says,
        confidence=sure,
        remedy=remedy,
        alternatives=alternatives_of(tuple(still_open), sure),
        hypotheses=hypotheses,
        evidence=q.ledger.all(),
        missing=missing,
        review_reasons=(ReviewReason(code="cause-unknown", says=says),),
    )
