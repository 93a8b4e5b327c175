"""Whose remit is it: one made out to another payee is no payment of ours, whatever claim numbers it carries."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from agent.intake.book import BookInputs
from knowledge.types.practice import Practice
from knowledge.types.remit import ClaimPayment, RemitHeader
from tools.denials.answers import Answer
from tools.denials.delivery import Delivery
from tools.denials.finding import Trail
from tools.denials.identity import member_id, squeeze


def made_out_to_us(header: RemitHeader, practice: Practice) -> bool:
    """Tell whether a remit's payee may be the practice: by NPI or tax id, else by name; unnamed payees may."""
    payee = header.payee
    if payee is None:
        return True
    told = {squeeze(value) for value in (payee.id, *(one.value for one in header.payee_references)) if value.strip()}
    ours = (practice.billing_npi, practice.tax_id, *(provider.npi for provider in practice.providers))
    known = {squeeze(value) for value in ours if value.strip()}
    if not told or not known or told & known:
        return True
    name = squeeze(payee.last_or_org)
    return bool(name) and name == squeeze(practice.name)


def split_by_payee(inputs: BookInputs) -> tuple[BookInputs, tuple[Delivery, ...]]:
    """Return the inputs without remits made out to others, and those remits."""
    kept = [
        (position, one) for position, one in enumerate(inputs.deliveries) if made_out_to_us(one.header, inputs.practice)
    ]
    if len(kept) == len(inputs.deliveries):
        return inputs, ()
    stay = {position for position, _ in kept}
    others = tuple(one for position, one in enumerate(inputs.deliveries) if position not in stay)
    conflicts = frozenset(now for now, (before, _) in enumerate(kept) if before in inputs.conflicts)
    return replace(inputs, deliveries=tuple(one for _, one in kept), conflicts=conflicts), others


def strangers(trail: Trail) -> frozenset[int]:
    """Return the ids (`id()`) of answers about another patient than the denied one: member id and name both differ."""
    denied = [j.answer for j in trail.judged if j.verdict.kind is not None] or [j.answer for j in trail.judged]
    return frozenset(_others(denied[0], (j.answer for j in trail.judged))) if denied else frozenset()


def _others(denied: Answer, answers: Iterable[Answer]) -> Iterator[int]:
    own, name = squeeze(member_id(denied.claim)), _family(denied.claim)
    for answer in answers:
        other, called = squeeze(member_id(answer.claim)), _family(answer.claim)
        if own and other and own != other and name and called and name != called:
            yield id(answer)


def _family(claim: ClaimPayment) -> str:
    return squeeze(claim.patient.last_or_org) if claim.patient else ""
