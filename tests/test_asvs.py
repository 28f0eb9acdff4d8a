"""docs/asvs.csv answers every requirement of ASVS 5.0, levels 1 and 2, and its proofs exist."""

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
ANSWERS = {"met", "partly", "not met", "not applicable"}
REQUIREMENTS = {  # of levels 1 and 2 in each chapter of the standard
    1: (8, 19),
    2: (4, 7),
    3: (8, 11),
    4: (2, 8),
    5: (4, 5),
    6: (13, 22),
    7: (6, 12),
    8: (4, 3),
    9: (4, 3),
    10: (5, 24),
    11: (3, 11),
    12: (3, 6),
    13: (1, 12),
    14: (2, 7),
    15: (3, 10),
    16: (0, 16),
    17: (0, 7),
}

with (BASE / "docs" / "asvs.csv").open(newline="", encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))


def place(row) -> tuple[int, ...]:
    """Chapter, section and number of a requirement, cited as v5.0.0-1.2.3."""
    match = re.fullmatch(r"v5\.0\.0-(\d+)\.(\d+)\.(\d+)", row["requirement"])
    assert match, row["requirement"]
    return tuple(map(int, match.groups()))


@cache
def names_in(path: str) -> set[str]:
    """What a module defines: tests, functions, classes, and settings wherever they are set."""
    nodes = list(ast.walk(ast.parse((BASE / path).read_text(encoding="utf-8"))))
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return defined | targets


def missing(proof: str) -> str:
    """What a proof names and the project does not have; empty if all is there."""
    path, _colons, name = proof.partition("::")
    if not (BASE / path).is_file():
        return f"{path}: no such file"
    if path.startswith("tests/") and not name.startswith("test_"):
        return f"{proof}: names no test"
    if name and name not in names_in(path):
        return f"{path}: no {name}"
    return ""


def test_every_requirement_is_answered_once_and_in_order():
    places = [place(row) for row in ROWS]
    levels = Counter(
        (chapter, row["level"]) for (chapter, *_), row in zip(places, ROWS, strict=True)
    )

    assert places == sorted(set(places))
    assert {chapter: (levels[chapter, "1"], levels[chapter, "2"]) for chapter, *_ in places} == (
        REQUIREMENTS
    )
    assert len(ROWS) == 253


def test_every_answer_is_one_of_four_and_has_its_reason():
    unclear = [
        row["requirement"]
        for row in ROWS
        if row["answer"] not in ANSWERS
        or not row["how"].strip().endswith(".")
        or not 3 <= len(row["subject"].split()) <= 10
    ]

    assert unclear == []


def test_whatever_is_met_has_proofs_that_exist():
    proofs = {row["requirement"]: [one for one in row["proof"].split("; ") if one] for row in ROWS}
    unproved = [
        row["requirement"]
        for row in ROWS
        if row["answer"] in {"met", "partly"} and not proofs[row["requirement"]]
    ]

    assert unproved == []
    assert [
        f"{requirement}: {told}"
        for requirement, named in proofs.items()
        for told in map(missing, named)
        if told
    ] == []
