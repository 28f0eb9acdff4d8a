"""What the office itself remembers: who has which record open."""

from office.models.presence import OpenRecord

__all__ = ["OpenRecord"]
