"""What the site is made of is written down, and is what is locked."""

import json
import re

from reviewhub.management.commands.write_sbom import LICENCES, LOCK, SBOM, licences, locked, sbom


def test_written_lists_are_those_of_the_lock():
    packages = locked(LOCK)

    assert SBOM.read_text() == sbom(packages), "run make sbom"
    assert LICENCES.read_text() == licences(packages), "run make sbom"


def test_every_locked_package_is_listed_with_its_check_sums_and_a_licence():
    text = LOCK.read_text()
    listed = json.loads(sbom(locked(LOCK)))["components"]

    names = re.findall("^([a-z0-9-]+)==", text, re.MULTILINE)
    assert [one["name"] for one in listed] == names
    hashes = sum(len(one["hashes"]) for one in listed)
    assert hashes == text.count("--hash=sha256:")
    assert "unknown" not in {one["licenses"][0]["license"]["name"] for one in listed}
