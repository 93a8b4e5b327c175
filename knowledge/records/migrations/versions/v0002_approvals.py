"""Records of version 2: approvals of exact bytes, and the ledger of what was handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "approval",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_print", sa.String(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_code", sa.String(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_approval_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "sha256", name="pk_approval"),
        if_not_exists=True,
    )
    op.create_table(
        "outgoing",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("approval_sha256", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("handed_sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("receipt_sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_outgoing_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_outgoing"),
        sa.UniqueConstraint(
            "practice_id",
            "denial_id",
            "approval_sha256",
            "channel",
            name="uq_outgoing_practice_id_denial_id_approval_sha256_channel",
        ),
        if_not_exists=True,
    )
    op.create_table(
        "review_authority",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_review_authority_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "key", name="pk_review_authority"),
        if_not_exists=True,
    )
