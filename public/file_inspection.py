"""Lets a child process look into a file, so that no file hurts us (`public/inspection/`)."""

import json
import logging
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError

from public.file_words import Finding, refusal

HOME = Path(__file__).resolve().parent.parent
# Isolated, Python looks for modules in its own folders only: ours is named here.
CHILD = """
import sys
sys.path.append(sys.argv.pop(1))
from public.inspection import child
child.main()
"""
SECONDS = 20  # of work
MEMORY = 1024 * 1024 * 1024  # bytes
PATIENCE = 3  # the machine may be busy: so many times the seconds of work before we give up

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inspected:
    """What a file that is taken is, and what it carries along."""

    media_type: str
    pages: int | None = None  # of a PDF
    findings: list[Finding] = field(default_factory=list)


def inspect(file: IO[bytes], seconds: int = SECONDS, memory: int = MEMORY) -> Inspected:
    """Look into a file that has a place on the disk; `ValidationError` says why it is refused."""
    file.seek(0)
    try:
        child = subprocess.run(  # noqa: S603 - our own script, and no word of the file's in it
            [sys.executable, "-I", "-c", CHILD, str(HOME), str(seconds), str(memory)],
            stdin=file.fileno(),
            capture_output=True,
            timeout=seconds * PATIENCE,
            env={},  # it reads what strangers made: it knows no key and no database
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused("work") from error
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _refused("work")
    if child.returncode or not child.stdout:
        kind = kind_of_fault(child.stderr)
        logger.warning("Looking into a file ended with %s: %s", child.returncode, kind)
        raise _refused("memory" if b"MemoryError" in child.stderr else "damaged")
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise _refused(answer["refused"], **answer["said"])
    findings = [(code, count, samples) for code, count, samples in answer["findings"]]
    return Inspected(answer["type"], answer["pages"], findings)


def kind_of_fault(stderr: bytes) -> str:
    """What a child's traceback calls the error that ended it; its words may quote the file."""
    kinds = re.findall(rb"^[\w.]*(?:Error|Exception)\b", stderr, re.MULTILINE)
    return kinds[-1].decode() if kinds else "no traceback"


def _refused(code: str, **said) -> ValidationError:
    return ValidationError(refusal(code, said), code="file", params={"reason": code})
