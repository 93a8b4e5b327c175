"""A case for each line of a claim that no payer has answered yet: the same joins as for a denial, without a remit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from agent.casebook import Casebook
from agent.diagnosis.case import AdjudicatedLine, Case
from agent.prevention.case import UnsentCase
from knowledge.codes import Codes
from knowledge.policies import policy_in_force
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.denial import Denial, DeniedLine, RemitReference
from knowledge.types.links import Link, Links
from knowledge.types.practice import Authorization, Policy
from knowledge.types.reading import Place
from knowledge.types.remit import ClaimPayment, RemitHeader
from tools.denials.identity import claim_payer, squeeze
from tools.linking.authorization import find_authorization, named_numbers
from tools.linking.book import Book
from tools.linking.found import Found
from tools.linking.patient import find_chart, find_coverage

NOWHERE = Place(segment=0, byte=0)
"""Where a remit that does not exist stands."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A line about to go out: its case as known on `sent_on`, the day it goes."""

    claim: SubmittedClaim
    line: ClaimLine
    sent_on: date
    case: Case


class Outgoing:
    """The practice's records, asked about claims to be sent.

    `claims` are those to be checked; where the practice holds them already they stand once. Of each, only what was
    known when it was sent counts of what payers said: a later payment, denial, acknowledgement or decision on an
    authorization does not.
    """

    def __init__(self, casebook: Casebook, codes: Codes, claims: Iterable[SubmittedClaim], as_of: date) -> None:
        self._casebook, self._codes, self._as_of = casebook, codes, as_of
        self.claims = tuple(claims)
        inputs = casebook.inputs
        held = {_identity(claim) for claim in inputs.claims}
        self._sent = held
        self._last: tuple[SubmittedClaim, tuple[AdjudicatedLine, ...], tuple[tuple[str, str], ...]] | None = None
        claims_known = (*inputs.claims, *(claim for claim in self.claims if _identity(claim) not in held))
        self._book = Book.build(
            inputs.directory,
            codes.hcpcs,
            claims=claims_known,
            authorizations=inputs.authorizations,
            charts=inputs.charts,
            coverage=inputs.coverage,
            policies=inputs.policies,
            acknowledgements=inputs.acknowledgements,
        )

    def lines(self) -> Iterator[Unsent]:
        """Give every line of every claim, in order of claims and lines."""
        for claim in self.claims:
            sent_on = self._going_out(claim)
            for line in claim.lines:
                yield Unsent(claim, line, sent_on, self._case(claim, line, sent_on))

    def _going_out(self, claim: SubmittedClaim) -> date:
        """Return the day a claim goes out: when it was made if it is among those sent, else today at the earliest."""
        if _identity(claim) in self._sent:
            return claim.submitted_on or self._as_of
        return max(claim.submitted_on or self._as_of, self._as_of)

    def _case(self, claim: SubmittedClaim, line: ClaimLine, sent_on: date) -> Case:
        inputs, book = self._casebook.inputs, self._book
        payer = claim_payer(claim, inputs.directory)
        payer_id = payer.id if payer is not None else claim.payer_id
        key = (payer_id, squeeze(claim.member_id))
        rows = book.authorizations_by_member.get(key, ()) if claim.member_id else ()
        rows = tuple(row for row in rows if row.decided_on is None or row.decided_on <= sent_on)
        found, number = self._authorization(claim, line, payer_id, rows)
        chart = find_chart(claim.member_id, claim, book)
        policy = self._policy(payer_id, line)
        links = Links(
            claim_file=Link(value=claim.file, rule="the claim itself"),
            claim_line=Link(value=line.number, rule="the line itself"),
            auth_number=Link(value=number, rule=found.rule) if number else None,
            ambiguous=(*found.ambiguous, *chart.ambiguous),
        )
        others = tuple(
            other
            for other in book.claims_by_member.get(squeeze(claim.member_id), ())
            if book.payer_of_claim.get(id(other)) == payer_id and (other.submitted_on or date.min) <= sent_on
        )
        history, answered = self._known_of(claim, payer_id, others, sent_on)
        return UnsentCase(
            denial=_synthetic(claim, line, payer_id),
            practice=inputs.practice,
            payer=payer,
            header=RemitHeader(place=NOWHERE, file="", control_number="", paid=Decimal(0)),
            payment=ClaimPayment(
                place=NOWHERE, claim_id=claim.claim_id, status="", charge=claim.charge, paid=Decimal(0)
            ),
            service=None,
            claim=claim,
            line=line,
            authorizations=rows if self._asks_for_itself(line, rows) else (),
            authorization=self._about(found.record, line),
            chart=chart.record,
            coverage=find_coverage(claim.member_id, claim, chart.record, book),
            policy=policy,
            acknowledgements=tuple(
                ack
                for ack in book.acknowledgements_by_claim.get(squeeze(claim.claim_id), ())
                if (day := ack.effective_on or ack.received_on) is not None and day < sent_on
            ),
            history=history,
            links=links,
            parts=self._casebook.parts,
            payers=inputs.payers,
            member_claims=others,
            rules=self._rules(payer_id, line),
            answered=answered,
        )

    def _known_of(
        self, claim: SubmittedClaim, payer_id: str, others: tuple[SubmittedClaim, ...], sent_on: date
    ) -> tuple[tuple[AdjudicatedLine, ...], tuple[tuple[str, str], ...]]:
        """Return what was paid or waits by the day, and which claims were answered: the same for all of its lines."""
        if self._last is None or self._last[0] is not claim:
            answered = self._answered_before(others, payer_id, sent_on)
            history = (*self._paid_before(payer_id, claim, sent_on), *self._unanswered(others, claim, answered))
            self._last = (claim, history, answered)
        return self._last[1], self._last[2]

    def _authorization(
        self, claim: SubmittedClaim, line: ClaimLine, payer_id: str, rows: tuple[Authorization, ...]
    ) -> tuple[Found[Authorization], str]:
        """Find the authorization among the `rows` decided by the day: what was decided later was not known."""
        siblings = tuple(dict.fromkeys(other.hcpcs for other in claim.lines if other.hcpcs != line.hcpcs))
        named = named_numbers(claim, line, ())
        known = replace(self._book, authorizations_by_member={(payer_id, squeeze(claim.member_id)): rows})
        return find_authorization(named, payer_id, claim.member_id, line.hcpcs, line.start_date, known, siblings)

    def _about(self, row: Authorization | None, line: ClaimLine) -> Authorization | None:
        """Keep a row for a drug line, or one whose code it lists: an approval is of the drug, what gives it follows."""
        return row if row is not None and self._asks_for_itself(line, (row,)) else None

    def _asks_for_itself(self, line: ClaimLine, rows: tuple[Authorization, ...]) -> bool:
        if self._codes.administration.lookup(line.hcpcs) is not None:
            return False
        return line.hcpcs in self._codes.hcpcs.codes or any(line.hcpcs in row.hcpcs for row in rows)

    def _policy(self, payer_id: str, line: ClaimLine) -> Policy | None:
        if line.start_date is None:
            return None
        held = self._book.policies_by_payer.get(payer_id, ())
        found = policy_in_force(held, payer_id, line.hcpcs, line.start_date)
        return found if isinstance(found, Policy) else None

    def _rules(self, payer_id: str, line: ClaimLine) -> tuple[Policy, ...]:
        """Return every policy of the payer in force on the day: one about a drug, and one about the claim, may both be.

        A version whose successor had begun is out of force, also where its own end is not stated.
        """
        served, held = line.start_date, self._book.policies_by_payer.get(payer_id, ())
        if served is None:
            return ()
        begun = [rule for rule in held if rule.effective_from is not None and rule.effective_from <= served]
        replaced = {rule.supersedes for rule in begun}
        return tuple(
            rule
            for rule in begun
            if (served <= rule.effective_to if rule.effective_to is not None else rule.policy_id not in replaced)
        )

    def _paid_before(self, payer_id: str, claim: SubmittedClaim, sent_on: date) -> tuple[AdjudicatedLine, ...]:
        """Return what the payer had paid of the member by the day, what this claim replaces left out."""
        replaced = squeeze(claim.original_reference)
        return tuple(
            line
            for line in self._casebook.allowed_lines(payer_id, squeeze(claim.member_id))
            if line.paid_on is not None
            and line.paid_on < sent_on
            and (not replaced or squeeze(line.payer_claim_number) != replaced)
        )

    def _unanswered(
        self, others: tuple[SubmittedClaim, ...], claim: SubmittedClaim, answered: tuple[tuple[str, str], ...]
    ) -> Iterator[AdjudicatedLine]:
        """Give the lines of the member's claims that the payer has yet to answer: they, too, take doses approved."""
        known = {claim_id for claim_id, _ in answered}
        for other in others:
            if other.claim_id in known or other.claim_id == claim.claim_id or other.frequency in ("7", "8"):
                continue
            for line in other.lines:
                yield AdjudicatedLine(
                    file=other.file,
                    segment=line.place.segment,
                    paid_on=None,
                    claim_id=other.claim_id,
                    payer_claim_number="",
                    hcpcs=line.hcpcs,
                    modifiers=line.modifiers,
                    service_date=line.start_date,
                    units=line.units,
                    charge=line.charge,
                    paid=Decimal(0),
                    covered=True,
                    line_control=line.line_control,
                )

    def _answered_before(
        self, claims: tuple[SubmittedClaim, ...], payer_id: str, sent_on: date
    ) -> tuple[tuple[str, str], ...]:
        return tuple(
            (claim_id, number)
            for claim_id in sorted({claim.claim_id for claim in claims})
            for number, day in self._casebook.answers_to(payer_id, claim_id)
            if day is not None and day < sent_on
        )


def _identity(claim: SubmittedClaim) -> tuple[object, ...]:
    lines = tuple((line.hcpcs, line.modifiers, line.units, line.charge, line.start_date) for line in claim.lines)
    return (claim.claim_id, claim.frequency, claim.submitted_on, claim.charge, lines)


def _synthetic(claim: SubmittedClaim, line: ClaimLine, payer_id: str) -> Denial:
    """Return what the questions of a denial are put to: the whole line, and not a word of a payer."""
    return Denial(
        denial_id="",
        kind="denied",
        remit=RemitReference(
            file="",
            payer_id=payer_id,
            payer_name=claim.payer_name or None,
            trace_number=None,
            paid_on=None,
            claim_id=claim.claim_id,
            payer_claim_number=None,
            claim_status="",
        ),
        line=DeniedLine(
            hcpcs=line.hcpcs,
            modifiers=line.modifiers,
            units=line.units,
            service_date=line.start_date,
            charge=line.charge,
            paid=Decimal(0),
            line_control=line.line_control or None,
        ),
        adjustments=(),
        amount_at_stake=line.charge,
        denied_units=line.units,
        why="as submitted",
    )
