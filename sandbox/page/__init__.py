"""A plain page at `/` to look around the workspace through anyone's eyes."""

from sandbox.page.routes import page_routes

__all__ = ["page_routes"]
