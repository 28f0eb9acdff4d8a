"""How records come in from files: resources say which columns, `import_file` takes the rows in."""

from public.imports.actions import import_file
from public.imports.reading import Outcome
from public.imports.resources import Column, Marked, RecordResource

__all__ = ["Column", "Marked", "Outcome", "RecordResource", "import_file"]
