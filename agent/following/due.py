"""What is out and unanswered: by when the payer must decide, and what is past that day."""

from datetime import date

from agent.following.records_asked import REQUESTED, UNMATCHED
from agent.ranking import sent_now
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


class Asked(Frozen):
    """Records a payer asks for on a claim that is not denied, or on none we know: answered in time, none is denied.

    `due` None = the payer does not say by when. `days_left` is below zero once that day has passed.
    """

    says: str
    source: str
    due: date | None
    days_left: int | None


def asked(records: Records, practice_id: str, as_of: date) -> tuple[Asked, ...]:
    """Return what payers ask for and no denial answers, the first due first; as of the practice's last run."""
    with records.reading() as repository:
        cash = repository.outcomes.cash(practice_id)
    found = [one for one in cash.findings if one.code in (REQUESTED, UNMATCHED)] if cash is not None else []
    told = [
        Asked(says=one.says, source=one.source, due=one.at, days_left=(one.at - as_of).days if one.at else None)
        for one in found
    ]
    return tuple(sorted(told, key=lambda one: (one.due or date.max, one.source)))


def unanswered(records: Records, practice_id: str, as_of: date) -> tuple[Unanswered, ...]:
    """Return what is out with payers, the longest overdue first; what has no day known comes last.

    As of the practice's last run: what was sent since is in the outbox.
    """
    found = []
    for one, last in sent_now(records, practice_id):
        if last.sent_on is not None and last.decision is None:
            remit = one.remit
            found.append(_unanswered(one.denial_id, remit.payer_id, remit.claim_id, last, last.sent_on, as_of))
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
