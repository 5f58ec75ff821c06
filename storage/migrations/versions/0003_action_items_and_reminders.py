"""Action items, what reminds of them, and deliveries that give way."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "kept_value",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "theme",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aim", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "accepted_risk",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("incident_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_accepted_risk_incident", "accepted_risk", ["incident_id"], unique=False)

    op.create_table(
        "action_item",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("incident_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("horizon", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("aim", sa.String(40), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("proposal", sa.String(40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.Column("feasibility", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("priority_reason", sa.String(), nullable=True),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("success_measure", sa.String(), nullable=False),
        sa.Column("vendor_contact", sa.String(), nullable=False),
        sa.Column("theme_id", BIG_ID, nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("source_ref", sa.String(), nullable=True),
        sa.Column("follows", BIG_ID, nullable=True),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_on", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("dropped_because", sa.String(), nullable=True),
        sa.Column("dropped_by", sa.String(), nullable=True),
        sa.Column("state_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("planned_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snoozes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_late_on", sa.Date(), nullable=True),
        sa.Column("tracker", sa.String(), nullable=True),
        sa.Column("tracker_url", sa.String(), nullable=True),
        sa.Column("tracker_ref", sa.String(), nullable=True),
        sa.Column("tracker_state", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follows"],
            ["action_item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["theme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_action_item_assigned",
        "action_item",
        ["assigned_by", "due_on"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'in_progress', 'blocked')"),
        postgresql_where=sa.text("state IN ('open', 'in_progress', 'blocked')"),
    )
    op.create_index(
        "ix_action_item_ranked",
        "action_item",
        [sa.text("(coalesce(priority, coalesce(impact, 0) * coalesce(feasibility, 0))) DESC")],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'in_progress', 'blocked')"),
        postgresql_where=sa.text("state IN ('open', 'in_progress', 'blocked')"),
    )
    op.create_index("ix_action_item_done", "action_item", ["done_at"], unique=False)
    op.create_index("ix_action_item_follows", "action_item", ["follows"], unique=False)
    op.create_index("ix_action_item_incident", "action_item", ["incident_id"], unique=False)
    op.create_index(
        "ix_action_item_open",
        "action_item",
        ["owner", "due_on"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'in_progress', 'blocked')"),
        postgresql_where=sa.text("state IN ('open', 'in_progress', 'blocked')"),
    )
    op.create_index("ix_action_item_state", "action_item", ["state", "due_on"], unique=False)
    op.create_index("ix_action_item_theme_id", "action_item", ["theme_id"], unique=False)

    op.create_table(
        "effectiveness_check",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("side_effects", sa.String(), nullable=False),
        sa.Column("similar", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["action_item.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_effectiveness_check_item", "effectiveness_check", ["item_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("item_id", BIG_ID, nullable=True),
        sa.Column("check_id", BIG_ID, nullable=True),
        sa.Column("risk_id", BIG_ID, nullable=True),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["effectiveness_check.id"],
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["action_item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["risk_id"],
            ["accepted_risk.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("ix_reminder_item", "reminder", ["item_id"], unique=False)
    op.create_index(
        "ix_reminder_message",
        "reminder",
        ["channel_id", "ts"],
        unique=False,
        sqlite_where=sa.text("ts IS NOT NULL"),
        postgresql_where=sa.text("ts IS NOT NULL"),
    )
    op.create_index(
        "ix_reminder_planned",
        "reminder",
        ["to", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(
        "ix_reminder_risk",
        "reminder",
        ["risk_id"],
        unique=False,
        sqlite_where=sa.text("risk_id IS NOT NULL"),
        postgresql_where=sa.text("risk_id IS NOT NULL"),
    )

    op.add_column("delivery", sa.Column("patient", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_delivery_waiting", "delivery")
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["due_at", "id"],
        sqlite_where=sa.text("done_at IS NULL AND patient = 0"),
        postgresql_where=sa.text("done_at IS NULL AND NOT patient"),
    )
    op.create_index(
        "ix_delivery_patient",
        "delivery",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND patient = 1"),
        postgresql_where=sa.text("done_at IS NULL AND patient"),
    )

    op.add_column("person", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("no_praise", sa.Boolean(), server_default=sa.false(), nullable=False))
