"""What we keep about ourselves between two runs."""

from sqlmodel import Field, SQLModel


class KeptValue(SQLModel, table=True):
    """One word under one name, such as what the plans in the database were made from."""

    __tablename__ = "kept_value"

    name: str = Field(primary_key=True)
    value: str
