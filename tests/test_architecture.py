"""Where code may stand and what it may know: the rooms of DESIGN, checked in the source itself."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

HOME = Path(__file__).resolve().parent.parent

# room → the rooms it may import:
# objectives ← public ← office ← submissions ← sessions ← synthesis.
MAY_IMPORT = {
    "objectives": set(),
    "accounts": {"objectives"},
    "public": {"objectives"},
    "office": {"accounts", "objectives", "public"},
    "submissions": {"objectives", "office", "public"},
    "sessions": {"objectives", "office", "public", "submissions"},
    "synthesis": {"objectives", "office", "public", "submissions", "sessions"},
    "reviewhub": {
        "accounts",
        "objectives",
        "office",
        "public",
        "submissions",
        "sessions",
        "synthesis",
    },
}
ROOMS = list(MAY_IMPORT)
LABELS = {room: "roundtables" if room == "sessions" else room for room in ROOMS}

# What a room knows of another by name only, and why.
KNOWN_BY_NAME = {
    "objectives/records.py": {"accounts_change": "the log's trigger writes it, for every table"},
    "objectives/reference_tables.py": {
        "accounts.Change": "asks the log which cells the office has changed"
    },
}

# Who touches editions themselves; everybody else reads `PublicRecord`.
TOUCHES_EDITIONS = {
    "public/editions.py": "writes and rebuilds them",
    "public/merging.py": "withdraws what is merged, if something of it is public",
    "public/refusals.py": "asks whether what a document names is public",
    "public/standing.py": "tells staff which editions a record has",
    "public/admin.py": "shows them to staff, also those under embargo; nobody changes them there",
}
WRITES_EDITIONS = {"public/publication.py", "public/merging.py"}


@cache
def modules() -> dict[str, ast.Module]:
    """The source of every room, by its path."""
    return {
        str(path.relative_to(HOME)): ast.parse(path.read_text())
        for room in ROOMS
        for path in sorted((HOME / room).rglob("*.py"))
    }


def room_of(path: str) -> str:
    return path.split("/")[0]


def imported_by(tree: ast.Module):
    """The full names that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def texts_in(tree: ast.Module):
    """Every string of a module that is not a docstring."""
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and node not in docstrings:
            yield node.value


def found(look) -> list[str]:
    """What `look` finds in each module of the rooms."""
    return [f"{path}: {what}" for path, tree in modules().items() for what in look(path, tree)]


# --- Imports point one way ------------------------------------------------------------------


def test_every_room_is_looked_at():
    local = {config.name for config in apps.get_app_configs() if (HOME / config.name).is_dir()}

    assert local == set(ROOMS)
    assert {room_of(path) for path in modules()} == set(ROOMS)


def test_imports_point_left():
    def look(path, tree):
        room = room_of(path)
        for name in imported_by(tree):
            other = name.split(".")[0]
            if other in ROOMS and other != room and other not in MAY_IMPORT[room]:
                yield name

    assert found(look) == []


def test_public_never_imports_the_office():
    office = {"office", "submissions", "sessions", "synthesis", "accounts", "reviewhub"}
    known = {
        name.split(".")[0]
        for path, tree in modules().items()
        if room_of(path) == "public"
        for name in imported_by(tree)
    }

    assert known & office == set()
    assert "objectives" in known


def test_imports_are_absolute_and_nothing_imports_tests():
    def look(path, tree):
        return [name for name in imported_by(tree) if name.split(".")[0] in ("", "tests")]

    assert found(look) == []


# --- … nor does what is only named --------------------------------------------------------


def test_rooms_name_no_model_of_a_room_they_may_not_import():
    """`get_model("submissions.Practice")` would be an import in disguise."""
    model_of = {f"{label}.": room for room, label in LABELS.items() if room != "reviewhub"}

    def look(path, tree):
        for text in texts_in(tree):
            match = re.fullmatch(r"([a-z]+\.)[A-Z]\w+", text)
            other = match and model_of.get(match[1])
            if (
                other
                and other != room_of(path)
                and other not in MAY_IMPORT[room_of(path)]
                and text not in KNOWN_BY_NAME.get(path, {})
            ):
                yield text

    assert found(look) == []


def test_rooms_name_no_table_of_a_room_they_may_not_import():
    """SQL in a string would be another."""
    tables = {
        model._meta.db_table: room
        for room, label in LABELS.items()
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }

    def look(path, tree):
        room = room_of(path)
        for text in texts_in(tree):
            for word in re.findall(r"[a-z_]+", text):
                other = tables.get(word, room)
                if (
                    other != room
                    and other not in MAY_IMPORT[room]
                    and word not in KNOWN_BY_NAME.get(path, {})
                ):
                    yield word

    assert found(look) == []


def test_exceptions_are_still_needed():
    for path, names in KNOWN_BY_NAME.items():
        said = " ".join(texts_in(modules()[path]))
        assert [name for name in names if name not in said] == []


# --- The trap of the label ------------------------------------------------------------------


def test_sessions_is_djangos_label_and_roundtables_is_ours():
    assert apps.get_app_config("sessions").name == "django.contrib.sessions"
    assert apps.get_app_config("roundtables").name == "sessions"


def test_nobody_names_our_sittings_by_djangos_label():
    def look(path, tree):
        allowed = {"sessions.apps.RoundtablesConfig"}  # the one place where the folder is meant
        for text in texts_in(tree):
            if re.match(r"sessions[._][A-Za-z]", text) and text not in allowed:
                yield text

    assert found(look) == []


# --- One door to the public record ----------------------------------------------------------


def test_editions_are_touched_by_publication_only():
    def look(path, tree):
        if path in TOUCHES_EDITIONS or "/migrations/" in path:
            return []
        forbidden = {"public.models.Edition", "public.models.EditionText"}
        return forbidden.intersection(imported_by(tree))

    assert found(look) == []


def test_editions_are_written_by_publication_only():
    def look(path, tree):
        if path in WRITES_EDITIONS:
            return []
        return [
            name
            for name in imported_by(tree)
            if re.fullmatch(r"public\.editions\.(write|retract)_\w+", name)
        ]

    assert found(look) == []


# --- Nothing goes around the triggers -------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("reviewhub.empty_log", {"objectives/records.py"}),  # the trigger that asks for it
        ("reviewhub.rebuild", {"public/editions.py", "public/models.py"}),
        ("session_replication_role", set()),
        ("DISABLE TRIGGER", set()),
        ("pgtrigger.ignore", {"accounts/site_role.py"}),  # takes it away
    ],
)
def test_triggers_are_switched_off_by_nobody(words, where):
    sources = {
        str(path.relative_to(HOME))
        for room in ROOMS
        for path in (HOME / room).rglob("*.py")
        if words.lower() in path.read_text().lower()
    }

    assert sources == where


# --- Names ----------------------------------------------------------------------------------


def test_every_module_has_a_name_that_says_something():
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "tools", "base"}
    folders = [HOME / room for room in (*ROOMS, "tests")]

    nameless = [
        str(path.relative_to(HOME))
        for folder in folders
        for path in folder.rglob("*")
        if path.stem in empty_words and (path.suffix == ".py" or path.is_dir())
    ]

    assert nameless == []


def test_every_folder_of_tests_is_a_package():
    """Two test modules of one name would shadow each other."""
    bare = [
        str(path.parent.relative_to(HOME))
        for path in (HOME / "tests").rglob("test_*.py")
        if not (path.parent / "__init__.py").exists()
    ]

    assert bare == []
    assert not (HOME / "tests" / "sessions").exists()
