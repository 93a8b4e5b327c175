"""What was edited, approved and sent of a denial, for the page of one denial."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from api.terminal.words import plain

if TYPE_CHECKING:
    from api.dossier import Dossier
    from knowledge.records import Approval, Attempt, Outgoing


def edits(dossier: "Dossier") -> Iterator[RenderableType]:
    """Give each edit of the letter: who, when, why, and what changed."""
    for edit in dossier.edits:
        role = f" ({edit.role})" if edit.role else ""
        yield Text.assemble((f"{_when(edit.at)} ", "dim"), plain(f"{edit.by}{role}: {edit.reason}"))
        for line in edit.diff.splitlines()[2:]:
            yield Text(f"  {plain(line)}", "green" if line.startswith("+") else "red")


def approvals(dossier: "Dossier") -> Iterator[RenderableType]:
    """Give each approval: who, when, in which role, signed by whom, of which bytes, and why it no longer holds."""
    for approval in dossier.approvals:
        yield _approval(approval)
        for file in approval.files:
            yield Text(plain(f"  {file.kind.replace('_', ' ')} {file.sha256}"), "dim")
        if approval.void_code is not None and approval.voided_at is not None:
            says = f"  no longer holds since {_when(approval.voided_at)}: {approval.void_reason}"
            yield Text(plain(says), "yellow")


def sends(dossier: "Dossier") -> Iterator[RenderableType]:
    """Give each send: where it went, how it stands, every attempt, and its receipt."""
    for given in dossier.directions:
        where = ", ".join(part for part in (given.address, f"fax {given.fax}" if given.fax else "") if part)
        yield Text.assemble((f"{_when(given.at)} ", "dim"), plain(f"{given.by} says that it goes to {where}"))
    for outgoing, attempts in dossier.sends:
        yield from _send(outgoing, attempts)


def _approval(approval: "Approval") -> Text:
    role = f" ({approval.role})" if approval.role else ""
    signed = f", signed by {approval.signed_by}" if approval.signed_by else ""
    by = "released by policy" if approval.by == "policy" else f"approved by {approval.by}{role}{signed}"
    says = f"{approval.remedy.replace('_', ' ')} {by}"
    return Text.assemble((f"{_when(approval.at)} ", "dim"), plain(says), (f"  {approval.sha256[:16]}", "dim"))


def _send(outgoing: "Outgoing", attempts: "tuple[Attempt, ...]") -> Iterator[RenderableType]:
    what, state = outgoing.kind.replace("_", " "), outgoing.state.replace("_", " ")
    since = outgoing.receipted_at or outgoing.handed_over_at or outgoing.queued_at
    says = f"{what} by {outgoing.channel} to {outgoing.target}: {state}"
    yield Text.assemble((f"{_when(since)} ", "dim"), (outgoing.key, "cyan"), " ", plain(says))
    yield Text(plain(f"  approval {outgoing.approval_sha256[:16]}, handed over {outgoing.handed_sha256}"), "dim")
    for one in attempts:
        ended = f"{one.outcome.replace('_', ' ')}: {one.says}" if one.outcome else "cut off"
        yield Text(plain(f"  attempt {one.number} at {_when(one.began_at)}: {ended}"), "dim")
    if outgoing.receipt_sha256:
        yield Text(
            plain(f"  receipt {outgoing.receipt_sha256} (overturn outbox show {outgoing.key} --part receipt)"), "dim"
        )


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
