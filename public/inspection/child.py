"""Looks into one file, in a process of its own, with limits.

    python -I -c '…' FOLDER SECONDS MEMORY < file > answer.json

Whatever a file does to its reader happens here, and ends with this process. So it imports the
standard library and pypdf only. `public/file_inspection.py` reads what it says.
"""

import json
import resource
import sys

from public.inspection.findings import Findings, Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def limit_this_process(seconds: int, memory: int) -> None:
    for what, most in [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),  # it can fill no disk; pipes are no files
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (most, most))


def look(content: bytes) -> dict:
    """What the file is, by its first bytes and not by its name, and what is in it."""
    findings, pages = Findings(), None
    # what reads each kind is imported when it is needed: a process begins with every file
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        from public.inspection import pictures

        media_type = pictures.look_at_png(content, findings)
    elif content.startswith(b"\xff\xd8\xff"):
        from public.inspection import pictures

        media_type = pictures.look_at_jpeg(content, findings)
    elif content.startswith(OLE):
        # since 2007 an office file lies in such a container only when it is encrypted
        raise Refused("password" if OLE_ENCRYPTED in content else "old_office")
    elif content.startswith(b"PK\x03\x04"):
        from public.inspection import packages

        media_type = packages.look(content, findings)
    elif b"%PDF-" in content[:1024]:
        from public.inspection import pdf

        media_type, pages = "application/pdf", pdf.look(content, findings)
    else:
        raise Refused("unknown")
    return {"type": media_type, "pages": pages, "findings": findings.as_lists()}


def main() -> None:
    seconds, memory = map(int, sys.argv[1:])
    limit_this_process(seconds, memory)
    try:
        answer = look(sys.stdin.buffer.read())
    except Refused as refusal:
        answer = {"refused": refusal.code, "said": refusal.said}
    except MemoryError:
        answer = {"refused": "memory", "said": {}}
    sys.stdout.write(json.dumps(answer))
