"""Messages, the timeline, prompts, subscriptions, and more facts of an incident."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them, and fill the timeline from the ledger."""
    op.create_table(
        "mark",
        sa.Column("incident_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "ts", "mark", "user_id"),
    )
    op.create_table(
        "message",
        sa.Column("incident_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=True),
        sa.Column("by_bot", sa.Boolean(), nullable=False),
        sa.Column("broadcast", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_ts", sa.String(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "ts"),
    )
    op.create_index("ix_message_posted_at", "message", ["posted_at"], unique=False)

    op.create_table(
        "message_version",
        sa.Column("incident_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("edited_ts", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "ts", "edited_ts"),
    )
    op.create_table(
        "prompt",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("incident_id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "ix_prompt_live",
        "prompt",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('planned', 'asked')"),
        postgresql_where=sa.text("state IN ('planned', 'asked')"),
    )
    op.create_index("ix_prompt_message", "prompt", ["channel_id", "ts"], unique=False)

    op.create_table(
        "shared_file",
        sa.Column("incident_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mimetype", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("not_stored_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "file_id"),
    )
    op.create_table(
        "subscription",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("incident_id", BIG_ID, nullable=True),
        sa.Column("severity", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_subscription_created_by", "subscription", ["created_by"], unique=False)
    op.create_index("ix_subscription_incident_id", "subscription", ["incident_id"], unique=False)
    op.create_index("ix_subscription_user_id", "subscription", ["user_id"], unique=False)

    op.create_table(
        "timeline_entry",
        sa.Column("incident_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("message_ts", sa.String(), nullable=True),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "sequence"),
    )
    op.create_index(
        "ix_timeline_entry_open",
        "timeline_entry",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'in_place', 'accepted') AND NOT hidden AND NOT withdrawn"),
        postgresql_where=sa.text("state IN ('open', 'in_place', 'accepted') AND NOT hidden AND NOT withdrawn"),
    )
    op.create_index(
        "ix_timeline_entry_order", "timeline_entry", ["incident_id", "happened_at", "sequence"], unique=False
    )

    op.add_column("incident", sa.Column("merged_into", BIG_ID, nullable=True))
    op.add_column("incident", sa.Column("status_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("lead_vacant_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("watched_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("promise_made_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("reopened_times", sa.Integer(), server_default="0", nullable=False))
    op.add_column("incident", sa.Column("impact_started_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("impact_ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("detected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("detected_by", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("location", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("affected", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("prevented", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("cost", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("trigger", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("meeting_url", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("public_text", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("public_text_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("adopted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("incident", sa.Column("early_posts", sa.Integer(), server_default="0", nullable=False))

    op.add_column("incident_update", sa.Column("actions", sa.String(), nullable=True))
    op.add_column("incident_update", sa.Column("needs", sa.String(), nullable=True))
    op.add_column("incident_update", sa.Column("needed", sa.String(), nullable=True))
    op.add_column("incident_update", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))

    _fill_timeline()
    _fill_times()


def _fill_timeline() -> None:
    """What is in the ledger so far was never edited, so each entry shows as it is."""
    op.execute(
        'INSERT INTO timeline_entry (incident_id, sequence, kind, category, "by", happened_at, data) '
        "SELECT incident_id, sequence, kind, CASE kind WHEN 'note' THEN 'timeline' END, \"by\", happened_at, data "
        "FROM ledger_entry WHERE kind IN ('declared', 'role_assigned', 'severity_changed', 'status_changed', 'note', "
        "'update', 'resolved', 'reopened', 'declined')"
    )


def _fill_times() -> None:
    """When people last did something, and since when it stands as it does: both are in the ledger."""
    incident = sa.table("incident", *map(sa.column, ("id", "last_activity_at", "status_changed_at")))
    entry = sa.table("ledger_entry", *map(sa.column, ("incident_id", "kind", "by", "recorded_at", "happened_at")))
    of_this = entry.c.incident_id == incident.c.id
    moves = entry.c.kind.in_(["status_changed", "resolved", "reopened", "declined"])
    done_at = sa.select(sa.func.max(entry.c.recorded_at)).where(of_this, entry.c.by != "sitrep").scalar_subquery()
    moved_at = sa.select(sa.func.max(entry.c.happened_at)).where(of_this, moves).scalar_subquery()
    op.execute(incident.update().values(last_activity_at=done_at, status_changed_at=moved_at))
