"""Records of version 3: what payers answered, what billers taught, and the worklist."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cash",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_cash_practice_id_practice"),
        sa.PrimaryKeyConstraint("practice_id", name="pk_cash"),
        if_not_exists=True,
    )
    op.create_table(
        "joint_approval",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_joint_approval_practice_id_practice"
        ),
        sa.PrimaryKeyConstraint("practice_id", "sha256", name="pk_joint_approval"),
        if_not_exists=True,
    )
    op.create_index("ix_joint_approval_group_id", "joint_approval", ["group_id"], if_not_exists=True)
    op.create_table(
        "learned_rule",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_learned_rule_practice_id_practice"),
        sa.PrimaryKeyConstraint("practice_id", "rule_id", "number", name="pk_learned_rule"),
        if_not_exists=True,
    )
    op.create_table(
        "account",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("recovered_cents", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_account_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", name="pk_account"),
        if_not_exists=True,
    )
    op.create_table(
        "claim_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_claim_status_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_claim_status_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_status"),
        if_not_exists=True,
    )
    op.create_index("ix_claim_status_claim_id", "claim_status", ["claim_id"], if_not_exists=True)
    op.create_index("ix_claim_status_file_id", "claim_status", ["file_id"], if_not_exists=True)
    op.create_table(
        "learned_example",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_learned_example_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "rule_id", name="pk_learned_example"),
        if_not_exists=True,
    )
    op.create_table(
        "learned_use",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_learned_use_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "rule_id", "version", name="pk_learned_use"),
        if_not_exists=True,
    )
    op.create_table(
        "letter_edit",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("word_sha256", sa.String(), nullable=False),
        sa.Column("letter_before", sa.String(), nullable=False),
        sa.Column("rests_on", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("diff", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_letter_edit_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "key", name="pk_letter_edit"),
        if_not_exists=True,
    )
    op.create_table(
        "outcome_entry",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("codes", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter_name", sa.String(), nullable=False),
        sa.Column("letter_sha256", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_outcome_entry_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "key", name="pk_outcome_entry"),
        if_not_exists=True,
    )
    op.create_table(
        "send_direction",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("fax", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_send_direction_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "at", name="pk_send_direction"),
        if_not_exists=True,
    )
    op.create_table(
        "worklist",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("root_cause", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=True),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("recovered_cents", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("hcpcs", sa.String(), nullable=True),
        sa.Column("drug", sa.String(), nullable=True),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("service_date", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("auth_number", sa.String(), nullable=True),
        sa.Column("patient", sa.String(), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_worklist_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", name="pk_worklist"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_worklist_cause", "worklist", ["practice_id", "root_cause", "status", "rank"], if_not_exists=True
    )
    op.create_index(
        "ix_worklist_deadline", "worklist", ["practice_id", "status", "deadline", "denial_id"], if_not_exists=True
    )
    op.create_index("ix_worklist_drug", "worklist", ["practice_id", "hcpcs", "status", "rank"], if_not_exists=True)
    op.create_index("ix_worklist_payer", "worklist", ["practice_id", "payer_id", "status", "rank"], if_not_exists=True)
    op.create_index("ix_worklist_rank", "worklist", ["practice_id", "status", "rank", "denial_id"], if_not_exists=True)
    op.create_index("ix_worklist_series", "worklist", ["practice_id", "series"], if_not_exists=True)
    op.create_table(
        "worklist_word",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_worklist_word_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "word", name="pk_worklist_word"),
        if_not_exists=True,
    )
    op.create_index("ix_worklist_word", "worklist_word", ["practice_id", "word"], if_not_exists=True)
    op.create_table(
        "send_attempt",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("send", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_send_attempt_practice_id_practice"),
        sa.ForeignKeyConstraint(["send"], ["outgoing.key"], name="fk_send_attempt_send_outgoing"),
        sa.PrimaryKeyConstraint("send", "number", name="pk_send_attempt"),
        if_not_exists=True,
    )
