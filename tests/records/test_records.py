"""The records as a whole: opening, transactions, what comes back out, what counts once."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_builders import (
    NOW,
    PRACTICE,
    claim_payment,
    header,
    provider_adjustment,
    submitted_claim,
)
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from knowledge.records import (
    NewerSchema,
    NewRemit,
    Records,
    Repository,
    open_records,
)
from knowledge.records.money import to_cents, to_dollars
from knowledge.types.chart import Chart, Document, Person
from knowledge.types.practice import Authorization, Payer
from knowledge.types.reading import ReadingFinding


def stored_file(tx: Repository, name: str = "remits/a.835", content: bytes = b"ISA") -> int:
    return tx.files.add("p", "remit", name, content, "accepted", NOW)


class TestOpening:
    def test_a_database_from_a_newer_version_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "records.sqlite"
        open_records(path).close()
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            connection.execute(text("update schema_version set version = 99"))
        with pytest.raises(NewerSchema, match="version 99"):
            open_records(path)
        with engine.connect() as connection:
            assert connection.scalar(text("select version from schema_version")) == 99
        engine.dispose()

    def test_opening_again_keeps_what_is_there(self, tmp_path: Path) -> None:
        path = tmp_path / "records.sqlite"
        with open_records(path) as first, first.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
        with open_records(path) as again, again.reading() as tx:
            assert tx.files.practice("p") == PRACTICE

    def test_records_in_memory_work_the_same(self) -> None:
        with open_records("sqlite://") as opened:
            with opened.transaction() as tx:
                tx.files.save_practice("p", PRACTICE)
            with opened.reading() as tx:
                assert tx.files.practice_ids() == ("p",)

    def test_sqlite_is_set_to_survive_a_power_cut(self, tmp_path: Path) -> None:
        with open_records(tmp_path / "r.sqlite") as opened:
            with opened._readers.connect() as connection:
                assert connection.scalar(text("pragma journal_mode")) == "wal"
                assert connection.scalar(text("pragma synchronous")) == 2
                assert connection.scalar(text("pragma foreign_keys")) == 1


class TestTransactions:
    def test_what_fails_midway_leaves_nothing(self, records: Records) -> None:
        def die_midway() -> None:
            with records.transaction() as tx:
                remit = NewRemit("f", "t", "accepted", header(), [claim_payment()], [])
                tx.remits.add("p", stored_file(tx), remit)
                raise RuntimeError("the process dies here")

        with pytest.raises(RuntimeError):
            die_midway()
        with records.reading() as tx:
            assert tx.files.all("p") == ()
            assert list(tx.remits.all("p")) == []

    def test_what_is_written_while_reading_is_dropped(self, records: Records) -> None:
        with records.reading() as tx:
            stored_file(tx)
        with records.reading() as tx:
            assert tx.files.all("p") == ()

    def test_a_reader_is_not_stopped_by_a_writer(self, records: Records) -> None:
        with records.transaction() as writer:
            stored_file(writer)
            with records.reading() as reader:
                assert reader.files.all("p") == ()

    def test_nothing_is_stored_for_a_practice_nobody_knows(self, records: Records) -> None:
        with pytest.raises(IntegrityError), records.transaction() as tx:
            tx.files.add("stranger", "remit", "a", b"", "accepted", NOW)


class TestFiles:
    def test_bytes_come_back_as_they_came(self, records: Records) -> None:
        content = bytes(range(256)) * 40
        with records.transaction() as tx:
            file_id = stored_file(tx, content=content)
        with records.reading() as tx:
            assert tx.files.content("p", file_id) == content
            assert tx.files.content("other", file_id) is None

    def test_a_moment_keeps_its_instant_and_loses_no_zone(self, records: Records) -> None:
        east = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
        with records.transaction() as tx:
            tx.files.add("p", "remit", "a", b"x", "accepted", east)
        with records.reading() as tx:
            received = tx.files.all("p")[0].received_at
        assert received == east
        assert received.tzinfo is UTC

    def test_a_moment_without_a_zone_is_refused(self, records: Records) -> None:
        with pytest.raises(Exception, match="no time zone"), records.transaction() as tx:
            tx.files.add("p", "remit", "a", b"x", "accepted", NOW.replace(tzinfo=None))

    def test_findings_of_a_file_are_replaced_not_piled_up(self, records: Records) -> None:
        finding = ReadingFinding("error", "truncated", "cut off \x00 at byte 3", "remits/a.835")
        with records.transaction() as tx:
            file_id = stored_file(tx)
            tx.files.add_findings("p", None, [finding])
            tx.files.add_findings("p", file_id, [finding, finding])
            tx.files.add_findings("p", file_id, [finding])
            tx.files.add_findings("p", None, [finding])
        with records.reading() as tx:
            assert tx.files.findings("p", file_id) == (finding,)
            assert len(tx.files.findings("p")) == 2


class TestRemits:
    def test_everything_of_a_remit_comes_back_equal(self, records: Records) -> None:
        head, claim, adjustment = header(), claim_payment(amount="1234.500"), provider_adjustment()
        with records.transaction() as tx:
            tx.remits.add("p", stored_file(tx), NewRemit("f", "t", "accepted", head, [claim], [adjustment]))
        with records.reading() as tx:
            assert list(tx.remits.all("p")) == [(head, (claim,), (adjustment,), False)]

    def test_reading_order_is_by_file_and_not_by_arrival(self, records: Records) -> None:
        for name in ("b", "a"):
            with records.transaction() as tx:
                remit = NewRemit(name, name, "accepted", header(name), [claim_payment(name)], [])
                tx.remits.add("p", stored_file(tx, name, name.encode()), remit)
        with records.reading() as tx:
            assert [remit.claims[0].claim_id for remit in tx.remits.all("p")] == ["a", "b"]

    def test_the_same_content_cannot_be_stored_twice(self, records: Records) -> None:
        remit = NewRemit("f", "t", "accepted", header(), [], [])
        with records.transaction() as tx:
            tx.remits.add("p", stored_file(tx, "a"), remit)
        with pytest.raises(IntegrityError), records.transaction() as tx:
            tx.remits.add("p", stored_file(tx, "b"), remit)

    def test_a_remit_is_known_by_content_or_trace_and_without_trace_by_content_alone(self, records: Records) -> None:
        with records.transaction() as tx:
            file_id = stored_file(tx)
            tx.remits.add("p", file_id, NewRemit("f1", "t", "accepted", header(), [], []))
            tx.remits.add("p", file_id, NewRemit("f2", None, "accepted", header(), [], []))
            tx.remits.add("p", file_id, NewRemit("f3", None, "accepted", header(), [], []))
            assert [known.fingerprint for known in tx.remits.known("p", "f9", "t")] == ["f1"]
            assert [known.fingerprint for known in tx.remits.known("p", "f2", None)] == ["f2"]
            assert tx.remits.known("p", "f9", None) == ()
            assert tx.remits.known("other", "f1", "t") == ()

    def test_payments_named_anew_show_the_conflicts_that_hold_now(self, records: Records) -> None:
        with records.transaction() as tx:
            for mark, trace in (("f1", "a"), ("f2", "b"), ("f3", None)):
                tx.remits.add("p", stored_file(tx), NewRemit(mark, trace, "accepted", header(mark), [], []))
            tx.remits.retrace("p", lambda head: None if head.file == "f3" else "same")
            assert [remit.conflict for remit in tx.remits.all("p")] == [True, True, False]
            tx.remits.retrace("p", lambda head: head.file)
            assert [remit.conflict for remit in tx.remits.all("p")] == [False, False, False]


class TestFacts:
    def test_the_same_claim_from_two_files_is_given_once(self, records: Records) -> None:
        with records.transaction() as tx:
            for name in ("claims/b.837", "claims/a.837"):
                file_id = tx.files.add("p", "claim", name, name.encode(), "accepted", NOW)
                tx.facts.add_claims("p", file_id, [submitted_claim(segment=len(name), file=name)])
        with records.reading() as tx:
            assert [claim.file for claim in tx.facts.claims("p")] == ["claims/a.837"]

    def test_a_withdrawn_file_says_nothing_and_others_go_on(self, records: Records) -> None:
        def row(number: str) -> Authorization:
            return Authorization(auth_number=number, payer_id="X", member_id="M", status="approved")

        with records.transaction() as tx:
            old = tx.files.add("p", "authorization", "auths/a.csv", b"1", "accepted", NOW)
            tx.facts.add_authorizations("p", old, [row("A-1"), row("A-2")])
            other = tx.files.add("p", "authorization", "auths/b.csv", b"2", "accepted", NOW)
            tx.facts.add_authorizations("p", other, [row("A-3")])
            tx.facts.withdraw(old)
        with records.reading() as tx:
            assert [found.auth_number for found in tx.facts.authorizations("p")] == ["A-3"]

    def test_payer_settings_come_back_exactly(self, records: Records) -> None:
        payer = Payer(id="X", name="X", max_units={"J9271": Decimal("400.10")}, source="payers.yaml:1")
        with records.transaction() as tx:
            file_id = tx.files.add("p", "payers", "payers.yaml", b"", "accepted", NOW)
            tx.facts.add_payers("p", file_id, [payer])
        with records.reading() as tx:
            (found,) = tx.facts.payers("p")
        assert found == payer
        assert str(found.max_units["J9271"]) == "400.10"

    def test_a_chart_comes_back_with_its_pdf(self, records: Records) -> None:
        pdf = Document(
            resource="DocumentReference/d1",
            kind="x",
            media_type="application/pdf",
            content=b"%PDF\xff\xfe\x00",
        )
        note = Document(resource="DocumentReference/d2", kind="note", content=b"plain", text="plain")
        chart = Chart(file="charts/a.json", person=Person(resource="Patient/1"), documents=(pdf, note))
        with records.transaction() as tx:
            file_id = tx.files.add("p", "chart", "charts/a.json", b"", "accepted", NOW)
            tx.facts.add_charts("p", file_id, [chart])
        with records.reading() as tx:
            assert list(tx.facts.charts("p")) == [chart]


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_cents_and_dollars_are_the_same_money(amount: Decimal) -> None:
    assert to_dollars(to_cents(amount)) == amount
