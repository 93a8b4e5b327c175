"""What somebody may do with a case, said before they try: the role and signature it needs, what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from agent.approving.authority import Authority, levels_named, needed
from agent.approving.letter_subjects import letter_subjects
from agent.approving.signing import needs_physician
from agent.work import Draft
from api.access.principal import Principal
from knowledge.records import Approval, Outgoing, Role
from knowledge.types.practice import Payer, Practice
from knowledge.types.record import DenialRecord


@dataclass(frozen=True)
class Standing:
    """What may be done now. `hindrances` say why it cannot be approved by this person, and what to do about it.

    `roles` are those whose approval it needs, none = anybody's who reviews. `signers` are whom the signature can be
    of, where one is needed; `signer` the one it is for.
    """

    may_approve: bool
    may_edit: bool
    may_reject: bool
    may_assign: bool
    may_ask: bool
    may_take_back: bool
    hindrances: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()
    signature: str = ""
    signers: tuple[str, ...] = ()
    signer: str = ""


def standing_of(
    record: DenialRecord,
    draft: Draft | None,
    principal: Principal,
    practice: Practice,
    payer: Payer | None,
    approval: Approval | None,
    sends: Sequence[Outgoing],
) -> Standing:
    """Work out what a person may do with a case as it stands; the approval itself is held to all of it again."""
    letter = draft.letter if draft else None
    subjects = tuple(letter_subjects(letter, payer, levels_named()))
    rows = needed(record.remedy, draft.changes if draft else (), subjects)
    role = cast("Role", principal.role) if principal.role in get_args(Role) else None
    reviews, waits = principal.may("denials.review"), record.status == "in_review"
    hindrances = tuple(_hindrances(rows, role, record)) if waits and reviews else ()
    if waits and not reviews:
        hindrances = (("Your role reads cases; it does not decide on them.", "Tell a biller what you found."),)
    signing = next((row.why for row in rows if row.signature), "")
    named = needs_physician(letter) and letter is not None
    gone = any(one.state in ("handed_over", "receipted") or one.prepared_at is not None for one in sends)
    return Standing(
        may_approve=waits and reviews and not hindrances,
        may_edit=reviews and letter is not None and record.status in ("in_review", "approved", "worked"),
        may_reject=waits and reviews,
        may_assign=principal.may("denials.assign"),
        may_ask=principal.may("denials.assign"),
        may_take_back=reviews and not gone and (record.status == "approved" or (record.status == "closed")),
        hindrances=hindrances,
        roles=tuple(dict.fromkeys(role for row in rows if not _anybody(row) for role in row.roles)),
        signature=signing,
        signers=tuple(sorted(one.name for one in practice.providers)) if signing else (),
        signer=letter.signature.name if named and letter is not None else "",
    )


def _hindrances(rows: Sequence[Authority], role: Role | None, record: DenialRecord) -> list[tuple[str, str]]:
    found = []
    for row in rows:
        if _anybody(row) or role in row.roles:
            continue
        what = f"{row.subject} {row.value}" if row.value != "*" else f"a change of {row.subject}"
        may = " or ".join(row.roles)
        yours = f"You decide as {role}." if role else "Your role decides on no case."
        says = f"{what.replace('_', ' ').replace('-', ' ').capitalize()} is for a {may} to approve: {row.why}. {yours}"
        found.append((says, f"Assign it to a {may}; it stays in the queue until then."))
    return found


def _anybody(row: Authority) -> bool:
    return set(get_args(Role)) <= set(row.roles)
