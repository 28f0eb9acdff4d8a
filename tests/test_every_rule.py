"""No rule without a test that breaks it, no table without its log, no child without its rules."""

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models

from objectives.records import Record
from objectives.rules import Rule
from public.documents import KINDS
from public.publishable import Publishable
from sessions.models import GuidingQuestion
from submissions.models import Practice
from submissions.models.files import StoredFile
from submissions.models.objectives import Tagged
from submissions.models.parties import WithParty
from tests.accounts import test_rules as accounts
from tests.broken_rules import name_of, rules_of
from tests.factories import RECORD_FACTORIES
from tests.objectives import test_rules as objectives
from tests.office import test_rules as office
from tests.public import test_editions as public
from tests.roundtables import test_rules as roundtables
from tests.submissions import test_rules as submissions
from tests.synthesis import test_rules as synthesis

ROOMS = ["accounts", "objectives", "public", "office", "submissions", "roundtables", "synthesis"]
NAMED = (models.CheckConstraint, models.UniqueConstraint, ExclusionConstraint)
TABLES_OF_RULES = (accounts, objectives, public, office, submissions, roundtables, synthesis)

MODELS = [
    model
    for room in ROOMS
    for model in apps.get_app_config(room).get_models(include_auto_created=True)
]
PUBLISHABLE = [model for model in MODELS if issubclass(model, Publishable)]

# Tables whose writes are not in the log, and why.
NOT_LOGGED = {
    "account_emailaddress": "stays empty: an account has one address, and it is the account's",
    "account_emailconfirmation": "stays empty, as it belongs to those addresses",
    "accounts_change": "is the log",
    "accounts_seal": "the chain over the log",
    "accounts_sealing": "how far the log is sealed",
    "accounts_requestcount": "requests of a minute, forgotten after five",
    "accounts_try": "tries at signing in, forgotten after an hour",
    "office_apireceipt": "what a system sent twice; its draft is in the log",
    "office_import": "waits to be imported; what an import writes is in the log, signed with it",
    "office_importrow": "what an upload would do; computed from it",
    "public_edition": "never changed, and its publication is logged with the record",
    "public_editiontext": "computed from editions",
    "office_taggedword": "counted from tagged records by a command",
    "public_filefindings": "what a program found in bytes that never change",
    "public_state": "a number that moves with what is logged elsewhere",
    "public_tally": "counted from editions",
    "public_untallied": "which editions are not counted yet",
    "public_tombstone": "never changed, and the withdrawal is logged with the record",
    "office_openrecord": "who has a form open this minute: of no use in an hour",
    "auth_permission": "made from the models by migrate",
    "django_admin_log": "Django's own log of the admin",
    "django_content_type": "made from the models by migrate",
    "django_migrations": "the list of migrations",
    "django_session": "who is signed in now",
}


def parts_of(parents) -> set:
    """The tables whose rows go when the parent's row goes: its parts and its links."""
    return {
        relation.related_model
        for model in parents
        for relation in model._meta.get_fields(include_hidden=True)
        if (relation.one_to_many or relation.one_to_one)
        and relation.auto_created
        and relation.on_delete is models.CASCADE
    }


def triggers_of(model) -> dict:
    return {one.name: one for owner, one in pgtrigger.registered() if owner is model}


# --- Every rule -----------------------------------------------------------------------------


def test_every_constraint_and_every_rule_is_broken_by_a_test():
    kept = {
        (model, constraint.name)
        for model in MODELS
        for constraint in model._meta.constraints
        if isinstance(constraint, NAMED)
    } | {(model, one.name) for model, one in pgtrigger.registered() if isinstance(one, Rule)}
    broken = {rule for room in TABLES_OF_RULES for rule in room.BROKEN}

    assert sorted(map(name_of, kept - broken)) == []
    assert sorted(map(name_of, broken - kept)) == []


def test_every_kind_of_constraint_is_among_those_looked_for():
    kinds = {type(constraint) for model in MODELS for constraint in model._meta.constraints}

    assert kinds <= set(NAMED)


def test_every_rule_has_a_message_for_people():
    silent = [
        f"{model._meta.label}.{constraint.name}"
        for model in MODELS
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    said = [
        str(one.message) for _model, one in pgtrigger.registered() if isinstance(one, Rule)
    ] + [
        str(constraint.violation_error_message)
        for model in MODELS
        for constraint in model._meta.constraints
    ]

    assert silent == []
    assert [words for words in said if not words.endswith(".") or len(words) < 15] == []


def test_one_name_has_one_message():
    """`explain()` knows a rule by its name alone."""
    said = {}
    for model in MODELS:
        for rule in rules_of(model):
            said.setdefault(rule.name, set()).add(rule.message)
        for constraint in model._meta.constraints:
            said.setdefault(constraint.name, set()).add(str(constraint.violation_error_message))

    assert {name: messages for name, messages in said.items() if len(messages) > 1} == {}


# --- Every child keeps what its parents demand ----------------------------------------------


@pytest.mark.parametrize("parent", [Publishable, Tagged, WithParty, StoredFile])
def test_children_unpack_the_constraints_of_their_parents(parent):
    children = [model for model in MODELS if issubclass(model, parent)]
    missing = []
    for model in children:
        words = {"app_label": model._meta.app_label, "class": model._meta.model_name}
        demanded = {constraint.name % words for constraint in parent._meta.constraints}
        missing += [
            f"{model._meta.label} {name}"
            for name in demanded - {constraint.name for constraint in model._meta.constraints}
        ]

    assert children != []
    assert missing == []


@pytest.mark.parametrize("parent", [Record, Publishable])
def test_children_unpack_the_triggers_of_their_parents(parent):
    children = [model for model in MODELS if issubclass(model, parent)]
    demanded = {trigger.name for trigger in parent.Meta.triggers}

    missing = [
        f"{model._meta.label} {name}"
        for model in children
        for name in demanded - set(triggers_of(model))
    ]

    assert children != []
    assert missing == []


def test_every_publishable_model_becomes_a_kind_of_public_record():
    assert {model.kind for model in PUBLISHABLE} == set(KINDS)
    assert len(PUBLISHABLE) == len(KINDS)
    assert {factory.model for factory in RECORD_FACTORIES} == set(PUBLISHABLE)


def test_every_publishable_model_has_the_three_rights():
    rights = {
        model._meta.label: {f"{verb}_{model._meta.model_name}" for verb in ("review", "publish")}
        - {codename for codename, _name in model._meta.permissions}
        for model in PUBLISHABLE
    }

    assert {label: missing for label, missing in rights.items() if missing} == {}


# --- Every table ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_trigger_of_the_models_is_installed_and_no_other():
    """But for those of migration 0013, which tests/public/test_state.py asks one by one."""
    declared = {
        (model._meta.db_table, trigger.get_pgid(model))
        for model, trigger in pgtrigger.registered()
    }

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled = 'O' AND tgname !~ '^(state_moves|untallied)'"
        )
        installed = set(cursor.fetchall())

    assert installed == declared


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", ["log_write", "log_write_new", "never_emptied"])
def test_every_table_is_logged_but_those_named(trigger):
    tables = set(connection.introspection.table_names())
    kept = {model._meta.db_table for model, one in pgtrigger.registered() if one.name == trigger}
    kept -= {
        "accounts_change",
        "accounts_seal",
        "public_edition",
        "public_tombstone",
    }  # kept, but not logged

    assert tables - kept == set(NOT_LOGGED)


def test_every_link_and_every_part_of_a_record_moves_its_version():
    """What stands in a document stands in the record, or in a table that moves its version."""
    parts = parts_of(PUBLISHABLE)
    unmoved = [
        model._meta.label
        for model in parts | parts_of(parts)
        if {
            name.rpartition("_")[2]
            for name in triggers_of(model)
            if name.startswith("moves_version_of")
        }
        != {"added", "changed", "removed"}
    ]

    assert {GuidingQuestion, Practice.sources.through} <= parts
    assert GuidingQuestion.objectives.through in parts_of(parts)
    assert unmoved == []


def test_nothing_of_a_record_is_deleted_with_somebody_elses_row():
    """Deleting a State, a cycle, an account or a stakeholder takes no record with it."""
    losing = [
        f"{model._meta.label}.{field.name}"
        for model in PUBLISHABLE
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is not models.PROTECT
    ]

    assert losing == []
