"""Which decision needs which role: the table `roles.csv`, held against what is to be approved."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from agent.approving.refusal import ApprovalRefused
from knowledge.records import Role
from knowledge.types.corrections import DiffRow
from knowledge.types.practice import Frozen

_MODIFIERS = tuple(f"SV101-{place}" for place in range(3, 7))
_SUBJECTS = ("remedy", "change", "modifier", "signer", "waiver", "level")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")


class Authority(Frozen):
    """One row of the table; `value` "*" is any.

    `subject` is a remedy, a kind of change, a modifier; or of the letter its signer, the payer of a waiver, a level.
    `signature` says who must have signed: "physician", "provider", or nobody.
    """

    subject: str
    value: str
    roles: tuple[Role, ...]
    signature: Literal["", "physician", "provider"] = ""
    why: str
    source: str


class BadTable(ValueError):
    """The table of roles names a role or a subject that does not exist."""


@cache
def authorities() -> tuple[Authority, ...]:
    """Return the table, each row validated."""
    text = files(__package__).joinpath("roles.csv").read_text(encoding="utf-8")
    known, found = set(get_args(Role)), []
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        roles = tuple(row.pop("roles").split())
        if not roles or set(roles) - known or row["subject"] not in _SUBJECTS:
            raise BadTable(f"roles.csv row {number}: {row['subject']} {roles}; roles are {', '.join(sorted(known))}")
        found.append(Authority.model_validate({**row, "roles": roles}))
    return tuple(found)


def levels_named() -> tuple[str, ...]:
    """Return the names of appeal levels that the table knows, in small letters."""
    return tuple(row.value for row in authorities() if row.subject == "level")


def needed(remedy: str, changes: Sequence[DiffRow], letter: Iterable[tuple[str, str]] = ()) -> tuple[Authority, ...]:
    """Return the rows that bind an approval of this remedy with these changes to the claim and this letter."""
    asked = {("remedy", remedy), *_subjects(changes), *letter}
    exact = [row for row in authorities() if (row.subject, row.value) in asked]
    named = {row.value for row in exact if row.subject == "modifier"}
    others = any(subject == "modifier" and value not in named for subject, value in asked)
    return (*exact, *(row for row in authorities() if others and (row.subject, row.value) == ("modifier", "*")))


def check_authority(
    remedy: str,
    changes: Sequence[DiffRow],
    role: Role | None,
    letter: Iterable[tuple[str, str]] = (),
) -> None:
    """Refuse who may not decide this.

    Raises:
        ApprovalRefused: the role that is needed was not given, or is another.
    """
    for row in needed(remedy, changes, letter):
        if set(get_args(Role)) <= set(row.roles):
            continue  # whoever approves: only the signature binds
        if role not in row.roles:
            what = f"{row.subject} {row.value}" if row.value != "*" else f"a change of {row.subject}"
            may = " or ".join(row.roles)
            given = f"{role} may not decide it" if role else "no role was given"
            raise ApprovalRefused(f"{what.replace('_', ' ')} is for a {may} to approve ({row.why}): {given}")


def _subjects(changes: Sequence[DiffRow]) -> Iterator[tuple[str, str]]:
    for row in changes:
        if row.part != "claim":
            continue
        if row.segment.split(" ")[0] == "HI" or row.element == "SV107":
            yield "change", "diagnosis"
        elif row.element in _MODIFIERS:
            yield from (("modifier", value) for value in (row.before, row.after) if value)
        elif row.segment.split(" ")[0] == "SV1" and row.element in ("", "SV101"):
            if row.after is None:
                yield "change", "line-off"
            yield from _modifiers_changed(row)


def _modifiers_changed(row: DiffRow) -> Iterator[tuple[str, str]]:
    """Give the modifiers a whole service gains or loses: SV101 written out, alone or within its segment."""
    before, after = _modifiers(row.before, row.element), _modifiers(row.after, row.element)
    yield from (("modifier", value) for value in sorted(before ^ after))


def _modifiers(text: str | None, element: str) -> frozenset[str]:
    """Read the modifiers of SV101 ("HC:J9271:JZ"), or of a whole SV1, whatever the file separates by."""
    if not text:
        return frozenset()
    service = text if element else text[4:].partition(text[3:4])[0]
    pieces = service.split(service[2:3] or ":")[2:6]
    return frozenset(piece for piece in pieces if _MODIFIER.fullmatch(piece))
