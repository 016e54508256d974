"""What goes wrong with servers of one's own."""

from __future__ import annotations


class ServerUnavailable(RuntimeError):
    """A server's programs aren't installed, or can't be run here; says where they were sought."""


class ServerFailed(RuntimeError):
    """A server didn't start, or refused a command; shows the end of its log."""
