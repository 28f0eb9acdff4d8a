"""What the office keeps for its own work. None of it is ever public."""

from office.models.imports import Import, ImportRow
from office.models.presence import OpenRecord
from office.models.receipts import ApiReceipt
from office.models.words import TaggedWord

__all__ = ["ApiReceipt", "Import", "ImportRow", "OpenRecord", "TaggedWord"]
