"""A series in a whole home: one letter verified, one approval over each member's bytes, one send, what breaks it."""

import hashlib
import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from series_home import COMPENDIUM, EXPIRED, clock

from agent.approving.refusal import ApprovalRefused
from agent.approving.several import approve_several
from agent.approving.taking_back import take_back
from agent.following.dealings import DealingsByDenial, load_dealings
from agent.office import Office
from agent.ranking import rankings_of
from agent.sending.channels.folder import Folder
from agent.sending.outbox import send, sends
from agent.series.approving import approve_together, draft_of, look_at, reject_together
from agent.series.corrections import Offer, offers, take_over
from agent.series.joint_letter import joint_letter
from agent.series.members import UnknownGroup
from agent.series.packet import NotTogether, faults_of, joint_packet
from agent.series.telling import listed_groups, shown_group
from knowledge.types.letters import Paragraph
from tools.packet.reading_back import page_texts


def practice(office: Office) -> str:
    return office.practices()[0][0]


def approve(office: Office, group: str = EXPIRED, **more: Any) -> Any:
    given = {"by": "Maria Lopez", "reason": "checked", "role": "manager", **more}
    return approve_together(office, practice(office), group, **given)


def statuses(office: Office, group: tuple[str, ...]) -> set[str]:
    return {record.status for record in office.records_of(practice(office)) if record.denial_id in group}


def test_one_letter_covers_all_lists_each_claim_and_stands_by_its_evidence(office: Office) -> None:
    with office.at_desk(practice(office)) as desk:
        standing = look_at(desk, COMPENDIUM)
        made, packet = joint_packet(desk, standing)
        assert faults_of(made, packet) == ()
    (schedule, *_) = made.content.tables
    assert [row[1] for row in schedule.rows] == ["BR60519C", "BR60602C"]
    assert [row[-2] for row in schedule.rows] == ["$1,200.00", "$1,200.00"]
    assert "$2,400.00" in made.content.ask
    text = " ".join(page_texts(packet.packet))
    assert text.count('reads: "Printed 05/11/2026 from the NCCN') == 1, "the argument once, for both"
    titles = [exhibit.title for exhibit in made.exhibits]
    assert len({(e.title, e.source) for e in made.exhibits}) == len(titles), "each document once"
    remits = [title for title in titles if title.startswith("Remittance")]
    assert len(remits) == 2, "each claim's own remittance"


def test_what_was_decided_on_a_series_and_taken_back_can_be_decided_alike_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = count()
    monkeypatch.setattr(office, "_clock", lambda: clock() + timedelta(seconds=next(passed)))
    with office.at_desk(practice(office)) as desk:
        members = look_at(desk, EXPIRED).group.members
    for _ in range(2):
        approve(office)
        assert statuses(office, members) == {"approved"}
        back(office, members)
        reject_together(office, practice(office), EXPIRED, by="Maria Lopez", reason="not worth it")
        assert statuses(office, members) == {"closed"}
        back(office, members)
        for name in members:
            approve_several(office, practice(office), [name], by="Maria Lopez", reason="checked", role="manager")
        assert statuses(office, members) == {"approved"}
        back(office, members)
    approve(office)
    (tmp_path / "drop").mkdir()
    send(office, practice(office), Folder(tmp_path / "drop", clock), frozenset(members))
    assert statuses(office, members) == {"sent"}


def back(office: Office, members: tuple[str, ...]) -> None:
    for name in members:
        take_back(office, practice(office), name, by="Maria Lopez", reason="a slip")
    assert statuses(office, members) == {"in_review"}


def test_the_joint_packet_is_the_same_bytes_however_often_it_is_made(office: Office) -> None:
    with office.at_desk(practice(office)) as desk:
        standing = look_at(desk, EXPIRED)
        first, second = joint_packet(desk, standing)[1], joint_packet(desk, standing)[1]
        assert first.packet_sha256 == second.packet_sha256
        path = office.home / draft_of(desk, standing)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == first.packet_sha256
        assert joint_packet(desk, standing)[0].content.draft


def test_a_joint_letter_that_says_what_no_evidence_does_is_not_released(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forged(members: Any) -> Any:
        made = joint_letter(members)
        extra = Paragraph(
            text="The drug was given on 2026-07-08 at 900 mg.", evidence=made.content.paragraphs[0].evidence
        )
        content = made.content.model_copy(update={"paragraphs": (*made.content.paragraphs, extra)})
        return type(made)(content, made.evidence, made.exhibits, made.facts)

    monkeypatch.setattr("agent.series.packet.joint_letter", forged)
    with pytest.raises(NotTogether, match="does not stand by its evidence"):
        approve(office)
    members = look_at_members(office, EXPIRED)
    assert statuses(office, members) == {"in_review"}, "and nothing is approved"


def look_at_members(office: Office, group: str) -> tuple[str, ...]:
    with office.at_desk(practice(office)) as desk:
        return look_at(desk, group).group.members


def test_it_is_approved_as_a_whole_and_sent_once_with_each_member_bound_to_its_own_bytes(
    office: Office, tmp_path: Path
) -> None:
    members, drop = look_at_members(office, EXPIRED), tmp_path / "drop"
    drop.mkdir()
    joint = approve(office)
    assert statuses(office, members) == {"approved"}
    with office.records.reading() as repository:
        for member in joint.members:
            live = repository.approvals.live(practice(office), member.denial_id)
            assert live is not None
            assert live.sha256 == member.approval_sha256
            assert live.files, "each has its own verified packet"
    send(office, practice(office), Folder(drop, clock), frozenset(members))
    (file,) = drop.glob("*.pdf")
    assert joint.file is not None
    assert hashlib.sha256(file.read_bytes()).hexdigest() == joint.file.sha256
    assert "Approved by Maria Lopez (manager)" in " ".join(page_texts(file.read_bytes()))
    assert statuses(office, members) == {"sent"}
    send(office, practice(office), Folder(drop, clock), frozenset(members))
    (sent,) = [one for one in sends(office) if one.denial_id in members]
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in drop.iterdir()}
    beside = {one.file_name: one.sha256 for one in sent.along}
    assert there == {sent.file_name: joint.file.sha256, **beside}, "sent again, it goes no second time"
    bundles = [one for one in sent.along if one.kind == "authorization_bundle"]
    assert {name for name in members if any(name in one.file_name for one in bundles)} == set(members)
    for member in members:
        assert "sent" in [event.kind for event in office.timeline(practice(office), member)]


def test_approved_twice_it_counts_once_and_cut_off_in_between_it_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = office.review, []

    def cut(*args: Any, **given: Any) -> Any:
        calls.append(args[1])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **given)

    monkeypatch.setattr(office, "review", cut)
    with pytest.raises(KeyboardInterrupt):
        approve(office)
    monkeypatch.undo()
    first = approve(office)
    assert approve(office).sha256 == first.sha256
    with office.records.reading() as repository:
        assert len(repository.joint.all(practice(office))) == 1
        for member in first.members:
            assert len(repository.approvals.all(practice(office), member.denial_id)) == 1


def test_an_edit_of_one_member_breaks_the_whole_and_the_others_go_by_their_own(office: Office, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    joint = approve(office)
    lead = joint.members[0].carrier
    edited = next(member.denial_id for member in joint.members if member.denial_id != lead)
    office.review(
        practice(office), edited, key="e1", decision="edit", reason="no", by="Ann", changes={"remedy": "appeal"}
    )
    send(office, practice(office), Folder(drop, clock), frozenset({lead, edited}))
    (file,) = drop.glob("*.pdf")
    assert joint.file is not None
    assert hashlib.sha256(file.read_bytes()).hexdigest() != joint.file.sha256
    assert re.search(rf"{lead}-packet\.pdf$", file.name)
    assert statuses(office, (edited,)) == {"in_review"}


def test_a_joint_file_changed_on_disk_is_not_sent(office: Office, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    joint = approve(office)
    assert joint.file is not None
    (office.home / joint.file.path).write_bytes(b"%PDF-1.7 altered")
    done = send(office, practice(office), Folder(drop, clock), frozenset(m.denial_id for m in joint.members))
    assert list(drop.iterdir()) == []
    assert any("is not the file that was approved" in held.says for held in done.held)


def test_one_member_that_may_not_be_approved_so_keeps_all_from_it(office: Office) -> None:
    physician = COMPENDIUM
    with pytest.raises(ApprovalRefused, match="a physician must sign"):
        approve(office, physician)
    assert statuses(office, look_at_members(office, physician)) == {"in_review"}


def test_rejected_as_a_whole_nothing_of_it_waits_any_more(office: Office) -> None:
    members = look_at_members(office, EXPIRED)
    closed = reject_together(office, practice(office), EXPIRED, by="Ann", reason="settled by telephone")
    assert {record.denial_id for record in closed} == set(members)
    assert statuses(office, members) == {"closed"}
    with pytest.raises(UnknownGroup):
        reject_together(office, practice(office), EXPIRED, by="Ann", reason="again")


def test_a_correction_of_one_is_offered_to_the_others_and_taken_over_it_is_drafted_anew(office: Office) -> None:
    first, second = look_at_members(office, EXPIRED)
    office.review(
        practice(office),
        first,
        key="e1",
        decision="edit",
        reason="it was extended",
        by="Ann",
        changes={"root_cause": "auth-valid-payer-error", "remedy": "reconsideration", "then": None},
    )
    assert office.record(practice(office), second).root_cause == "auth-expired"  # type: ignore[union-attr]
    found = open_offers(office)
    assert [(offer.denial_id, offer.to) for offer in found] == [(first, (second,))]
    take_over(office, practice(office), found[0], by="Ben", reason="the same extension")
    taken = office.record(practice(office), second)
    assert taken is not None
    assert (taken.root_cause, taken.remedy, taken.status) == ("auth-valid-payer-error", "reconsideration", "in_review")
    assert open_offers(office) == ()


def open_offers(office: Office) -> tuple[Offer, ...]:
    with office.at_desk(practice(office)) as desk:
        with rankings_of(office.records).at(practice(office)) as ranking:
            return offers(desk, ranking.kinship)


def test_groups_are_listed_in_the_order_of_the_queue_and_shown_in_full(office: Office) -> None:
    records = tuple(office.records_of(practice(office)))
    rows = listed_groups(records, clock().date())
    assert [row.rank for row in rows] == sorted(row.rank for row in rows if row.rank is not None)
    with office.at_desk(practice(office)) as desk:
        shown = shown_group(desk, EXPIRED)
    assert (shown.group.count, shown.group.waiting, shown.one_letter) == (2, 2, True)
    assert shown.group.amount_at_stake == "20000.00"


@pytest.mark.parametrize("named", ["ser_nothing", "", "ser_", "'; drop table denial"])
def test_a_name_that_is_none_or_several_is_refused(office: Office, named: str) -> None:
    with pytest.raises(UnknownGroup):
        approve(office, named)


def test_a_series_that_needs_no_person_goes_as_one_and_another_says_why_it_waits(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "drop").mkdir()
    with office.records.reading() as repository:
        released = {
            record.denial_id
            for record in office.records_of(practice(office))
            if (live := repository.approvals.live(practice(office), record.denial_id)) and live.by == "policy"
        }
    records = tuple(office.records_of(practice(office)))
    series = {
        group.group_id: {member.denial_id for member in group.members}
        for group in listed_groups(records, clock().date())
        if group.kind == "series"
    }
    whole = {name for name, members in series.items() if members <= released}
    mixed = {name: members & released for name, members in series.items() if 0 < len(members & released) < len(members)}
    assert whole
    assert mixed
    done = send(office, practice(office), Folder(tmp_path / "drop", clock))
    told = {one.denial_id: one.says for one in done.held}
    with office.records.reading() as repository:
        joined = {one.group_id: one.by for one in repository.joint.all(practice(office))}
    assert joined.keys() <= whole
    assert set(joined.values()) == {"policy"}
    for name in whole - joined.keys():
        assert {told[member].partition("needs a person: ")[2][:5] for member in series[name]} != {""}
    sent = statuses(office, tuple(member for name in joined for member in series[name]))
    assert sent == {"sent"}, "every member of what was released as one has gone"
    for name, members in mixed.items():
        for member in members:
            assert f"overturn series approve {name}" in told[member]
            assert "for a person (" in told[member], "why it waits"
    first = min(member for members in mixed.values() for member in members)
    named = send(office, practice(office), Folder(tmp_path / "drop", clock), frozenset([first]))
    assert [one.denial_id for one in named.sends] == [first], "named it goes alone"


def test_the_sends_of_one_denial_are_those_it_has_among_all_its_packets_included(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "drop").mkdir()
    approve(office)
    send(office, practice(office), Folder(tmp_path / "drop", clock))
    every = load_dealings(office.records, practice(office))
    one_by_one = DealingsByDenial(office.records, practice(office))
    assert len(every.sends) > 1
    for record in office.records_of(practice(office)):
        name, found = record.denial_id, one_by_one.of(record.denial_id)
        assert found.sends.get(name, ()) == every.sends.get(name, ())
        assert name not in every.sends or found.approvals[name] == every.approvals[name]
