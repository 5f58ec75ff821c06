"""A strict local Slack workspace, for trying out and testing any Slack app."""

from sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
