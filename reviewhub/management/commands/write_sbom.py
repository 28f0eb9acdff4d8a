"""`manage.py write_sbom`: what the site is made of, from its locked requirements.

`docs/sbom.json` is a CycloneDX 1.6 list for programs that look for known holes, `docs/licences.md`
is for people. Both say the same for the same lock, so that a test can compare them.
"""

import json
import re
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand

LOCK = settings.BASE_DIR / "requirements" / "s3.txt"  # all that a site may have
ALWAYS = settings.BASE_DIR / "requirements" / "runtime.txt"
SBOM = settings.BASE_DIR / "docs" / "sbom.json"
LICENCES = settings.BASE_DIR / "docs" / "licences.md"

PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: ; (?P<only>[^\\\n]*?))? *\\\n"
    r"(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+)",
    re.MULTILINE,
)
SAID_IN_ITS_FILES = {  # packages whose metadata name no licence, or are not installed everywhere
    "colorama": "BSD-3-Clause",
    "diff-match-patch": "Apache-2.0",
    "django-filter": "BSD-3-Clause",
    "django-import-export": "BSD-2-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "markdown-it-py": "MIT",
    "mdit-py-plugins": "MIT",
    "mdurl": "MIT",
    "obstore": "MIT",
    "resvg-py": "MIT",
    "sqlparse": "BSD-3-Clause",
}


class Command(BaseCommand):
    help = "Write docs/sbom.json (CycloneDX) and docs/licences.md from the locked requirements."

    def handle(self, *args, **options):
        packages = locked(LOCK)
        SBOM.write_text(sbom(packages))
        LICENCES.write_text(licences(packages))
        self.stdout.write(f"{len(packages)} packages: {SBOM.name}, {LICENCES.name}")


def locked(lock: Path) -> list[dict[str, Any]]:
    """Every package of the lock: name, version, where only, licence, check sums of its files."""
    always = {pin["name"] for pin in PIN.finditer(ALWAYS.read_text())}
    return [
        {
            "name": pin["name"],
            "version": pin["version"],
            "only": pin["only"] or ("" if pin["name"] in always else "files on S3"),
            "licence": licence_of(pin["name"]),
            "hashes": sorted(re.findall("[0-9a-f]{64}", pin["hashes"])),
        }
        for pin in PIN.finditer(lock.read_text())
    ]


def licence_of(name: str) -> str:
    """As an SPDX expression where the package says one, else in its own words."""
    if name in SAID_IN_ITS_FILES:
        return SAID_IN_ITS_FILES[name]
    try:
        about = cast(Message, distribution(name).metadata)
    except PackageNotFoundError:
        return "unknown"
    return about["License-Expression"] or about["License"] or "unknown"


def sbom(packages: list[dict[str, Any]]) -> str:
    """CycloneDX 1.6, without the time or a serial number: the same lock gives the same bytes."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{one['name']}@{one['version']}",
            "name": one["name"],
            "version": one["version"],
            "purl": f"pkg:pypi/{one['name']}@{one['version']}",
            "licenses": [{"license": {"name": one["licence"]}}],
            "hashes": [{"alg": "SHA-256", "content": each} for each in one["hashes"]],
            **({"properties": [{"name": "only", "value": one["only"]}]} if one["only"] else {}),
        }
        for one in packages
    ]
    whole = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "reviewhub", "name": "reviewhub"}
        },
        "components": components,
    }
    return json.dumps(whole, indent=1) + "\n"


def licences(packages: list[dict[str, Any]]) -> str:
    """A table for people."""
    rows = "".join(
        f"| {one['name']} | {one['version']} | {one['licence']} | {one['only']} |\n"
        for one in packages
    )
    return (
        "# Licences of what the site is made of\n\n"
        "Made by `make sbom` from `requirements/s3.txt`; do not edit. The letters in"
        " `static/fonts` are under the SIL Open Font License 1.1 (`static/fonts/OFL.txt`); the"
        " site itself is under the terms of `LICENSE`.\n\n"
        "| package | version | licence | only where |\n|---|---|---|---|\n" + rows
    )
