"""Counts the pages of a PDF, in a process of its own, with limits.

    python -I page_count.py document.pdf > 12

Whatever a file does to its reader happens here, and ends with this process. So it is run as a
script, and imports the standard library and pypdf only. `files.py` reads what it says.
"""

import resource
import sys

from pypdf import PdfReader

SECONDS = 10  # of work
MEMORY = 1024 * 1024 * 1024  # bytes
MOST = 100_000  # pages; a file that claims more lies


def main() -> None:
    for what, most in [
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),  # it can fill no disk; pipes are no files
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (most, most))
    pages = len(PdfReader(sys.argv[1]).pages)
    if 0 < pages <= MOST:
        sys.stdout.write(f"{pages}\n")


if __name__ == "__main__":
    main()
