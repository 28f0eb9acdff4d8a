"""`make mutants`: takes one check away at a time, and says whether a test notices.

A mutant is a copy of the tree with one line of protection gone. The fewest tests that must notice
are run on it; if they still pass, the mutant lives, and so would the mistake. Nothing is changed
in the tree itself: all of it happens in a temporary copy, with a database server of its own.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LEFT_OUT = (".git", ".venv", ".data", ".ruff_cache", ".mypy_cache", ".pytest_cache", "__pycache__")
MATRIX = (
    "tests/embargo/test_matrix.py"
    "::test_nobody_reads_what_is_not_for_them_and_everybody_reads_what_is"
)
SECONDS = 1800  # for the tests of one mutant, on a busy machine


@dataclass(frozen=True)
class Mutant:
    """`was` becomes `now` in the file; `tests` must then fail. `in_database`: it is made anew."""

    name: str
    file: str
    was: str
    now: str
    tests: tuple[str, ...]
    in_database: bool = False


MUTANTS = (
    Mutant(
        "an edition of the past or the future is as good as that of now",
        "public/models.py",
        "self.filter(visible__contains=moment, first_published_at__lte=moment)",
        "self.all()",
        ("tests/public/test_fence.py::test_role_reads_earlier_editions_at_their_moment",),
    ),
    Mutant(
        "a moment may lie in the future",
        "public/moments.py",
        "if moment > now:",
        "if False:",
        ("tests/public/test_list_forms.py::test_bad_values_are_refused_in_every_form",),
    ),
    Mutant(
        "what changed since it was tallied is counted as it was",
        "public/migrations/0014_tallies.py",
        "(t.bits & ~coalesce(c.bits, nothing))::bit varying",
        "t.bits",
        ("tests/public/test_tallies.py::test_what_is_withdrawn_leaves_no_bit_behind",),
        in_database=True,
    ),
    Mutant(
        "what has an end in the future is tallied",
        "public/tallies.py",
        "AND (upper_inf(e.visible) OR upper(e.visible) <= statement_timestamp())",
        "AND true",
        ("tests/public/test_tallies.py::test_an_embargo_ends_by_time_alone",),
    ),
    Mutant(
        "the public is told which records were withdrawn since lists were tallied",
        "public/migrations/0014_tallies.py",
        "WHERE u.begins <= statement_timestamp() AND {PUBLIC_NOW};",
        "WHERE u.begins <= statement_timestamp();",
        (
            "tests/public/test_tallies.py"
            "::test_the_public_is_told_of_changed_records_that_are_public_only",
        ),
        in_database=True,
    ),
    Mutant(
        "public views run as the application",
        "public/fence.py",
        "if not is_public(request):",
        "if True:",
        ("tests/public/test_fence.py::test_public_views_run_behind_the_fence",),
    ),
    Mutant(
        "the fence does not change the role",
        "public/fence.py",
        "cursor.execute(sql, [ROLE])",
        'cursor.execute(sql, ["none"])',
        ("tests/public/test_fence.py::test_stray_query_in_a_public_page_fails",),
    ),
    Mutant(
        "a replica that is behind answers",
        "public/replicas.py",
        "coalesce(pg_last_wal_replay_lsn() >= %s, false)",
        "%s IS NOT NULL",
        ("tests/reviewhub/test_replicas.py::test_nothing_older_than_the_primary_is_ever_shown",),
    ),
    Mutant(
        "what is streamed is read in front of the fence",
        "public/fence.py",
        "_behind_the_fence(response.streaming_content)",
        "response.streaming_content",
        ("tests/public/test_fence.py::test_public_view_that_reads_or_writes_the_office_fails",),
    ),
    Mutant(
        "the door of files asks no moment",
        "public/views/files.py",
        "PublicRecord.objects.visible(moment.at).with_file(",
        "PublicRecord.objects.with_file(",
        (
            "tests/public/test_files_door.py"
            "::test_file_that_the_next_edition_leaves_out_is_that_of_the_past",
        ),
    ),
    Mutant(
        "the office's files are for everybody with an account of staff",
        "office/files.py",
        "record = record_or_404(request, model, pk)",
        "record = get_object_or_404(model, pk=pk)",
        ("tests/office/test_files.py::test_file_is_for_those_who_may_read_its_record",),
    ),
    Mutant(
        "drafts of the API may be kept by caches",
        "office/drafts.py",
        '"Cache-Control": "private, no-store"',
        '"Cache-Control": "public, max-age=3600"',
        (
            "tests/office/test_drafts.py::test_a_draft_is_added_in_the_name_of_who_answers_for_the_token",
        ),
    ),
    Mutant(
        "records are shown without the right to see them",
        "office/pages.py",
        "if not screen.has_view_permission(request, record):",
        "if False:",
        ("tests/office/test_preview.py::test_whoever_may_not_read_the_record_gets_no_preview",),
    ),
    Mutant(
        "the preview and its neighbours ask nobody to sign in",
        "office/urls.py",
        "staff_only(view)",
        "view",
        ("tests/office/test_preview.py::test_anonymous_gets_what_any_unknown_address_gives",),
    ),
    Mutant(
        "the office opens without a second factor",
        "accounts/door.py",
        " and second_factor.is_enough(request.user)",
        "",
        (
            "tests/accounts/test_sign_in.py"
            "::test_staff_without_a_second_factor_reach_no_page_of_the_office",
        ),
    ),
    Mutant(
        "steps need no right",
        "public/refusals.py",
        "if not has_right(step, type(row), by):",
        "if False:",
        ("tests/public/test_publication.py::test_person_who_has_left_takes_no_step",),
    ),
    Mutant(
        "steps are taken outside one's scope",
        "public/refusals.py",
        "if row.pk not in inside:",
        "if False:",
        ("tests/office/test_scope.py::test_nobody_takes_a_step_outside_their_scope",),
    ),
    Mutant(
        "whoever edited a record signs it",
        "public/refusals.py",
        "if step.name in SIGNING and is_alone(row, by) and not settings.ONE_PERSON_OFFICE:",
        "if False:",
        ("tests/public/test_publication.py::test_nobody_signs_what_they_have_last_edited",),
    ),
    Mutant(
        "a document may name what is not public",
        "public/publication.py",
        "        if hidden:\n",
        "        if False:\n",
        (
            "tests/public/test_publication.py"
            "::test_document_tells_no_code_of_a_record_that_is_not_public",
        ),
    ),
    Mutant(
        "a dump is handed out when it is no longer true",
        "public/dumps.py",
        "dump.state == _state(moment)",
        "dump.state",
        ("tests/public/test_data_page.py::test_dump_that_is_no_longer_true_is_given_to_nobody",),
    ),
    Mutant(
        "the withdrawal of an embargo leaves a tombstone",
        "public/editions.py",
        "editions.filter(visible__isempty=False, visible__startswith__lte=now)",
        "editions.filter(visible__isempty=False)",
        ("tests/public/test_publication.py::test_withdrawal_under_embargo_leaves_no_tombstone",),
    ),
    Mutant(
        "a withdrawal leaves the editions public",
        "public/editions.py",
        "        edition.retracted_at = now\n    Edition.objects.bulk_update(retracted",
        "        edition.retracted_at = None\n    Edition.objects.bulk_update(retracted",
        (
            "tests/public/test_publication.py"
            "::test_withdrawn_record_is_not_seen_at_any_moment_and_leaves_a_tombstone",
        ),
    ),
    Mutant(
        "a token is for every kind and every action",
        "office/drafts.py",
        "if meta.label_lower not in request.auth.kinds or not allowed:",
        "if False:",
        ("tests/office/test_drafts.py::test_a_token_allows_what_it_says_and_its_owner_may",),
    ),
    Mutant(
        "a revoked token opens the door",
        "accounts/tokens.py",
        "        Q(revoked_at__isnull=True),\n",
        "",
        ("tests/office/test_drafts.py::test_a_token_that_is_no_more_opens_nothing",),
    ),
    Mutant(
        "the API changes what is signed",
        "office/drafts.py",
        "if record.status in SIGNED:",
        "if False:",
        ("tests/office/test_drafts.py::test_what_is_signed_is_not_changed",),
    ),
    Mutant(
        "readers export contact data",
        "office/export_columns.py",
        "if one.group != CONTACT or may_change]",
        "]",
        (
            "tests/office/test_exports.py"
            "::test_contact_data_are_not_there_for_those_who_may_only_read",
        ),
    ),
    Mutant(
        "uploads are everybody's",
        "office/import_pages.py",
        "filter(by=request.user, kind=model._meta.label_lower)\n    return",
        "filter(kind=model._meta.label_lower)\n    return",
        (
            "tests/office/test_import_pages.py"
            "::test_upload_of_somebody_else_is_seen_confirmed_and_repeated_by_nobody",
        ),
    ),
    Mutant(
        "an address that nobody classified is no matter",
        "reviewhub/surface_checks.py",
        "return [*unknown, *gone, *shared]",
        "return [*gone, *shared]",
        ("tests/test_surfaces.py::test_address_that_nobody_classified_breaks_the_build",),
    ),
    # --- Kept by the database ---
    Mutant(
        "an edition is public before its period begins",
        "public/models.py",
        'PUBLIC_NOW = "lower(visible) <= statement_timestamp() AND retracted_at IS NULL"',
        'PUBLIC_NOW = "retracted_at IS NULL"',
        (
            "tests/public/test_fence.py::test_role_reads_editions_that_have_begun_and_are_not_retracted",
        ),
        in_database=True,
    ),
    Mutant(
        "a reader exports contact data, as the embargo matrix sees it",
        "office/export_columns.py",
        "if one.group != CONTACT or may_change]",
        "if True]",
        (MATRIX,),
    ),
    Mutant(
        "staff without a role opens files, as the embargo matrix sees it",
        "office/pages.py",
        "if not screen.has_view_permission(request, record):",
        "if False:",
        (MATRIX,),
    ),
    Mutant(
        "a retracted edition stays public",
        "public/models.py",
        'PUBLIC_NOW = "lower(visible) <= statement_timestamp() AND retracted_at IS NULL"',
        'PUBLIC_NOW = "lower(visible) <= statement_timestamp()"',
        (
            "tests/public/test_fence.py::test_role_reads_editions_that_have_begun_and_are_not_retracted",
        ),
        in_database=True,
    ),
    Mutant(
        "row-level security is off",
        "public/migrations/0003_public_side.py",
        "ALTER TABLE public_edition ENABLE ROW LEVEL SECURITY;\n",
        "",
        ("tests/public/test_fence.py::test_granted_tables_still_hide_what_is_not_public",),
        in_database=True,
    ),
    Mutant(
        "the public's role may read the table of editions",
        "public/migrations/0003_public_side.py",
        '    "public_tombstone",\n',
        '    "public_tombstone",\n    "public_edition",\n',
        (
            "tests/public/test_fence.py"
            "::test_role_reads_what_is_named_and_every_other_table_answers_permission_denied",
        ),
        in_database=True,
    ),
    Mutant(
        "a draft is published in one step",
        "public/workflow.py",
        '    Step("publish", Status.APPROVED, Status.PUBLISHED, "publish"),\n',
        '    Step("publish", Status.APPROVED, Status.PUBLISHED, "publish"),\n'
        '    Step("publish", Status.DRAFT, Status.PUBLISHED, "publish"),\n',
        (
            "tests/public/test_publication.py"
            "::test_each_role_takes_the_steps_of_the_table_and_no_other",
        ),
        in_database=True,
    ),
    Mutant(
        "a merged code leads on while its record is hidden",
        "public/migrations/0004_merged_records.py",
        "WHERE EXISTS (SELECT FROM public_record r WHERE r.kind = m.kind AND r.code = m.target)",
        "WHERE true",
        (
            "tests/office/test_merging.py"
            "::test_old_code_leads_nowhere_while_the_one_that_stays_is_not_public",
        ),
        in_database=True,
    ),
)


def run(tree: Path, tests: tuple[str, ...], *, anew: bool) -> subprocess.CompletedProcess[str]:
    """These tests in this tree; `anew`: with a database that is made for them."""
    base = "--create-db" if anew else "--reuse-db"
    options = ["-q", "-x", "--no-header", "-p", "no:cacheprovider", base]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        env=os.environ | {"DEBUG": "1", "PYTHONDONTWRITEBYTECODE": "1", "EMBARGO": "2"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def lives(tree: Path, mutant: Mutant, *, anew: bool) -> str:
    """Why the mutant is not caught; "" if the tests notice."""
    file = tree / mutant.file
    whole = file.read_text()
    if whole.count(mutant.was) != 1:
        return f"{mutant.file} does not have these words once: {mutant.was!r}"
    file.write_text(whole.replace(mutant.was, mutant.now))
    try:
        done = run(tree, mutant.tests, anew=anew)
    finally:
        file.write_text(whole)
    if done.returncode == 1 and re.search(r"\b\d+ failed\b", done.stdout):
        return ""
    return f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-500:]}"


def main(words: list[str]) -> int:
    """All mutants, or those with one of these words in their names."""
    chosen = [one for one in MUTANTS if not words or any(word in one.name for word in words)]
    began, living, anew = time.monotonic(), [], False
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(HOME, tree, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        try:
            tests = tuple(dict.fromkeys(test for one in chosen for test in one.tests))
            done = run(tree, tests, anew=True)
            if done.returncode:
                sys.stdout.write(f"They fail without any mutant:\n{done.stdout[-3000:]}\n")
                return 2
            for mutant in chosen:
                why = lives(tree, mutant, anew=anew or mutant.in_database)
                anew = mutant.in_database  # the next one finds the database of this one
                living += [mutant] if why else []
                sys.stdout.write(f"{'LIVES' if why else 'dead '}  {mutant.name}\n{why}")
                sys.stdout.flush()
        finally:
            if not os.environ.get("DATABASE_URL"):
                stop = [sys.executable, "-m", "reviewhub.embedded", "stop"]
                subprocess.run(stop, cwd=tree, capture_output=True, check=False)
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(
        f"Mutants: {len(chosen)} made, {len(chosen) - len(living)} dead, {len(living)} alive,"
        f" {minutes:.0f} minutes.\n"
    )
    return 1 if living else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
