"""One denial joined to everything of ours that belongs to it."""

from datetime import date

from knowledge.policies import AmbiguousPolicy, policy_in_force
from knowledge.types.claim import SubmittedClaim
from knowledge.types.denial import Denial
from knowledge.types.links import Link, Links
from knowledge.types.practice import Policy
from knowledge.types.remit import ClaimPayment, RemitHeader, ServicePayment
from tools.denials.identity import billed_code, identify_payer, member_id, squeeze
from tools.linking.authorization import find_authorization, named_numbers
from tools.linking.book import Book
from tools.linking.case import LinkedCase
from tools.linking.claim_line import ClaimFound, ambiguities, find_claim
from tools.linking.found import Found
from tools.linking.patient import find_chart, find_coverage

_AUTHORIZATION = "G1"


def link(
    denial: Denial, service: ServicePayment | None, claim_payment: ClaimPayment, header: RemitHeader, book: Book
) -> tuple[Links, LinkedCase]:
    """Join a denial to its claim line, authorization, chart, coverage, policy and acknowledgements.

    `service` is the adjudicated line, None for a claim-level denial; `claim_payment` and `header` are the
    claim and remit it stood in. The submitted claim comes first: member id, name and birth date are read
    from it, and only without it from the remit. Every link carries its rule; what fits more than one record
    is not linked, and stands in `Links.ambiguous` as a code and a sentence.
    """
    payer = identify_payer(header, book.directory).payer
    payer_id = payer.id if payer is not None else denial.remit.payer_id or ""
    found = find_claim(denial, claim_payment, book)
    claim, line = found.claim.record, found.line.record
    member = (claim.member_id if claim is not None else "") or member_id(claim_payment)
    day = _day(denial, claim, found)
    code = (denial.line.hcpcs if denial.line is not None else None) or ""
    named = named_numbers(claim, line, _remitted(service, claim_payment))
    siblings = _sibling_codes(claim, service, claim_payment, code)
    authorization, number = find_authorization(named, payer_id, member, code, day, book, siblings)
    chart = find_chart(member, claim, book)
    policy = _policy(book, payer_id, code, day)
    links = Links(
        claim_file=Link(value=claim.file, rule=found.claim.rule) if claim is not None else None,
        claim_line=Link(value=line.number, rule=found.line.rule) if line is not None else None,
        auth_number=Link(value=number, rule=authorization.rule) if number else None,
        chart=Link(value=chart.record.file, rule=chart.rule) if chart.record is not None else None,
        policy_id=Link(value=policy.record.policy_id, rule=policy.rule) if policy.record is not None else None,
        ambiguous=(*ambiguities(found), *authorization.ambiguous, *chart.ambiguous, *policy.ambiguous),
    )
    return links, LinkedCase(
        payer=payer,
        member_id=member,
        claim=claim,
        line=line,
        versions=found.versions,
        member_claims=_member_claims(book, member, payer_id),
        authorization=authorization.record,
        authorizations=book.authorizations_by_member.get((payer_id, squeeze(member)), ()) if member else (),
        chart=chart.record,
        coverage=find_coverage(member, claim, chart.record, book),
        policy=policy.record,
        acknowledgements=book.acknowledgements_by_claim.get(squeeze(denial.remit.claim_id), ()),
        siblings=tuple(sibling for sibling in claim_payment.lines if sibling != service),
    )


def _day(denial: Denial, claim: SubmittedClaim | None, found: ClaimFound) -> date | None:
    """Return the date of service: the remit's, else the claim line's, else the only day of the claim."""
    if denial.line is not None and denial.line.service_date is not None:
        return denial.line.service_date
    if found.line.record is not None:
        return found.line.record.start_date
    days = {line.start_date for line in claim.lines} if claim is not None and denial.line is None else set()
    return days.pop() if len(days) == 1 else None


def _remitted(service: ServicePayment | None, claim_payment: ClaimPayment) -> tuple[str, ...]:
    references = (*(service.references if service is not None else ()), *claim_payment.references)
    return tuple(r.value for r in references if r.qualifier == _AUTHORIZATION)


def _sibling_codes(
    claim: SubmittedClaim | None, service: ServicePayment | None, claim_payment: ClaimPayment, code: str
) -> tuple[str, ...]:
    sent = [line.hcpcs for line in claim.lines] if claim is not None else []
    answered = [billed_code(line) for line in claim_payment.lines if line != service]
    return tuple(dict.fromkeys(c for c in (*sent, *answered) if c and c != code))


def _policy(book: Book, payer_id: str, code: str, day: date | None) -> Found[Policy]:
    if day is None or not code:
        return Found()
    policy = policy_in_force(book.policies_by_payer.get(payer_id, ()), payer_id, code, day)
    if isinstance(policy, AmbiguousPolicy):
        return Found(ambiguous=(("policy-ambiguous", policy.says),))
    if policy is None:
        return Found()
    return Found(policy, "payer, drug and in force on the date of service")


def _member_claims(book: Book, member: str, payer_id: str) -> tuple[SubmittedClaim, ...]:
    held = book.claims_by_member.get(squeeze(member), ()) if member else ()
    return tuple(c for c in held if book.payer_of_claim.get(id(c)) == payer_id)
