"""What the office keeps for its own work. None of it is ever public."""

from office.models.imports import Import, ImportRow

__all__ = ["Import", "ImportRow"]
