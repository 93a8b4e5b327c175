"""The chain: any single change to any entry is found, and where; two processes keep one chain."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from knowledge.records import Records, open_records
from knowledge.records.audit import NOTHING, AuditDraft, Auditing, Head
from knowledge.records.audit_check import AuditVerified, verify_audit

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRET = b"k" * 32


def opened(path: Path) -> Records:
    return open_records(path / "r.db", auditing=Auditing(lambda: AT, SECRET, path / "audit.head"))


def draft(number: int) -> AuditDraft:
    return AuditDraft(
        actor_kind="user", actor=f"usr_{number}", action="read_denial", does="R", subjects=(f"den_{number}",), count=1
    )


def filled(path: Path, entries: int = 6) -> Records:
    records = opened(path)
    for number in range(entries):
        records.note(draft(number))
    return records


def verified(records: Records) -> AuditVerified:
    assert records.auditing is not None
    with records.reading() as repository:
        return verify_audit(repository, records.auditing)


def alter(records: Records, statement: str, **values: object) -> None:
    with records._writers.begin() as connection:
        connection.execute(text(statement), values)


def said(records: Records, number: int) -> str:
    with records.reading() as repository:
        return next(entry.said for entry in repository.audit.stored() if entry.number == number)


def test_a_whole_trail_has_no_fault(tmp_path: Path) -> None:
    with filled(tmp_path) as records:
        assert verified(records) == AuditVerified(entries=6, faults=())


def test_a_deleted_entry_is_named(tmp_path: Path) -> None:
    with filled(tmp_path) as records:
        alter(records, "DELETE FROM audit_entry WHERE number = 3")
        assert verified(records).faults[0].number == 3


def test_two_entries_in_each_others_place_are_found(tmp_path: Path) -> None:
    with filled(tmp_path) as records:
        alter(records, "UPDATE audit_entry SET number = 99 WHERE number = 2")
        alter(records, "UPDATE audit_entry SET number = 2 WHERE number = 3")
        alter(records, "UPDATE audit_entry SET number = 3 WHERE number = 99")
        assert verified(records).faults[0].number == 2


def test_a_trail_cut_off_at_its_end_is_found(tmp_path: Path) -> None:
    with filled(tmp_path) as records:
        alter(records, "DELETE FROM audit_entry WHERE number > 4")
        assert verified(records).faults[0].number == 5


def test_a_trail_cut_off_with_its_head_put_back_is_found(tmp_path: Path) -> None:
    with filled(tmp_path) as records:
        with records.reading() as repository:
            fourth = next(entry for entry in repository.audit.stored() if entry.number == 4)
        forged = Head.of(4, fourth.sha256, b"another key".ljust(32))
        alter(records, "DELETE FROM audit_entry WHERE number > 4")
        alter(records, "UPDATE audit_head SET number = 4, sha256 = :s, mac = :m", s=forged.sha256, m=forged.mac)
        assert {fault.number for fault in verified(records).faults} == {4, 5}


def test_records_put_back_whole_to_an_older_state_are_found_by_the_head_beside_them(tmp_path: Path) -> None:
    with filled(tmp_path, 3) as records, records.reading() as repository:
        old = repository.audit.head()
    assert old is not None
    with opened(tmp_path) as records:
        records.note(draft(9))
        alter(records, "DELETE FROM audit_entry WHERE number > 3")
        alter(records, "UPDATE audit_head SET number = 3, sha256 = :s, mac = :m", s=old.sha256, m=old.mac)
        assert [fault.number for fault in verified(records).faults] == [4]


def test_a_trail_written_anew_from_an_entry_on_is_found(tmp_path: Path) -> None:
    """Whoever has the database but not the key makes every hash right, and cannot make the head right."""
    with filled(tmp_path, 2) as records:
        stored = json.loads(said(records, 1))
        alter(records, "DELETE FROM audit_entry")
        alter(records, "DELETE FROM audit_head")
        forger = Records(records._writers, Auditing(lambda: AT, b"f" * 32))
        forger.note(draft(7))
        forger.note(draft(1))
        assert stored["previous"] == NOTHING
        says = " ".join(fault.says for fault in verified(records).faults)
        assert "not written with this home's key" in says
        assert "rewritten" in says


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 6), data=st.data())
def test_any_single_change_to_any_entry_is_found(tmp_path: Path, number: int, data: st.DataObject) -> None:
    place = tmp_path / uuid4().hex
    place.mkdir()
    with filled(place) as records:
        before = said(records, number)
        at = data.draw(st.integers(0, len(before) - 1))
        mark = data.draw(st.sampled_from([mark for mark in 'az09"}{:, ' if mark != before[at]]))
        how = data.draw(st.sampled_from(("replace", "drop", "add")))
        after = before[:at] + {"replace": mark, "drop": "", "add": mark + before[at]}[how] + before[at + 1 :]
        alter(records, "UPDATE audit_entry SET said = :said WHERE number = :number", said=after, number=number)
        assert number in {fault.number for fault in verified(records).faults}


def test_a_transaction_that_fails_leaves_neither_its_change_nor_an_entry(tmp_path: Path) -> None:
    from knowledge.types.practice import Practice

    with opened(tmp_path) as records:
        practice = Practice(name="P", tax_id="841234567", billing_npi="1999999992")
        try:
            with records.transaction() as repository:
                repository.files.save_practice("prc_1", practice)
                raise RuntimeError
        except RuntimeError:
            pass
        assert verified(records).entries == 0
        with records.transaction() as repository:
            repository.files.save_practice("prc_1", practice)
        assert json.loads(said(records, 1))["detail"]["tables"] == ["practice"]
        assert json.loads(said(records, 1))["practice_id"] == "prc_1"


_APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, {here!r})
from test_trail import draft, opened
with opened(Path({path!r})) as records:
    print("ready", flush=True); sys.stdin.readline()
    for number in range(100):
        records.note(draft(number))
"""


def test_two_processes_keep_one_chain(tmp_path: Path) -> None:
    opened(tmp_path).close()
    code = _APPEND.format(here=str(Path(__file__).parent), path=str(tmp_path))
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in started:
        one.communicate("go\n", timeout=1200)
    assert [one.returncode for one in started] == [0, 0]
    with opened(tmp_path) as records:
        assert verified(records) == AuditVerified(entries=200, faults=())
