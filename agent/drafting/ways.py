"""How a payer wants a letter sent, as learned rules say it: carried out where it only chooses among what is known.

What is known of a payer are its entries in payers.yaml. A rule changes none of it: no address is made up, no clock
moves, and who may approve the letter stays the same. Whatever would be more than a choice goes to a person.
"""

import csv
import re
from functools import cache
from importlib.resources import files

from agent.approving.authority import levels_named
from agent.diagnosis.case import Case
from agent.drafting.addressing import OWN_WORDS, UNSENT, desk_for
from agent.following.levels import lost_rounds
from knowledge.types.diagnosis import Remedy
from knowledge.types.letters import LetterCase
from knowledge.types.practice import AppealLevel, Frozen, SendTo

CARRIED = ("level", "addressee", "channel", "form")
"""What of a payer's wishes may be carried out, in the order in which one rests on another."""

_SHORTEST_ADDRESS = 6
"""A shorter piece of an address names no desk."""


class Way(Frozen):
    """A letter's material as rules have it sent; `done` names each wish that was carried out, and how."""

    material: LetterCase
    done: tuple[tuple[str, str], ...] = ()


def sent_by(material: LetterCase, case: Case, remedy: Remedy, wants: dict[str, str]) -> Way:
    """Return the material with level, desk and channel as `wants` says, as far as each is one of the payer's own."""
    done = []
    if (name := wants.get("level")) is not None and (level := _level(material, case, remedy, name)) is not None:
        shown = level.level.replace("_", " ")
        if _squeezed(shown) != _squeezed(material.level) and level != desk_for(case, remedy).level:
            material = _to(material, level.send_to).model_copy(update={"level": shown})
        done.append(("level", f"it goes as {shown}"))
    if (name := wants.get("addressee")) is not None and (to := _desk(case, remedy, name)) is not None:
        material = _to(material, to)
        done.append(("addressee", f"it is addressed to {to.address}"))
    if (name := wants.get("channel")) is not None and (by := _channel(material, name)) is not None:
        kept = {"fax": ("send_fax",), "portal": ("send_portal",), "mail": ()}[by]
        material = material.model_copy(update={f: "" for f in ("send_fax", "send_portal") if f not in kept})
        done.append(("channel", f"it goes by {by}"))
    return Way(material=material, done=tuple(done))


def _level(material: LetterCase, case: Case, remedy: Remedy, wanted: str) -> AppealLevel | None:
    """Return the payer's level of this name, where to choose it changes no clock, no role and no kind of letter."""
    own = desk_for(case, remedy)
    if case.payer is None or own.level is None or own.borrowed or remedy in UNSENT:
        return None
    if _squeezed(wanted) == _squeezed(material.level):
        return own.level
    named = [level for level in case.payer.appeals if _squeezed(level.level) == _squeezed(wanted)]
    if len(named) != 1:
        return None
    (level,) = named
    clock = (level.start, level.days) == (own.level.start, own.level.days)
    kinds = set(OWN_WORDS.get(remedy, ()))
    fits = bool(kinds & _words(level.level)) or not kinds & _words(own.level.level)
    alike = clock and fits and _binding(level.level) == _binding(own.level.level)
    return level if alike and (level == own.level or not lost_rounds(case)) else None


def _desk(case: Case, remedy: Remedy, wanted: str) -> SendTo | None:
    """Return the one desk of the payer whose level has this name, or whose address holds these words."""
    if case.payer is None or remedy in UNSENT:
        return None
    text = _squeezed(wanted)
    found = {
        level.send_to.address: level.send_to
        for level in case.payer.appeals
        if level.send_to.address
        and (
            _squeezed(level.level) == text
            or (len(text) >= _SHORTEST_ADDRESS and text in _squeezed(level.send_to.address))
        )
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _channel(material: LetterCase, wanted: str) -> str | None:
    """Return the channel that is meant, where the desk the letter goes to is known to take it."""
    meant = {channel for word, channel in _channels().items() if word in _words(wanted)}
    open_to = {"fax": material.send_fax, "portal": material.send_portal, "mail": material.send_to}
    return next(iter(meant)) if len(meant) == 1 and open_to[next(iter(meant))] else None


@cache
def _channels() -> dict[str, str]:
    text = files(__package__).joinpath("channels.csv").read_text(encoding="utf-8")
    return {row["word"]: row["channel"] for row in csv.DictReader(text.splitlines(), strict=True)}


def _to(material: LetterCase, to: SendTo) -> LetterCase:
    return material.model_copy(update={"send_to": to.address, "send_fax": to.fax, "send_portal": to.portal})


def _binding(level: str) -> frozenset[str]:
    """Return the words of a level's name by which who may approve it is told."""
    return frozenset(name for name in levels_named() if re.search(rf"\b{re.escape(name)}\b", level.casefold()))


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.casefold()))
