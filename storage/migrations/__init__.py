"""How the database's schema came to be, one change a file under versions/."""

HEAD = "0003"
"""The newest revision; known without loading Alembic, so that an up-to-date database costs nothing at start."""
