"""Records of version 5: the queue of the pages, questions, sums, and what programs send and are told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feed",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_feed_practice_id_practice"),
        sa.PrimaryKeyConstraint("position", name="pk_feed"),
        sa.UniqueConstraint("event_id", name="uq_feed_event_id"),
        if_not_exists=True,
    )
    op.create_index("ix_feed_practice", "feed", ["practice_id", "position"], if_not_exists=True)
    op.create_table(
        "insight_number",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_insight_number_practice_id_practice", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practice_id", name="pk_insight_number"),
        if_not_exists=True,
    )
    op.create_table(
        "job",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_job_practice_id_practice"),
        sa.PrimaryKeyConstraint("job_id", name="pk_job"),
        if_not_exists=True,
    )
    op.create_index("ix_job_practice", "job", ["practice_id", "job_id"], if_not_exists=True)
    op.create_table(
        "saved_view",
        sa.Column("view_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_saved_view_practice_id_practice", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("view_id", name="pk_saved_view"),
        if_not_exists=True,
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["practice_id", "owner"], if_not_exists=True)
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_webhook_practice_id_practice"),
        sa.PrimaryKeyConstraint("webhook_id", name="pk_webhook"),
        if_not_exists=True,
    )
    op.create_index("ix_webhook_practice_id", "webhook", ["practice_id"], if_not_exists=True)
    op.create_table(
        "work_group",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column("root_cause", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("then", sa.String(), nullable=True),
        sa.Column("shared", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("left_out", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_work_group_practice_id_practice", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practice_id", "group_id", name="pk_work_group"),
        if_not_exists=True,
    )
    op.create_table(
        "delivery",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.webhook_id"], name="fk_delivery_webhook_id_webhook", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_delivery"),
        sa.UniqueConstraint("webhook_id", "event_id", name="uq_delivery_webhook_id_event_id"),
        if_not_exists=True,
    )
    op.create_index("ix_delivery_due", "delivery", ["webhook_id", "state", "next_at"], if_not_exists=True)
    op.create_index("ix_delivery_webhook", "delivery", ["webhook_id", "delivery_id"], if_not_exists=True)
    op.create_table(
        "insight_change",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_insight_change_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", name="pk_insight_change"),
        if_not_exists=True,
    )
    op.create_index("ix_insight_change_number", "insight_change", ["practice_id", "number"], if_not_exists=True)
    op.create_table(
        "job_item",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("findings", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.job_id"], name="fk_job_item_job_id_job"),
        sa.PrimaryKeyConstraint("job_id", "position", name="pk_job_item"),
        if_not_exists=True,
    )
    op.create_table(
        "question",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_of", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_question_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "key", name="pk_question"),
        if_not_exists=True,
    )
    op.create_table(
        "webhook_secret",
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("secret_id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.webhook_id"], name="fk_webhook_secret_webhook_id_webhook", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("webhook_id", "secret_id", name="pk_webhook_secret"),
        if_not_exists=True,
    )
    op.create_table(
        "work_group_member",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_work_group_member_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", name="pk_work_group_member"),
        if_not_exists=True,
    )
    op.create_index("ix_work_group_member", "work_group_member", ["practice_id", "group_id"], if_not_exists=True)
    op.create_table(
        "worklist_change",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_worklist_change_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", name="pk_worklist_change"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_worklist_change_number", "worklist_change", ["practice_id", "number", "denial_id"], if_not_exists=True
    )
    op.create_table(
        "delivery_attempt",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.delivery_id"],
            name="fk_delivery_attempt_delivery_id_delivery",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name="pk_delivery_attempt"),
        if_not_exists=True,
    )
    op.create_table(
        "outgoing_file",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("send", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("handed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_outgoing_file_practice_id_practice"
        ),
        sa.ForeignKeyConstraint(["send"], ["outgoing.key"], name="fk_outgoing_file_send_outgoing"),
        sa.PrimaryKeyConstraint("send", "number", name="pk_outgoing_file"),
        if_not_exists=True,
    )
