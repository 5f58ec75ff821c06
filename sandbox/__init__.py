"""A strict local Slack workspace, for trying out and testing any Slack app."""

from sandbox.link.http import UrlNotVerified
from sandbox.people.changes import NeverCame
from sandbox.people.seen import NotVisible
from sandbox.sandbox import Sandbox
from sandbox.state.errors import SlackError

__all__ = ["NeverCame", "NotVisible", "Sandbox", "SlackError", "UrlNotVerified"]
