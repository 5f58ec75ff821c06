"""Role assignments: who holds which job in the response."""

from datetime import datetime

from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, UtcDateTime


class RoleAssignment(SQLModel, table=True):
    """The one holder of a role in an incident; earlier holders are in the ledger."""

    __tablename__ = "role_assignment"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    role: str = Field(primary_key=True)
    user_id: str = Field(index=True)
    assigned_by: str
    assigned_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
