"""Who is told of notices, and what was told to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of push subscriptions, webhooks and deliveries."""
    op.create_table(
        "push_subscriptions",
        sa.Column("target_id", sa.String(64), primary_key=True),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("area_ids", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("is_exercise", sa.Boolean, nullable=False),
        sa.Column("since", sa.String(24), nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("target_id", sa.String(64), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("is_exercise", sa.Boolean, nullable=False),
        sa.Column("since", sa.String(24), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("target_id", sa.String(64), primary_key=True),
        sa.Column("message_id", sa.String(200), primary_key=True),
        sa.Column("is_exercise", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.String(24), nullable=False),
    )
    op.create_index("deliveries_by_due_at", "deliveries", ["state", "due_at"])
