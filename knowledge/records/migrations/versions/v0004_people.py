"""Records of version 4: who may do what, and the trail of who did and saw what."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "access_client",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("every_practice", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("jwks", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client_id", name="pk_access_client"),
        if_not_exists=True,
    )
    op.create_table(
        "access_failures",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_access_failures"),
        if_not_exists=True,
    )
    op.create_table(
        "access_idempotency",
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_access_idempotency"),
        if_not_exists=True,
    )
    op.create_index("ix_access_idempotency_began_at", "access_idempotency", ["began_at"], if_not_exists=True)
    op.create_table(
        "access_sign_on",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_access_sign_on"),
        if_not_exists=True,
    )
    op.create_table(
        "access_user",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("every_practice", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="pk_access_user"),
        sa.UniqueConstraint("login", name="uq_access_user_login"),
        sa.UniqueConstraint("subject", name="uq_access_user_subject"),
        if_not_exists=True,
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
        if_not_exists=True,
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        if_not_exists=True,
    )
    op.create_table(
        "access_assertion",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["access_client.client_id"],
            name="fk_access_assertion_client_id_access_client",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("client_id", "jti", name="pk_access_assertion"),
        if_not_exists=True,
    )
    op.create_table(
        "access_client_practice",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["access_client.client_id"],
            name="fk_access_client_practice_client_id_access_client",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.practice_id"],
            name="fk_access_client_practice_practice_id_practice",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("client_id", "practice_id", name="pk_access_client_practice"),
        if_not_exists=True,
    )
    op.create_table(
        "access_link",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.user_id"], name="fk_access_link_user_id_access_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_access_link"),
        if_not_exists=True,
    )
    op.create_index("ix_access_link_user_id", "access_link", ["user_id"], if_not_exists=True)
    op.create_table(
        "access_recovery_code",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.user_id"], name="fk_access_recovery_code_user_id_access_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_access_recovery_code"),
        if_not_exists=True,
    )
    op.create_table(
        "access_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.user_id"], name="fk_access_session_user_id_access_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_access_session"),
        if_not_exists=True,
    )
    op.create_index("ix_access_session_user_id", "access_session", ["user_id"], if_not_exists=True)
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["access_client.client_id"],
            name="fk_access_token_client_id_access_client",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_access_token"),
        if_not_exists=True,
    )
    op.create_index("ix_access_token_client_id", "access_token", ["client_id"], if_not_exists=True)
    op.create_table(
        "access_user_practice",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.practice_id"],
            name="fk_access_user_practice_practice_id_practice",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.user_id"], name="fk_access_user_practice_user_id_access_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "practice_id", name="pk_access_user_practice"),
        if_not_exists=True,
    )
