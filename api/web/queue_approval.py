"""Several cases approved from the queue: each as it was shown, and what becomes of each said by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.approving.refusal import ApprovalRefused
from agent.approving.several import approve_several
from agent.approving.taking_back import CannotTakeBack, take_back
from agent.office import NotWaiting
from agent.work import Draft
from api.access.principal import Principal
from api.service import Service
from api.web.case_standing import standing_of
from api.web.case_view import tag_of
from knowledge.records import Role, UnknownDenial
from knowledge.types.record import DenialRecord

STALE = "it has changed since it was shown: look at it again"


@dataclass(frozen=True)
class Looked:
    """A case as it stands before it is approved with others.

    `tag` names what a decision rests on, the bytes of its files among it. `hindrance` says why it cannot go with the
    others, blank = it can.
    """

    denial_id: str
    tag: str
    patient: str
    claim: str
    amount: Decimal
    says: str
    remedy: str
    packet: bool
    hindrance: str


@dataclass(frozen=True)
class Fared:
    """What became of one case: approved, or why not."""

    denial_id: str
    claim: str
    why: str = ""


def look(service: Service, principal: Principal, practice_id: str, denial_ids: Sequence[str]) -> tuple[Looked, ...]:
    """Show cases as they stand now, in the order asked for; those that are not there are left out."""
    found = []
    with service.office.records.reading() as repository:
        practice = repository.files.practice(practice_id)
        payers = {payer.id: payer for payer in repository.facts.payers(practice_id)}
        items = repository.worklist.items(practice_id, denial_ids)
        for denial_id in dict.fromkeys(denial_ids):
            stored = repository.denials.get(practice_id, denial_id)
            if practice is None or stored is None or stored.record is None:
                continue
            record = DenialRecord.model_validate(stored.record)
            draft = repository.casework.work(practice_id, denial_id, "draft", Draft)
            reviews = repository.casework.reviews(practice_id, denial_id)
            approval = repository.approvals.live(practice_id, denial_id)
            sends = repository.outbox.of(practice_id, denial_id)
            payer = payers.get(record.remit.payer_id or "")
            standing = standing_of(record, draft, principal, practice, payer, approval, sends)
            hindrance = ""
            if record.status != "in_review":
                hindrance = f"It is {record.status.replace('_', ' ')}: it waits for nobody."
            elif standing.hindrances:
                hindrance = " ".join(standing.hindrances[0])
            elif standing.signature:
                hindrance = f"{standing.signature[:1].upper()}{standing.signature[1:]}: open it, and name who signed."
            item = items.get(denial_id)
            found.append(
                Looked(
                    denial_id=denial_id,
                    tag=tag_of(record, draft.letter if draft else None, len(reviews)),
                    patient=(item.patient if item else None) or "Name not known",
                    claim=record.remit.claim_id,
                    amount=Decimal(record.amount_at_stake),
                    says=record.says,
                    remedy=record.remedy,
                    packet=any(name == "packet" and made is not None for name, made in record.products),
                    hindrance=hindrance,
                )
            )
    return tuple(found)


def approve_shown(
    service: Service,
    principal: Principal,
    practice_id: str,
    shown: Sequence[tuple[str, str]],
    *,
    by: str,
    reason: str,
    role: Role | None,
) -> tuple[Fared, ...]:
    """Approve cases by id and tag, one after another; one that is not as it was shown is left as it is, and said.

    Raises:
        UnknownDenial: one is none of the practice's, or has not been worked; none was approved then.
    """
    held = {one.denial_id: one for one in look(service, principal, practice_id, [name for name, _ in shown])}
    for denial_id, _ in shown:
        if denial_id not in held:
            raise UnknownDenial(f"practice {practice_id} has no denial {denial_id}, or it has not been worked yet")
    found = []
    for denial_id, tag in dict(shown).items():
        # Looked at again one by one: the approval before may have changed it (one packet may answer several).
        (now,) = look(service, principal, practice_id, [denial_id])
        why = STALE if now.tag != tag else ""
        if not why:
            try:
                approve_several(service.office, practice_id, [denial_id], by=by, reason=reason, role=role)
            except (ApprovalRefused, NotWaiting) as refused:
                why = str(refused).removeprefix(f"{denial_id} ({now.claim}): ").removeprefix(f"{denial_id} ")
        found.append(Fared(denial_id, now.claim, why))
    return tuple(found)


def take_back_all(service: Service, practice_id: str, denial_ids: Sequence[str], *, by: str) -> tuple[Fared, ...]:
    """Take the last decision on each back, where nothing of it was sent; what could not be is said."""
    found = []
    for denial_id in dict.fromkeys(denial_ids):
        why = ""
        record = service.office.record(practice_id, denial_id)
        try:
            take_back(service.office, practice_id, denial_id, by=by, reason="undone in the queue")
        except (CannotTakeBack, UnknownDenial) as refused:
            why = str(refused)
        found.append(Fared(denial_id, record.remit.claim_id if record else denial_id, why))
    return tuple(found)
