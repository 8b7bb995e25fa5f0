"""The commands: each talks to people and leaves the work to others."""

from energysim.cli.commands import app, main

__all__ = ["app", "main"]
