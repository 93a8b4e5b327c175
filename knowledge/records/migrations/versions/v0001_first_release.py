"""Records of version 1: what the first release (0.1.0) made."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "practice",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", name="pk_practice"),
    )
    op.create_table(
        "schema_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schema_version"),
    )
    op.create_table(
        "denial",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("denial", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=True),
        sa.Column("payer_id", sa.String(), nullable=True),
        sa.Column("root_cause", sa.String(), nullable=True),
        sa.Column("remedy", sa.String(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("case_fingerprint", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_denial_practice_id_practice"),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", name="pk_denial"),
    )
    op.create_index("ix_denial_queue", "denial", ["practice_id", "rank", "denial_id"])
    op.create_table(
        "source_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_source_file_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_source_file"),
        sa.UniqueConstraint(
            "practice_id", "kind", "name", "sha256", name="uq_source_file_practice_id_kind_name_sha256"
        ),
    )
    op.create_index("ix_source_file_content", "source_file", ["practice_id", "kind", "sha256"])
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_acknowledgement_file_id_source_file"),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_acknowledgement_practice_id_practice"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_acknowledgement"),
    )
    op.create_index("ix_acknowledgement_claim_id", "acknowledgement", ["claim_id"])
    op.create_index("ix_acknowledgement_file_id", "acknowledgement", ["file_id"])
    op.create_table(
        "authorization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("auth_number", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_authorization_file_id_source_file"),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_authorization_practice_id_practice"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_authorization"),
    )
    op.create_index("ix_authorization_auth_number", "authorization", ["auth_number"])
    op.create_index("ix_authorization_file_id", "authorization", ["file_id"])
    op.create_index("ix_authorization_member_id", "authorization", ["member_id"])
    op.create_index("ix_authorization_practice_id", "authorization", ["practice_id"])
    op.create_table(
        "chart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("identifiers", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_chart_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_chart_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_chart"),
    )
    op.create_index("ix_chart_file_id", "chart", ["file_id"])
    op.create_index("ix_chart_last", "chart", ["last"])
    op.create_index("ix_chart_practice_id", "chart", ["practice_id"])
    op.create_table(
        "contract_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.Column("hcpcs", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_contract_rate_file_id_source_file"),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_contract_rate_practice_id_practice"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contract_rate"),
    )
    op.create_index("ix_contract_rate_file_id", "contract_rate", ["file_id"])
    op.create_index("ix_contract_rate_hcpcs", "contract_rate", ["hcpcs"])
    op.create_index("ix_contract_rate_practice_id", "contract_rate", ["practice_id"])
    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_coverage_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_coverage_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_coverage"),
    )
    op.create_index("ix_coverage_file_id", "coverage", ["file_id"])
    op.create_index("ix_coverage_member_id", "coverage", ["member_id"])
    op.create_index("ix_coverage_practice_id", "coverage", ["practice_id"])
    op.create_table(
        "event",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_event_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "key", name="pk_event"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_finding_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_finding_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_file_id", "finding", ["file_id"])
    op.create_index("ix_finding_practice_id", "finding", ["practice_id"])
    op.create_table(
        "payer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_payer_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_payer_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_payer"),
    )
    op.create_index("ix_payer_file_id", "payer", ["file_id"])
    op.create_index("ix_payer_payer_id", "payer", ["payer_id"])
    op.create_index("ix_payer_practice_id", "payer", ["practice_id"])
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_policy_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_policy_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
    )
    op.create_index("ix_policy_file_id", "policy", ["file_id"])
    op.create_index("ix_policy_policy_id", "policy", ["policy_id"])
    op.create_index("ix_policy_practice_id", "policy", ["practice_id"])
    op.create_table(
        "product",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_product_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "kind", name="pk_product"),
    )
    op.create_table(
        "remit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("trace_key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_remit_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_remit_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_remit"),
        sa.UniqueConstraint("practice_id", "fingerprint", name="uq_remit_practice_id_fingerprint"),
    )
    op.create_index("ix_remit_file_id", "remit", ["file_id"])
    op.create_index("ix_remit_trace_key", "remit", ["trace_key"])
    op.create_table(
        "review",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_review_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "key", name="pk_review"),
    )
    op.create_table(
        "submitted_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_submitted_claim_file_id_source_file"),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_submitted_claim_practice_id_practice"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submitted_claim"),
    )
    op.create_index("ix_submitted_claim_claim_id", "submitted_claim", ["claim_id"])
    op.create_index("ix_submitted_claim_file_id", "submitted_claim", ["file_id"])
    op.create_table(
        "unread_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_unread_row_file_id_source_file"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_unread_row_practice_id_practice"),
        sa.PrimaryKeyConstraint("id", name="pk_unread_row"),
    )
    op.create_index("ix_unread_row_file_id", "unread_row", ["file_id"])
    op.create_index("ix_unread_row_practice_id", "unread_row", ["practice_id"])
    op.create_table(
        "work",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("denial_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "denial_id"],
            ["denial.practice_id", "denial.denial_id"],
            name="fk_work_practice_id_denial_id_denial",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "denial_id", "stage", name="pk_work"),
    )
    op.create_table(
        "provider_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("remit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.practice_id"], name="fk_provider_adjustment_practice_id_practice"
        ),
        sa.ForeignKeyConstraint(["remit_id"], ["remit.id"], name="fk_provider_adjustment_remit_id_remit"),
        sa.PrimaryKeyConstraint("id", name="pk_provider_adjustment"),
    )
    op.create_index("ix_provider_adjustment_reference", "provider_adjustment", ["reference"])
    op.create_index("ix_provider_adjustment_remit_id", "provider_adjustment", ["remit_id"])
    op.create_table(
        "remit_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("remit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("payer_claim_number", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_remit_claim_practice_id_practice"),
        sa.ForeignKeyConstraint(["remit_id"], ["remit.id"], name="fk_remit_claim_remit_id_remit"),
        sa.PrimaryKeyConstraint("id", name="pk_remit_claim"),
    )
    op.create_index("ix_remit_claim_claim_id", "remit_claim", ["claim_id"])
    op.create_index("ix_remit_claim_payer_claim_number", "remit_claim", ["payer_claim_number"])
    op.create_index("ix_remit_claim_remit_id", "remit_claim", ["remit_id"])
