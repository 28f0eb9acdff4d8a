"""How records come in from files: resources say which columns, `import_file` takes the rows in."""

from office.imports.actions import import_file
from office.imports.lines import Outcome
from office.imports.resources import Column, Marked, RecordResource

__all__ = ["Column", "Marked", "Outcome", "RecordResource", "import_file"]
