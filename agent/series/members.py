"""The members of a group as they stand: who goes with the others, and who does not, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.decision import Decision
from agent.desk import Desk
from agent.series.groups import Group, LeftOut
from agent.series.joint_letter import Member, lead_of, misfit
from agent.series.kinship import Kinship
from agent.work import Draft
from agent.worth.value import ran_out
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.record import DenialRecord


class UnknownGroup(LookupError):
    """No series or batch of this id has two or more open denials now."""


@dataclass(frozen=True)
class Standing:
    """A group with its records. `together` go in one packet or by one decision; `apart` are members that do not."""

    group: Group
    records: tuple[DenialRecord, ...]
    together: tuple[DenialRecord, ...]
    apart: tuple[LeftOut, ...]
    letters: tuple[Member, ...]


def group_named(kinship: Kinship, named: str) -> Group:
    """Find a group by its id or the start of it, or by the id of a member.

    Raises:
        UnknownGroup: there is none, or several begin so.
    """
    if (group := kinship.named(named)) is not None:
        return group
    groups, found = kinship.groups(), list[Group]()
    found = found or [group for group in groups if named and group.group_id.startswith(named)]
    found = found or [group for group in groups if named and group.group_id.partition("_")[2].startswith(named)]
    if len(found) != 1:
        what = "several series or batches begin with" if found else "no series or batch of open denials is"
        raise UnknownGroup(f"{what} {named}; `overturn series list` shows all")
    return found[0]


def standing_of(desk: Desk, group: Group, records: Sequence[DenialRecord]) -> Standing:
    """Look at each member's work: what has run out, lacks its letter, or whose letter differs, goes apart."""
    by_id = {record.denial_id: record for record in records}
    own = tuple(by_id[name] for name in group.members)
    apart: dict[str, str] = {}
    letters: list[Member] = []
    members = _members(desk, [record.denial_id for record in own])
    for record in own:
        if record.status == "new":
            apart[record.denial_id] = "It has not been worked yet"
        elif ran_out(record, desk.as_of):
            apart[record.denial_id] = "Its clock has run out: good cause must be asked for by itself"
        elif (member := members.get(record.denial_id)) is not None:
            letters.append(member)
    if letters:
        lead = lead_of(letters)
        for record in own:
            found = next((member for member in letters if member.denial_id == record.denial_id), None)
            if record.denial_id not in apart:
                says = "No letter could be made for it from the records" if found is None else misfit(found, lead)
                apart |= {record.denial_id: says} if says else {}
    return Standing(
        group=group,
        records=own,
        together=tuple(record for record in own if record.denial_id not in apart),
        apart=tuple(LeftOut(denial_id=name, says=says) for name, says in sorted(apart.items())),
        letters=tuple(member for member in letters if member.denial_id not in apart),
    )


def _members(desk: Desk, denial_ids: Sequence[str]) -> dict[str, Member]:
    with desk.records.reading() as repository:
        drafts = repository.casework.works(desk.practice_id, denial_ids, "draft", Draft)
        lettered = [name for name, made in drafts.items() if made.letter is not None]
        diagnoses = repository.casework.works(desk.practice_id, lettered, "diagnose", Diagnosis)
        decided = repository.casework.works(desk.practice_id, lettered, "decide", Decision)
    found = {}
    for name in lettered:
        letter = drafts[name].letter
        if letter is not None and name in diagnoses and name in decided:
            found[name] = Member(case=desk.casebook.case(name), diagnosis=diagnoses[name], letter=letter)
    return found
