"""A home of the version before approvals opens, gets what it lacks, and is then closed to that version."""

from pathlib import Path

import pytest
from records_builders import NOW, PRACTICE, denial
from sqlalchemy import create_engine, text

from knowledge.records import Approval, Outgoing, Review, open_records
from knowledge.records.upgrading import SCHEMA_VERSION


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Records of version 1, with a review that was given then."""
    path = tmp_path / "overturn.db"
    with open_records(path) as records, records.transaction() as tx:
        tx.files.save_practice("p", PRACTICE)
        tx.denials.save_found("p", (denial("den_1"),), NOW)
        tx.casework.add_review("p", "den_1", Review(key="k", decision="approve", reason="fine", by="M", at=NOW))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for table in ("review_authority", "approval", "outgoing"):
            connection.execute(text(f"drop table {table}"))
        connection.execute(text("update schema_version set version = 1"))
    engine.dispose()
    return path


def test_an_older_home_opens_with_all_it_held(older: Path) -> None:
    with open_records(older) as records, records.reading() as tx:
        (review,) = tx.casework.reviews("p", "den_1")
        assert (review.by, review.role, review.signed_by) == ("M", None, None)
        assert tx.approvals.all("p", "den_1") == ()
        assert tx.outbox.all() == ()


def test_it_takes_approvals_and_sends_and_says_its_new_version(older: Path) -> None:
    approval = Approval(
        sha256="a", key="k", remedy="appeal", by="M", role="coder", signed_by=None, at=NOW, case_print="c", files=()
    )
    sent = Outgoing(
        **{name: name for name in ("key", "target", "kind", "file_name", "media_type", "file_sha256", "handed_sha256")},
        practice_id="p", denial_id="den_1", approval_sha256="a", channel="folder", state="queued", queued_at=NOW,
    )  # fmt: skip
    with open_records(older) as records, records.transaction() as tx:
        tx.approvals.save("p", "den_1", approval)
        assert tx.outbox.add(sent)
        assert not tx.outbox.add(sent.model_copy(update={"key": "another"}))
    with open_records(older) as records, records.reading() as tx:
        assert tx.approvals.live("p", "den_1") == approval
        assert tx.outbox.all() == (sent,)
    engine = create_engine(f"sqlite:///{older}")
    with engine.connect() as connection:
        assert connection.scalar(text("select version from schema_version")) == SCHEMA_VERSION
    engine.dispose()
