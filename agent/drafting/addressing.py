"""Where a letter goes: the payer's own level for its remedy, what that level is called, and what its entry lacks."""

import re

from agent.diagnosis.case import Case
from agent.following.levels import lost_rounds, open_level
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import AppealLevel, Frozen

OWN_WORDS: dict[Remedy, tuple[str, ...]] = {
    "reconsideration": ("reconsideration", "review"),
    "appeal": ("appeal", "redetermination"),
    "reopening": ("reopening",),
    "send_records": ("records",),
    "payment_dispute": ("dispute",),
}
"""Words of a level's name in payers.yaml by which it is the one for a remedy."""

_NO_LEVEL: dict[Remedy, str] = {
    "reopening": "Reopening request",
    "send_records": "Response to records request",
    "payment_dispute": "Payment dispute",
}
"""Remedies that are no level of appeal: what they are called where the payer's entry names no desk of their own."""

_MEDICARE = ("Redetermination (first level of appeal)", "Reconsideration (second level of appeal)")
"""What original Medicare calls its levels (domain facts 5): the contract records the first as an appeal."""

UNSENT = frozenset({"authorization_fix", "bill_other_payer"})
"""Remedies whose desk is no entry of the payer's appeals: where they go must be given when they are sent."""


class Desk(Frozen):
    """The payer's entry a letter goes by (None = there is none), its name as printed, and what a person must check."""

    level: AppealLevel | None = None
    name: str = ""
    borrowed: bool = False
    notes: tuple[str, ...] = ()


def desk_for(case: Case, remedy: Remedy) -> Desk:
    """Return where a letter for this remedy goes with the payer at hand.

    A remedy that is no appeal goes to the payer's first appeals address where no entry of its own is set: that is the
    one address known, and it is said, for such a desk may take it for an appeal.
    """
    payer = case.payer
    if payer is None:
        return Desk(name=_NO_LEVEL.get(remedy, ""))
    if remedy in UNSENT:
        what = "its authorization desk" if remedy == "authorization_fix" else "the other payer's claims desk"
        return Desk(notes=(f"payers.yaml has no address of {what}: give it when the letter is sent",))
    own = next((level for level in payer.appeals if _words(level.level) & set(OWN_WORDS.get(remedy, ()))), None)
    medicare = payer.line_of_business == "medicare_ffs"
    if medicare and remedy == "appeal" and payer.appeals:
        own = payer.appeals[0]
    if remedy in ("reconsideration", "appeal", "payment_dispute") and lost_rounds(case):
        opened = open_level(case)  # an earlier level was decided against us: it goes to the one that is open now
        own = opened[1] if opened is not None else own
    found = own or (payer.appeals[0] if payer.appeals else None)
    borrowed = own is None and remedy in _NO_LEVEL
    if found is None:
        return Desk(name=_NO_LEVEL.get(remedy, ""), notes=(_lacks(payer.name, remedy, ""),))
    name = _NO_LEVEL[remedy] if borrowed else found.level.replace("_", " ").capitalize()
    if medicare and remedy in ("appeal", "reconsideration") and found in payer.appeals[:2]:
        name = _MEDICARE[payer.appeals.index(found)]
    to = found.send_to
    notes = []
    if not (to.address or to.fax or to.portal):
        notes.append(_lacks(payer.name, remedy, found.level))
    elif borrowed:
        notes.append(
            f"payers.yaml names no desk of {payer.name} for a {name.casefold()}: the letter goes to that of its "
            f"{found.level.replace('_', ' ')}; check that it takes them there"
        )
    return Desk(level=found, name=name, borrowed=borrowed, notes=tuple(notes))


def _lacks(payer: str, remedy: Remedy, level: str) -> str:
    where = f"for its level {level!r}" if level else f"for a {remedy.replace('_', ' ')}"
    return f"payers.yaml has no address, fax or portal of {payer} {where}: give one when the letter is sent"


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.casefold()))
