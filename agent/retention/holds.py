"""Legal holds: placed and lifted by somebody, for a reason, on a denial or a member."""

import hashlib
from datetime import datetime

from knowledge.records import Records
from knowledge.records.keeping import HoldSubject, LegalHold
from knowledge.records.sortable_ids import sortable_id
from tools.denials.identity import squeeze


class NothingToHold(ValueError):
    """The practice has nothing of whom, or of what, is to be held."""


def place_hold(
    records: Records, practice_id: str, subject: HoldSubject, named: str, *, why: str, by: str, now: datetime
) -> LegalHold:
    """Hold a denial's patient, or a member: nothing of them is removed until the hold is lifted.

    Raises:
        NothingToHold: the practice has no such denial or member, or no reason is given.
    """
    if not why.strip():
        raise NothingToHold("a hold needs a reason: which matter, who asked for it")
    with records.transaction() as tx:
        if subject == "denial" and tx.denials.get(practice_id, named) is None:
            raise NothingToHold(f"practice {practice_id} has no denial {named}: give its whole id")
        if subject == "member" and not any(
            squeeze(named) in map(squeeze, mention.members) for mention in tx.mentions.all(practice_id)
        ):
            raise NothingToHold(f"practice {practice_id} has nothing of member {named}")
        digest = hashlib.sha256(f"{practice_id}|{subject}|{named}|{by}|{now.isoformat()}".encode()).digest()
        hold = LegalHold(
            hold_id=sortable_id("hld", now, digest),
            practice_id=practice_id,
            subject=subject,
            named=named,
            why=why,
            placed_by=by,
            placed_at=now,
        )
        tx.keeping.place(hold)
        tx.audit.mention("hold", hold.hold_id)
        return hold


def lift_hold(records: Records, hold_id: str, *, why: str, by: str, now: datetime) -> LegalHold:
    """Lift a hold: what it held may be removed again.

    Raises:
        UnknownHold: there is none of this id that stands.
        NothingToHold: no reason is given.
    """
    if not why.strip():
        raise NothingToHold("lifting a hold needs a reason: which matter has ended")
    with records.transaction() as tx:
        tx.audit.mention("hold", hold_id)
        return tx.keeping.lift(hold_id, by, why, now)
