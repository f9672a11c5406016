"""Tallystick: scores that explain themselves, declared as auditable rules."""

__version__ = "0.1.0"
