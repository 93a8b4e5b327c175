"""What is out and unanswered: by when the payer must decide, and what is past that day."""

from datetime import date

from knowledge.records import Records
from knowledge.types.outcomes import Round
from knowledge.types.practice import Frozen


class Unanswered(Frozen):
    """Something sent that no decision has come for. `answer_due` None = payers.yaml does not say by when.

    `days_over` counts the days past `answer_due`, below zero while the payer still has time.
    """

    denial_id: str
    payer_id: str | None
    claim_id: str
    remedy: str
    level: str
    sent_on: date
    channel: str
    answer_due: date | None
    days_over: int | None
    says: str


def unanswered(records: Records, practice_id: str, as_of: date) -> tuple[Unanswered, ...]:
    """Return what is out with payers, the longest overdue first; what has no day known comes last.

    As of the practice's last run: what was sent since is in the outbox.
    """
    with records.reading() as repository:
        accounts = repository.outcomes.accounts(practice_id)
        stored = {one.denial_id: one for one in repository.denials.all(practice_id)}
    found = []
    for denial_id, account in accounts.items():
        last = account.rounds[-1] if account.rounds else None
        one = stored[denial_id]
        if last is None or last.sent_on is None or last.decision is not None or one.status != "sent":
            continue
        remit = one.denial.remit
        found.append(_unanswered(denial_id, remit.payer_id, remit.claim_id, last, last.sent_on, as_of))
    return tuple(sorted(found, key=lambda u: (u.answer_due or date.max, u.sent_on, u.denial_id)))


def _unanswered(
    denial_id: str, payer_id: str | None, claim_id: str, last: Round, sent_on: date, as_of: date
) -> Unanswered:
    over = (as_of - last.answer_due).days if last.answer_due is not None else None
    what = last.level or last.remedy.replace("_", " ")
    if over is None:
        says = f"{what} sent on {sent_on.isoformat()}: no answer yet, and no day known by which there must be one"
    elif over > 0:
        says = f"{what} sent on {sent_on.isoformat()}: no answer by {last.answer_due}, ask the payer"
    else:
        says = f"{what} sent on {sent_on.isoformat()}: an answer is due by {last.answer_due}"
    return Unanswered(
        denial_id=denial_id,
        payer_id=payer_id,
        claim_id=claim_id,
        remedy=last.remedy,
        level=last.level,
        sent_on=sent_on,
        channel=last.channel,
        answer_due=last.answer_due,
        days_over=over,
        says=says,
    )
