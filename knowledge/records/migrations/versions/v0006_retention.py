"""Records of version 6: how long records are kept, and what was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasure",
        sa.Column("erasure_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_erasure_practice_id_practice"),
        sa.PrimaryKeyConstraint("erasure_id", name="pk_erasure"),
        if_not_exists=True,
    )
    op.create_index("ix_erasure_practice_id", "erasure", ["practice_id"], if_not_exists=True)
    op.create_table(
        "legal_hold",
        sa.Column("hold_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("named", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.practice_id"], name="fk_legal_hold_practice_id_practice"),
        sa.PrimaryKeyConstraint("hold_id", name="pk_legal_hold"),
        if_not_exists=True,
    )
    op.create_index("ix_legal_hold_practice_id", "legal_hold", ["practice_id"], if_not_exists=True)
