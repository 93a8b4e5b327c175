"""From diagnosis to decision: remedy, clocks, and whether a person must decide (contract, section 2, rule 2)."""

from datetime import date, timedelta

from agent.closing.bars import patient_bars
from agent.closing.due_back import due_back
from agent.diagnosis.case import Case
from agent.diagnosis.confidence import too_unsure
from agent.diagnosis.printed import money
from agent.diagnosis.remedies import NO_APPEAL
from agent.following.levels import NextStep, next_step
from agent.following.request_clock import request_clock, request_reason
from agent.peer_to_peer import peer_to_peer_clock
from knowledge.calibration import in_force
from knowledge.causes import load_catalogue
from knowledge.types.deadlines import Deadline
from knowledge.types.diagnosis import Diagnosis, Remedy, ReviewReason
from knowledge.types.practice import Frozen
from tools.timeliness import Events, deadlines, open_questions

MONEY_DECISIONS: frozenset[Remedy] = frozenset({"write_off", "refund", "bill_patient"})
"""Remedies only a person may choose: they give up money, or ask a patient for it (domain facts 8)."""


CLAIM_AT_HAND: frozenset[Remedy] = frozenset({"appeal", "reconsideration", "corrected_claim", "new_claim"})
"""Remedies that argue about or change the claim as it was sent."""


CLAIM_SENT: frozenset[Remedy] = frozenset({"corrected_claim", "new_claim", "reopening"})
"""Remedies by which a claim goes to the payer again, each with a clock of its own."""

BILLED_TO_A_FACILITY = frozenset({"inpatient-overlap", "snf-consolidated-billing"})
"""Causes by which the hospital or the nursing facility owes the service: no payer's filing limit binds that bill."""


class Decision(Frozen):
    """What is to be done with one denial, by when, and why a person must look (no reason = none must)."""

    remedy: Remedy
    then: Remedy | None
    deadlines: tuple[Deadline, ...]
    review_reasons: tuple[ReviewReason, ...]
    missing: tuple[str, ...]

    @property
    def route(self) -> str:
        """Return the contract's route."""
        return "review" if self.review_reasons else "straight_through"


def decide(case: Case, diagnosis: Diagnosis, as_of: date) -> Decision:
    """Set remedy and clocks, and collect every reason for which a person must decide.

    A denial that a later remit has settled keeps its remedy as the answer it had, and asks for nobody; only a cause
    that stayed unknown or unsure is still shown to a person (contract, rule 2), with nothing left to do.
    """
    diagnosis = _paying_back(case, _without_patient_bill(case, diagnosis))
    clocks, questions = _clocks(case, diagnosis, as_of)
    asked = request_clock(case, as_of)
    answered = "send_records" in (diagnosis.remedy, diagnosis.then)
    clocks = (*asked, *clocks) if answered else (*clocks, *asked)
    clocks = (*clocks, *peer_to_peer_clock(case, diagnosis, as_of))
    if case.denial.outcome in ("won", "lost"):
        return _settled(case, diagnosis, clocks)
    missing = tuple(dict.fromkeys((*diagnosis.missing, *questions)))
    decision = Decision(
        remedy=diagnosis.remedy,
        then=diagnosis.then,
        deadlines=clocks,
        review_reasons=_reasons(case, diagnosis, clocks),
        missing=missing,
    )
    step = next_step(case, diagnosis, as_of)
    return _after(decision, step) if step is not None else decision


def _after(decision: Decision, step: NextStep) -> Decision:
    """Change a decision by what was sent before and decided since; the first clock's having run out is said anew."""
    moved = step.remedy is not None and step.deadlines is not None
    kept = tuple(reason for reason in decision.review_reasons if not moved or reason.code != "deadline-passed")
    return decision.model_copy(
        update={
            "remedy": step.remedy or decision.remedy,
            "then": None if step.remedy else decision.then,
            "deadlines": step.deadlines if step.deadlines is not None else decision.deadlines,
            "review_reasons": (*kept, *step.reasons),
            "missing": tuple(dict.fromkeys((*decision.missing, *step.missing))),
        }
    )


def _without_patient_bill(case: Case, diagnosis: Diagnosis) -> Diagnosis:
    """Take a patient bill out of an answer, wherever it came from, when the patient may not be billed (facts 1.5)."""
    if "bill_patient" not in (diagnosis.remedy, diagnosis.then, *diagnosis.other_remedies):
        return diagnosis
    bars = patient_bars(case)
    if not bars:
        return diagnosis
    reasons = diagnosis.review_reasons
    if "bill_patient" in (diagnosis.remedy, diagnosis.then):
        says = f"The patient may not be billed: {bars[0].says} ({bars[0].source})"
        reasons = (*reasons, ReviewReason(code="patient-protected", says=says))
    return diagnosis.model_copy(
        update={
            "remedy": "contact_payer" if diagnosis.remedy == "bill_patient" else diagnosis.remedy,
            "then": None if diagnosis.then == "bill_patient" else diagnosis.then,
            "other_remedies": tuple(other for other in diagnosis.other_remedies if other != "bill_patient"),
            "review_reasons": reasons,
        }
    )


def _paying_back(case: Case, diagnosis: Diagnosis) -> Diagnosis:
    """Answer with a refund where the payer has paid what is not its to pay; that it is due is said to a person."""
    back = due_back(case, diagnosis)
    if back is None:
        return diagnosis
    reason = ReviewReason(code="paid-in-error", says=back.says)
    update = {"remedy": "refund", "then": back.then, "review_reasons": (*diagnosis.review_reasons, reason)}
    return diagnosis.model_copy(update=update)


def _settled(case: Case, diagnosis: Diagnosis, clocks: tuple[Deadline, ...]) -> Decision:
    reasons = [reason for reason in diagnosis.review_reasons if reason.code in ("cause-unknown", "paid-in-error")]
    unsure = too_unsure(diagnosis.confidence, case.practice.review.min_confidence, in_force(load_catalogue()))
    if unsure is not None and not reasons:
        reasons.append(unsure)
    nothing_left = case.denial.outcome == "won" and diagnosis.root_cause == "unknown"
    return Decision(
        remedy="close" if nothing_left else diagnosis.remedy,
        then=None if nothing_left else diagnosis.then,
        deadlines=() if nothing_left else clocks,
        review_reasons=tuple(reasons),
        missing=(),
    )


def _clocks(case: Case, diagnosis: Diagnosis, as_of: date) -> tuple[tuple[Deadline, ...], tuple[str, ...]]:
    payer, denial = case.payer, case.denial
    if payer is None:
        return (), (f"payers.yaml has no entry for {denial.remit.payer_name or 'the payer'}: no clock is known",)
    served = denial.line.service_date if denial.line else None
    if served is None and case.claim is not None:
        served = min((line.start_date for line in case.claim.lines if line.start_date), default=None)
    events = Events(remit_date=denial.remit.paid_on, service_date=served)
    clocks = deadlines(payer, events, as_of, diagnosis.remedy, diagnosis.then)
    if diagnosis.remedy == "write_off":
        # Giving up is a person's choice: the clocks of what could still be tried are shown beside it.
        tried = (clock for other in diagnosis.other_remedies for clock in deadlines(payer, events, as_of, other))
        clocks = tuple(sorted({*clocks, *tried}, key=lambda clock: (clock.expired, clock.date, clock.action)))
    if diagnosis.root_cause == "premium-grace-period":
        return (), ()  # pended until the premium is paid: the payer has decided nothing that could be appealed
    if not appealable(case):
        clocks = tuple(clock for clock in clocks if clock.action not in ("appeal", "reconsideration"))
    questions = open_questions(payer, events, diagnosis.remedy, diagnosis.then)
    bound = any(clock.action in (diagnosis.remedy, diagnosis.then) for clock in clocks)
    if diagnosis.remedy in CLAIM_SENT and not bound:
        clocks = ()  # how long the payer takes it is not set: another remedy's clock does not bind it (contract 2)
    if diagnosis.remedy == "bill_other_payer":
        facility = diagnosis.root_cause in BILLED_TO_A_FACILITY
        own = () if facility else other_payer_clock(case, served, as_of)
        # Where the other payer's limit is not known no clock binds: an appeal to this payer is not what is to be done.
        clocks = (*own, *clocks) if own else ()
        asked = () if own or facility else ("the other payer's timely_filing_days in payers.yaml",)
        questions = (*questions, *asked)
    return clocks, questions


def appealable(case: Case) -> bool:
    """Tell whether the payer's answer can be appealed at all.

    Remark MA130 calls a claim unprocessable, and original Medicare's late-filing answer is no initial determination:
    neither has appeal rights (domain facts 1.1, rule 8). Some remarks say so themselves.
    """
    medicare = case.payer is not None and case.payer.line_of_business == "medicare_ffs"
    late = any(adjustment.carc == "29" for adjustment in case.denial.adjustments)
    barred = set(case.denial.remarks) & {"MA130", *NO_APPEAL}
    return not barred and not (medicare and late)


def other_payer_clock(case: Case, served: date | None, as_of: date) -> tuple[Deadline, ...]:
    """Return until when the other payer takes the claim: its own filing limit from the date of service."""
    own = case.payer.id if case.payer else ""
    active = {
        row.payer_id
        for row in case.coverage
        if row.payer_id != own
        and served is not None
        and (row.start_date is None or row.start_date <= served)
        and (row.end_date is None or served <= row.end_date)
    }
    others = [payer for payer in case.payers if payer.id in active and payer.timely_filing_days is not None]
    if len(others) != 1 or served is None or others[0].timely_filing_days is None:
        return ()
    days = others[0].timely_filing_days
    last = served + timedelta(days=days)
    rule = f"payers.yaml {others[0].id} timely_filing_days: {days} days from service_date {served}"
    return (
        Deadline(
            action="bill_other_payer",
            date=last,
            rule=rule,
            days_left=(last - as_of).days,
            expired=as_of > last,
            safe_by=last,
            says=f"{others[0].name} takes claims until {last}",
        ),
    )


def _reasons(case: Case, diagnosis: Diagnosis, clocks: tuple[Deadline, ...]) -> tuple[ReviewReason, ...]:
    policy = case.practice.review
    reasons = [*diagnosis.review_reasons, *request_reason(case, diagnosis)]
    reasons += [ReviewReason(code=code, says=says) for code, says in case.links.ambiguous]
    reasons += [ReviewReason(code=code, says=says) for code, says in case.denial.doubts]
    if case.payer is None:
        reasons.append(ReviewReason(code="payer-unknown", says="The payer of the remit is not in payers.yaml"))
    if diagnosis.remedy in MONEY_DECISIONS:
        says = f"{diagnosis.remedy.replace('_', ' ').capitalize()} is a person's decision"
        reasons.append(ReviewReason(code="money-decision", says=says))
    if diagnosis.remedy == "contact_payer" and not reasons:
        reasons.append(ReviewReason(code="person-acts", says="The next step is a person's: a call to the payer"))
    if case.claim is None and diagnosis.remedy in CLAIM_AT_HAND and not reasons:
        says = "The claim as it was sent is not in the folder: nothing shows what was billed"
        reasons.append(ReviewReason(code="document-missing", says=says))
    if diagnosis.remedy == "send_records" and diagnosis.missing:
        says = f"Asked for and not in the chart: {', '.join(diagnosis.missing)}"
        reasons.append(ReviewReason(code="document-missing", says=says))
    limit = policy.max_amount_without_review
    if limit is not None and case.denial.amount_at_stake > limit:
        says = f"{money(case.denial.amount_at_stake)} is above the practice's limit of {money(limit)}"
        reasons.append(ReviewReason(code="amount-over-limit", says=says))
    unsure = too_unsure(diagnosis.confidence, policy.min_confidence, in_force(load_catalogue()))
    if unsure is not None and diagnosis.root_cause != "unknown":
        reasons.append(unsure)
    if not policy.straight_through:
        reasons.append(ReviewReason(code="practice-reviews-all", says="The practice reviews every case"))
    own = [clock for clock in clocks if clock.action == diagnosis.remedy]
    if own and all(clock.expired for clock in own):
        says = f"The clock for {diagnosis.remedy.replace('_', ' ')} ran out on {own[0].date.isoformat()}"
        reasons.append(ReviewReason(code="deadline-passed", says=says))
    return tuple({reason.code + reason.says: reason for reason in reasons}.values())
