"""Which files of the store something names."""

from django.apps import apps

from accounts.models import Change
from public import store
from public.files import path_of
from public.standing import files_of_editions
from submissions.models.files import StoredFile


def files_of_records() -> set[str]:
    """The check sums of the files that records have now."""
    models = [one for one in apps.get_models() if issubclass(one, StoredFile)]
    return {
        sha256
        for model in models
        for sha256 in model._default_manager.values_list("sha256", flat=True).iterator()
    }


def files_of_the_log() -> set[str]:
    """The check sums of the files that records once had: what was received is not lost."""
    tables = [one._meta.db_table for one in apps.get_models() if issubclass(one, StoredFile)]
    before = Change.objects.filter(table_name__in=tables, was__has_key="sha256")
    return set(before.values_list("was__sha256", flat=True).iterator())


def named_files() -> set[str]:
    """All that must stay. Imports keep their bytes in the database."""
    return files_of_records() | files_of_editions() | files_of_the_log()


def missing_files() -> list[str]:
    """The names of files that records or editions name and the store does not have."""
    named = {path_of(sha256) for sha256 in files_of_records() | files_of_editions()}
    return sorted(named.difference(store.names()))
