"""One practice's records at one moment, and every denial's case made from them."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from agent.diagnosis.case import AdjudicatedLine, Case
from agent.diagnosis.subject import subject_line
from agent.following.cash import Cash, count_cash
from agent.following.earlier import enclosures
from agent.following.history import History
from agent.following.moved import moved_by_cash
from agent.following.other_amount import OtherAmounts
from agent.following.other_payers import billed_elsewhere
from agent.following.ours import split_by_payee
from agent.following.paid_twice import paid_twice
from agent.following.records_asked import records_asked
from agent.intake.book import load_book_inputs
from agent.paid_alike import allowance, paid_alike
from agent.sending.kept import Kept
from knowledge.codes import Codes
from knowledge.policies import policy_in_force
from knowledge.records import Records
from knowledge.types.denial import Denial
from knowledge.types.links import Link, Links
from knowledge.types.practice import Authorization, ContractRate, Policy
from knowledge.types.remit import ClaimPayment, RemitHeader, ServicePayment
from tools.denials.finding import Examination, Found, RateFor, find_all
from tools.denials.identity import billed_code, identify_payer, member_id, service_day, squeeze
from tools.denials.rules import AdjustmentRules
from tools.linking.authorization import find_authorization, named_numbers
from tools.linking.book import Book
from tools.linking.case import LinkedCase
from tools.linking.link import link

Adjudicated = tuple[RemitHeader, ClaimPayment]


class Casebook:
    """Denials found in a practice's remits, each joined to claim, authorization, chart and the rest on demand."""

    def __init__(self, records: Records, practice_id: str, codes: Codes, kept: Kept | None = None) -> None:
        self._records, self._practice_id, self._codes, self._kept = records, practice_id, codes, kept
        self.inputs, self._not_ours = split_by_payee(load_book_inputs(records, practice_id))
        self._cases: dict[str, Case] = {}

    @cached_property
    def examination(self) -> Examination:
        """Every denial over all remits, and every line that is none, with the reason."""
        found, accounts = self.found.examination, self.cash.accounts
        moved = (moved_by_cash(denial, accounts[denial.denial_id]) for denial in found.denials)
        return Examination(tuple(self._doubted(denial) for denial in moved), found.not_denied)

    @cached_property
    def found(self) -> Found:
        """The denials as the remits alone tell them, with every answer they were found by."""
        inputs, rules = self.inputs, AdjustmentRules(self._codes)
        return find_all(inputs.deliveries, rules, inputs.directory, rates(inputs.contracts), inputs.claims)

    @cached_property
    def cash(self) -> Cash:
        """Every denial's account, the practice's cash, and what a person must see that no denial is about."""
        others = billed_elsewhere(self.found, self.inputs, self._codes, self.history.rounds)
        amounts = OtherAmounts(rates(self.inputs.contracts), AdjustmentRules(self._codes))
        inputs = self.inputs
        cash = count_cash(self.found, inputs.directory, self._not_ours, others, amounts)
        seen = (
            *paid_twice(self.found, inputs.claims, inputs.directory),
            *records_asked(self.found, inputs.claim_statuses, inputs.claims, inputs.directory),
        )
        return Cash(cash.accounts, cash.whole.model_copy(update={"findings": (*cash.whole.findings, *seen)}))

    @cached_property
    def history(self) -> History:
        """What was sent for each denial and decided on it."""
        return History(self._records, self._practice_id, self.found, self.inputs)

    @cached_property
    def denials(self) -> dict[str, Denial]:
        """The denials by id."""
        return {denial.denial_id: denial for denial in self.examination.denials}

    def case(self, denial_id: str) -> Case:
        """Return the case of a denial; KeyError when the remits hold no such denial."""
        if denial_id not in self._cases:
            self._cases[denial_id] = self._case(self.denials[denial_id])
        return self._cases[denial_id]

    def look_again(self) -> None:
        """Make cases anew when next asked: what was sent, or decided on it, has changed."""
        self.history.look_again()
        self._cases.clear()

    def case_print(self, denial_id: str, rules: str) -> str:
        """Fingerprint everything a case rests on; `rules` names the version of tables and catalogue."""
        case = self.case(denial_id)
        held = sorted(case.parts)  # a set prints in another order in every process
        return hashlib.sha256(f"{rules}|{held}|{replace(case, parts=frozenset())!r}".encode()).hexdigest()

    def file_bytes(self, kind: str, name: str) -> bytes:
        """Return the bytes of the current file of this name; FileNotFoundError when it is not in the records."""
        with self._records.reading() as repository:
            for file in repository.files.all(self._practice_id):
                if file.kind == kind and file.name == name and file.state in ("accepted", "duplicate"):
                    content = repository.files.content(self._practice_id, file.id)
                    if content is not None:
                        return content
        raise FileNotFoundError(f"{name} is not in the records of practice {self._practice_id}")

    @cached_property
    def _book(self) -> Book:
        inputs = self.inputs
        return Book.build(
            inputs.directory,
            self._codes.hcpcs,
            claims=inputs.claims,
            authorizations=inputs.authorizations,
            charts=inputs.charts,
            coverage=inputs.coverage,
            policies=inputs.policies,
            acknowledgements=inputs.acknowledgements,
        )

    @cached_property
    def _answers(self) -> dict[tuple[str, str, str], list[Adjudicated]]:
        found: dict[tuple[str, str, str], list[Adjudicated]] = {}
        for delivery in self.inputs.deliveries:
            for claim in delivery.claims:
                key = (delivery.header.file, claim.claim_id, claim.payer_claim_number)
                found.setdefault(key, []).append((delivery.header, claim))
        return found

    @cached_property
    def _payer_numbers(self) -> dict[tuple[str, str], set[str]]:
        """What a payer (by key) has called a claim of ours (CLP07), reversals aside."""
        found: dict[tuple[str, str], set[str]] = {}
        for answers in self._answers.values():
            for header, claim in answers:
                if claim.status != "22" and claim.payer_claim_number:
                    payer = identify_payer(header, self.inputs.directory)
                    found.setdefault((payer.key, squeeze(claim.claim_id)), set()).add(claim.payer_claim_number)
        return found

    def _answered(self, payer_key: str, linked: LinkedCase) -> tuple[tuple[str, str], ...]:
        """Return our number and the payer's of every claim of the member that the payer has answered."""
        ours = {claim.claim_id for claim in linked.member_claims}
        return tuple(
            (claim_id, number)
            for claim_id in sorted(ours)
            for number in sorted(self._payer_numbers.get((payer_key, squeeze(claim_id)), ()))
        )

    def allowed_lines(self, payer_key: str, member: str) -> tuple[AdjudicatedLine, ...]:
        """Return the lines a payer has allowed a member (squeezed id) and not taken back."""
        return self._standing.get((payer_key, member), ())

    def answers_to(self, payer_key: str, claim_id: str) -> tuple[tuple[str, date | None], ...]:
        """Return the payer's numbers of a claim of ours, each with the day of the answer; reversals aside."""
        return self._answered_on.get((payer_key, squeeze(claim_id)), ())

    @cached_property
    def _answered_on(self) -> dict[tuple[str, str], tuple[tuple[str, date | None], ...]]:
        found: dict[tuple[str, str], list[tuple[str, date | None]]] = {}
        for answers in self._answers.values():
            for header, claim in answers:
                if claim.status != "22":
                    payer = identify_payer(header, self.inputs.directory)
                    answer = (claim.payer_claim_number, header.paid_on or header.produced_on)
                    found.setdefault((payer.key, squeeze(claim.claim_id)), []).append(answer)
        return {key: tuple(answers) for key, answers in found.items()}

    @cached_property
    def _conflicting(self) -> frozenset[tuple[str, str, str]]:
        return frozenset(
            (header.file, claim.claim_id, claim.payer_claim_number)
            for header, claim, conflict in self.inputs.adjudications()
            if conflict
        )

    def _doubted(self, denial: Denial) -> Denial:
        key = (denial.remit.file, denial.remit.claim_id, denial.remit.payer_claim_number or "")
        if key not in self._conflicting:
            return denial
        says = f"Two remits of trace {denial.remit.trace_number} say different things: a person must find which holds"
        return denial.model_copy(update={"doubts": (*denial.doubts, ("remit-conflict", says))})

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts of the practice's records that hold anything: where one is absent, silence proves nothing."""
        inputs = self.inputs
        held: dict[str, Iterable[object]] = {
            "auths": inputs.authorizations,
            "charts": inputs.charts,
            "coverage": inputs.coverage,
            "acks": inputs.acknowledgements,
            "contracts": inputs.contracts,
            "policies": inputs.policies,
            "claims": inputs.claims,
        }
        return frozenset(name for name, items in held.items() if items)

    @cached_property
    def _standing(self) -> dict[tuple[str, str], tuple[AdjudicatedLine, ...]]:
        """The lines payers have allowed and not taken back, by payer id and member."""
        found: dict[tuple[str, str], list[AdjudicatedLine]] = {}
        for other in self.examination.not_denied:
            if other.standing not in ("paid", "patient-share"):
                continue
            for header, claim in self._answers[(other.file, other.claim_id, other.payer_claim_number)]:
                if claim.status == "22" or other.position > len(claim.lines):
                    continue
                line = claim.lines[other.position - 1]
                payer = identify_payer(header, self.inputs.directory)
                member = self._member(claim, payer.payer.id if payer.payer else "")
                found.setdefault((payer.key, member), []).append(_allowed(header, claim, line))
                break
        for denial in self.examination.denials:
            self._add_part_payment(denial, found)
        return {key: tuple(lines) for key, lines in found.items()}

    def _add_part_payment(self, denial: Denial, found: dict[tuple[str, str], list[AdjudicatedLine]]) -> None:
        """Add what a payer paid on a line that is disputed: paid too little or in part, it is paid all the same."""
        if denial.kind not in ("underpaid", "partly_denied") or denial.line is None:
            return
        header, claim = self._adjudicated(denial)
        payer = identify_payer(header, self.inputs.directory)
        for line in claim.lines:
            if line.place.segment == denial.line.segment and line.paid > 0:
                member = self._member(claim, payer.payer.id if payer.payer else "")
                found.setdefault((payer.key, member), []).append(_allowed(header, claim, line))

    def _member(self, claim: ClaimPayment, payer_id: str) -> str:
        sent = self._book.claims_by_id.get(squeeze(claim.claim_id), ())
        ours = [c for c in sent if self._book.payer_of_claim.get(id(c)) in (payer_id, None)]
        return squeeze(ours[0].member_id if ours else member_id(claim))

    def _case(self, denial: Denial) -> Case:
        header, payment = self._adjudicated(denial)
        service = next(
            (line for line in payment.lines if denial.line and line.place.segment == denial.line.segment), None
        )
        if service is None and denial.line is not None and denial.line.position <= len(payment.lines):
            service = payment.lines[denial.line.position - 1]
        links, linked = link(denial, service, payment, header, self._book)
        payer = identify_payer(header, self.inputs.directory)
        rounds = self.history.decided(denial.denial_id)
        case = Case(
            denial=denial,
            practice=self.inputs.practice,
            payer=linked.payer,
            header=header,
            payment=payment,
            service=service,
            claim=linked.claim,
            line=linked.line,
            authorizations=linked.authorizations,
            authorization=linked.authorization or _only_row(linked, links),
            chart=linked.chart,
            coverage=linked.coverage,
            policy=linked.policy,
            acknowledgements=linked.acknowledgements,
            history=self._standing.get((payer.key, squeeze(linked.member_id)), ()),
            links=links,
            parts=self.parts,
            payers=self.inputs.payers,
            member_claims=linked.member_claims,
            answered=self._answered(payer.key, linked),
            paid_alike=paid_alike(denial, payer.key, self._standing),
            rates=tuple(row for row in self.inputs.contracts if linked.payer and row.payer_id == linked.payer.id),
            rounds=rounds,
            enclosures=enclosures(rounds, self._kept) if rounds and self._kept else (),
            requests=self.history.requests(denial.denial_id),
        )
        return self._about_the_drug(case, linked, links)

    def _about_the_drug(self, case: Case, linked: LinkedCase, links: Links) -> Case:
        """For a line that only administers a drug, or a claim as a whole: join the drug's authorization and policy.

        The policy is for reading alone: the record links it to the drug's own line.
        """
        subject = subject_line(case, self._codes)
        if subject is None or subject is case.line:
            return case
        if case.policy is None and case.payer is not None and subject.start_date is not None:
            held = self._book.policies_by_payer.get(case.payer.id, ())
            found_policy = policy_in_force(held, case.payer.id, subject.hcpcs, subject.start_date)
            if isinstance(found_policy, Policy):
                case = replace(case, policy=found_policy)
        if case.authorization is not None:
            return case
        named = named_numbers(
            case.claim, subject, tuple(r.value for r in case.payment.references if r.qualifier == "G1")
        )
        payer_id = case.payer.id if case.payer else case.denial.remit.payer_id or ""
        found, number = find_authorization(
            named, payer_id, linked.member_id, subject.hcpcs, subject.start_date, self._book
        )
        rule = f"{found.rule}, for {subject.hcpcs} given with this service"
        joined = links.model_copy(
            update={
                "auth_number": Link(value=number, rule=rule) if number else None,
                "ambiguous": tuple(dict.fromkeys((*links.ambiguous, *found.ambiguous))),
            }
        )
        return replace(case, authorization=found.record, links=joined)

    def _adjudicated(self, denial: Denial) -> Adjudicated:
        key = (denial.remit.file, denial.remit.claim_id, denial.remit.payer_claim_number or "")
        answers = self._answers[key]
        wanted = denial.line.segment if denial.line else None
        for header, claim in answers:
            if wanted is not None and any(line.place.segment == wanted for line in claim.lines):
                return header, claim
        same_status = [item for item in answers if item[1].status == denial.remit.claim_status]
        return (same_status or answers)[0]


def _only_row(linked: LinkedCase, links: Links) -> Authorization | None:
    """Return the named authorization's row when it has just one: what it lists instead is then the question."""
    number = links.auth_number.value if links.auth_number else ""
    rows = [row for row in linked.authorizations if number and squeeze(row.auth_number) == squeeze(number)]
    return rows[0] if len(rows) == 1 else None


def _allowed(header: RemitHeader, claim: ClaimPayment, line: ServicePayment) -> AdjudicatedLine:
    return AdjudicatedLine(
        file=header.file,
        segment=line.place.segment,
        paid_on=header.paid_on or header.produced_on,
        claim_id=claim.claim_id,
        payer_claim_number=claim.payer_claim_number,
        hcpcs=billed_code(line),
        modifiers=line.modifiers,
        service_date=service_day(line, claim),
        units=line.units_paid if line.units_paid is not None else line.units_submitted,
        charge=line.charge,
        paid=line.paid,
        covered=True,
        line_control=line.line_control,
        allowed=allowance(line),
    )


def rates(contracts: tuple[ContractRate, ...]) -> RateFor:
    """Return a look-up of contracted dollars per billing unit by payer, code and day."""
    by_code: dict[tuple[str, str], list[ContractRate]] = {}
    for row in contracts:
        by_code.setdefault((row.payer_id, row.hcpcs), []).append(row)

    def rate_for(payer_id: str, hcpcs: str, on: date) -> Decimal | None:
        fits = [
            row.rate
            for row in by_code.get((payer_id, hcpcs), ())
            if (row.start_date is None or row.start_date <= on) and (row.end_date is None or on <= row.end_date)
        ]
        return fits[0] if len(set(fits)) == 1 else None

    return rate_for
