"""What the office itself keeps, beside the records of its rooms."""

from office.models.presence import OpenRecord
from office.models.words import TaggedWord

__all__ = ["OpenRecord", "TaggedWord"]
