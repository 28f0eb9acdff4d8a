"""The mutants of `make mutants` still fit the code: each can be made, and its tests are there."""

import ast

import pytest

from tests.mutants import HOME, MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_mutant_can_be_made_and_its_tests_are_there(mutant):
    whole = (HOME / mutant.file).read_text()
    made = whole.replace(mutant.was, mutant.now)

    assert whole.count(mutant.was) == 1
    assert made != whole
    ast.parse(made)
    for test in mutant.tests:
        file, _colons, name = test.partition("::")
        tree = ast.parse((HOME / file).read_text())
        assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_mutants_have_names_of_their_own():
    names = [mutant.name for mutant in MUTANTS]

    assert len(set(names)) == len(names) >= 15
