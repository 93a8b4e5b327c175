"""Denials and the work on them: what is kept of each, what counts once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from records_builders import (
    NOW,
    PRACTICE,
    claim_payment,
    denial,
    header,
    record,
)
from sqlalchemy.exc import IntegrityError

from knowledge.records import (
    BadCursor,
    DenialFilter,
    Event,
    NewRemit,
    Product,
    Records,
    Repository,
    Review,
    Standing,
    UnknownDenial,
)
from knowledge.types.denial import DeniedLine


def stored_file(tx: Repository, name: str = "remits/a.835", content: bytes = b"ISA") -> int:
    return tx.files.add("p", "remit", name, content, "accepted", NOW)


class TestDenials:
    def test_a_search_says_what_is_new_changed_unchanged_and_gone(self, records: Records) -> None:
        with records.transaction() as tx:
            first = tx.denials.save_found("p", [denial("den_1"), denial("den_2"), denial("den_3")], NOW)
        with records.transaction() as tx:
            second = tx.denials.save_found("p", [denial("den_1"), denial("den_2", "99.00")], NOW)
        assert first.new == ("den_1", "den_2", "den_3")
        assert (second.unchanged, second.changed, second.gone) == (("den_1",), ("den_2",), ("den_3",))
        with records.reading() as tx:
            changed = tx.denials.get("p", "den_2")
        assert changed is not None
        assert (changed.revision, changed.amount, changed.denial.amount_at_stake) == (
            2,
            Decimal("99.00"),
            Decimal("99.00"),
        )

    def test_two_practices_may_have_a_denial_of_one_id(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.files.save_practice("q", PRACTICE)
            tx.denials.save_found("p", [denial("den_1", "1.00")], NOW)
            tx.denials.save_found("q", [denial("den_1", "2.00")], NOW)
            assert tx.denials.practices_with("den_1") == ("p", "q")
            found = tx.denials.get("q", "den_1")
        assert found is not None
        assert found.amount == Decimal("2.00")

    def test_the_queue_reads_what_the_record_says(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.denials.save_found("p", [denial("den_1")], NOW)
            tx.denials.save_record("p", "den_1", record("den_1"), "case-1", NOW)
            tx.denials.set_standings("p", [Standing(denial_id="den_1", rank=1, series="ser_1")])
            tx.denials.set_status("p", "den_1", "approved")
        with records.reading() as tx:
            found = tx.denials.get("p", "den_1")
        assert found is not None
        assert (found.status, found.route, found.remedy) == ("approved", "review", "authorization_fix")
        assert (found.deadline, found.rank, found.series) == (date(2026, 9, 26), 1, "ser_1")
        assert (found.case_fingerprint, found.worked_at) == ("case-1", NOW)
        assert found.record is not None
        assert (found.record["status"], found.record["series"]) == ("approved", "ser_1")
        assert found.record["priority"] == {"expected_value": "5.00", "days_left": 148, "rank": 1}

    def test_a_record_of_a_denial_nobody_found_is_refused(self, records: Records) -> None:
        with pytest.raises(UnknownDenial, match="den_9"), records.transaction() as tx:
            tx.denials.save_record("p", "den_9", record("den_9"), None, NOW)

    def test_pages_give_every_denial_once_in_rank_order_with_the_unranked_last(self, records: Records) -> None:
        ids = [f"den_{number}" for number in range(7)]
        with records.transaction() as tx:
            tx.denials.save_found("p", [denial(name) for name in ids], NOW)
            ranked = [Standing(denial_id="den_6", rank=1), Standing(denial_id="den_2", rank=2)]
            tx.denials.set_standings("p", ranked)
        seen: list[str] = []
        cursor = None
        with records.reading() as tx:
            while True:
                page = tx.denials.page("p", cursor=cursor, limit=3)
                seen += [item.denial_id for item in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert seen == [item.denial_id for item in tx.denials.all("p")]
        assert seen == ["den_6", "den_2", "den_0", "den_1", "den_3", "den_4", "den_5"]

    def test_a_listing_can_be_narrowed(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.denials.save_found("p", [denial("den_1"), denial("den_2")], NOW)
            tx.denials.save_record("p", "den_2", record("den_2", status="in_review"), None, NOW)
            page = tx.denials.page("p", DenialFilter(status="in_review", payer_id="CASC1"))
            assert [item.denial_id for item in page.items] == ["den_2"]
            assert tx.denials.counts("p") == {"in_review": 1, "new": 1}
            assert len(list(tx.denials.records("p"))) == 1

    @pytest.mark.parametrize("cursor", ["", "x", "é", "W10=", "WzEsMl0="])
    def test_a_cursor_of_a_stranger_is_refused(self, records: Records, cursor: str) -> None:
        with records.reading() as tx, pytest.raises(BadCursor):
            tx.denials.page("p", cursor=cursor)


class TestCasework:
    @pytest.fixture(autouse=True)
    def _denial(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.denials.save_found("p", [denial("den_1")], NOW)

    def test_work_of_an_earlier_revision_never_replaces_later_work(self, records: Records) -> None:
        def found(code: str) -> DeniedLine:
            return DeniedLine(hcpcs=code, charge=Decimal("1.00"), paid=Decimal("0.00"))

        with records.transaction() as tx:
            assert tx.casework.save_work("p", "den_1", "link", 1, found("J1"))
            assert tx.casework.save_work("p", "den_1", "link", 2, found("J2"))
            assert tx.casework.save_work("p", "den_1", "link", 2, found("J3"))
            assert not tx.casework.save_work("p", "den_1", "link", 1, found("J4"))
            assert tx.casework.work("p", "den_1", "link", DeniedLine) == found("J3")
            assert tx.casework.work("p", "den_1", "link", DeniedLine, revision=1) is None
            assert tx.casework.stages("p", "den_1") == {"link": 2}

    def test_a_stage_may_keep_an_x12_struct(self, records: Records) -> None:
        claim = claim_payment()
        with records.transaction() as tx:
            tx.casework.save_work("p", "den_1", "service", 1, claim)
            assert tx.casework.work_struct("p", "den_1", "service", type(claim)) == claim

    def test_a_decision_sent_twice_counts_once(self, records: Records) -> None:
        review = Review(key="k", decision="edit", reason="why", changes={"ask": "pay"}, by="Ana", at=NOW)
        with records.transaction() as tx:
            assert tx.casework.add_review("p", "den_1", review)
            assert not tx.casework.add_review("p", "den_1", review.model_copy(update={"reason": "other"}))
            assert tx.casework.reviews("p", "den_1") == (review,)

    def test_an_event_sent_twice_counts_once_and_the_timeline_is_by_time(self, records: Records) -> None:
        later = Event(key="a", at=NOW + timedelta(hours=1), kind="released", says="released")
        sooner = Event(key="b", at=NOW, kind="found", says="found")
        with records.transaction() as tx:
            assert [tx.casework.add_event("p", "den_1", event) for event in (later, sooner, later)] == [
                True,
                True,
                False,
            ]
            assert tx.casework.timeline("p", "den_1") == (sooner, later)

    def test_a_product_made_again_replaces_the_one_before(self, records: Records) -> None:
        def letter(sha256: str) -> Product:
            return Product(kind="letter", path="l.pdf", sha256=sha256, media_type="application/pdf")

        packet = Product(kind="packet", path="p.pdf", sha256="3", media_type="application/pdf")
        with records.transaction() as tx:
            for product in (letter("1"), packet, letter("2")):
                tx.casework.save_product("p", "den_1", product)
            assert tx.casework.products("p", "den_1") == (letter("2"), packet)
            tx.casework.drop_products("p", "den_1", keep=frozenset({"packet"}))
            assert tx.casework.products("p", "den_1") == (packet,)

    def test_work_on_a_denial_nobody_found_is_refused(self, records: Records) -> None:
        event = Event(key="a", at=NOW, kind="found", says="found")
        with pytest.raises(IntegrityError), records.transaction() as tx:
            tx.casework.add_event("p", "den_9", event)


def test_an_absurd_amount_is_capped_in_the_column_and_exact_in_the_payload(records: Records) -> None:
    claim = claim_payment(amount="999999999999999999.99")
    with records.transaction() as tx:
        tx.remits.add("p", stored_file(tx), NewRemit("f", "t", "accepted", header(), [claim], []))
    with records.reading() as tx:
        assert next(tx.remits.all("p")).claims == (claim,)
