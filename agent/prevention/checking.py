"""Ask of every line that is to go out whether it would be denied, and say how to put it right."""

from collections.abc import Iterator
from datetime import date

from agent.diagnosis import checks as diagnosis_checks
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.wording import filled, sentence
from agent.prevention import facts, line_facts, policy_facts, treatment_facts
from agent.prevention.found import CheckedLine, NotTold, Warned
from agent.prevention.unsent import Outgoing, Unsent
from knowledge.causes import Catalogue, Cause
from knowledge.codes import Codes
from knowledge.types.evidence import Evidence, Fact

__all__ = ["check_claims", "check_line", "diagnosis_checks", "facts", "line_facts", "policy_facts", "treatment_facts"]


def check_claims(outgoing: Outgoing, catalogue: Catalogue, codes: Codes) -> tuple[CheckedLine, ...]:
    """Check every line of the claims that are to go out, in their order."""
    return tuple(_checked(outgoing.lines(), catalogue, codes))


def _checked(lines: Iterator[Unsent], catalogue: Catalogue, codes: Codes) -> Iterator[CheckedLine]:
    for unsent in lines:
        yield check_line(unsent, catalogue, codes)


def check_line(unsent: Unsent, catalogue: Catalogue, codes: Codes) -> CheckedLine:
    """Examine every cause that is visible before sending: the proven ones warn, those not to be told are named.

    They stand in the order of the catalogue: what a payer looks at first, and what is to be fixed first.
    """
    q = Inquiry(unsent.case, codes, unsent.sent_on)
    warned: list[Warned] = []
    open_: list[NotTold] = []
    for cause in catalogue.causes:
        if not cause.before_sending:
            continue
        wanted = cause.before or cause.confirm
        # One answer against it is enough: what else would be asked of it is not established.
        if any(q.truth(name) == "refuted" for name in wanted) or any(
            q.truth(name) == "confirmed" for name in cause.refute
        ):
            continue
        truths = [q.truth(name) for name in wanted]
        found = tuple(q.fact(name.removeprefix("not ")) for name in wanted)
        if set(truths) == {"confirmed"}:
            warned.append(_warned(q, cause, found, unsent.sent_on))
        else:
            open_.append(_not_told(cause, found))
    claim, line = unsent.claim, unsent.line
    payer = unsent.case.payer
    return CheckedLine(
        file=claim.file,
        claim_id=claim.claim_id,
        frequency=claim.frequency,
        payer_id=payer.id if payer else claim.payer_id,
        payer_name=payer.name if payer else claim.payer_name,
        line=line.number,
        line_control=line.line_control,
        hcpcs=line.hcpcs,
        modifiers=line.modifiers,
        service_date=line.start_date,
        charge=str(line.charge),
        sent_on=unsent.sent_on,
        segment=line.place.segment,
        warnings=tuple(warned),
        not_checked=tuple(open_),
    )


def _warned(q: Inquiry, cause: Cause, found: tuple[Fact, ...], sent_on: date) -> Warned:
    claim, payer = q.case.claim, q.case.payer
    values = {
        "payer_name": payer.name if payer else claim.payer_name if claim else "",
        "member_id": claim.member_id if claim else "",
        "hcpcs": q.hcpcs,
    }
    for fact in found:
        values |= {name: value for name, value in fact.values.items() if value}
    values = {name: value for name, value in values.items() if value}
    said = sentence(cause.says, values) or ". ".join(dict.fromkeys(fact.says for fact in found))
    evidence = _evidence(q, found)
    verified = {row.source: row.verified_on for row in q.case.coverage}
    return Warned(
        cause=cause.id,
        category=cause.category,
        severity=cause.before_severity,
        says=said,
        fix=_fix(cause, values),
        evidence=evidence,
        later=any((on := verified.get(item.source)) is not None and on > sent_on for item in evidence),
    )


def _fix(cause: Cause, values: dict[str, str]) -> str:
    """Say what to do; where its first clause lacks a value, the cause's name stands for it."""
    if cause.fix and filled(cause.fix[0], values) is None:
        return f"Settle before sending: {cause.name}."
    return sentence(cause.fix, values) or f"Settle before sending: {cause.name}."


def _evidence(q: Inquiry, found: tuple[Fact, ...]) -> tuple[Evidence, ...]:
    """Return what the facts rest on; a remit that does not exist (exhibit "remit") is no evidence."""
    wanted = {name for fact in found for name in fact.evidence}
    return tuple(item for item in q.ledger.some(wanted) if item.exhibit != "remit")


def _not_told(cause: Cause, found: tuple[Fact, ...]) -> NotTold:
    unknowns = [fact for fact in found if fact.truth == "unknown"]
    because = "; ".join(dict.fromkeys(fact.says for fact in unknowns))
    return NotTold(
        cause=cause.id,
        because=because,
        missing=tuple(dict.fromkeys(item for fact in unknowns for item in fact.missing)),
    )
