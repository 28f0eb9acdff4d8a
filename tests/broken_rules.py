"""How tests break rules: each room keeps one table `BROKEN` of (model, rule) → how to break it.

A way to break a rule is a function that makes rows and returns the forbidden act, which writes by
SQL or `update()`, past every form and every `full_clean()`. tests/test_every_rule.py holds the
tables against the models: a rule that nobody breaks fails there.
"""

from functools import partial

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction

from objectives.rules import Rule, explain
from public.editions import write_editions
from public.models import database_now
from public.workflow import Status
from tests.factories import person


def name_of(rule: tuple) -> str:
    model, name = rule
    return f"{model._meta.label}.{name}"


def refusal(breaker) -> tuple[str, list[str]]:
    """The name of the rule that refuses the act, and what it says to people."""
    act = breaker()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return caught.value.__cause__.diag.constraint_name, explain(caught.value).messages


def promised(model, name: str) -> tuple[str, list[str]]:
    """What the model says: the rule's name and its message."""
    messages = {
        constraint.name: constraint.violation_error_message
        for constraint in model._meta.constraints
    } | {trigger.name: trigger.message for trigger in rules_of(model)}
    return name, [str(messages[name])]


def rules_of(model) -> list[Rule]:
    return [
        one for owner, one in pgtrigger.registered() if owner is model and isinstance(one, Rule)
    ]


# --- Ways to break --------------------------------------------------------------------------


def changed(factory, given: dict | None = None, /, **bad):
    """Make a row, then update it."""

    def breaker():
        row = factory(**(given or {}))
        values = {name: value() if callable(value) else value for name, value in bad.items()}
        return partial(factory.model.objects.filter(pk=row.pk).update, **values)

    return breaker


def added(factory, *args, **bad):
    """Insert a row."""
    return lambda: partial(factory, *args, **bad)


def twice(factory, *again: str, **same):
    """Insert two rows; the second has the same values in the columns named in `again`."""

    def breaker():
        first = factory(**same)
        return partial(factory, **same, **{name: getattr(first, name) for name in again})

    return breaker


def merged(factory):
    """A withdrawn record that was merged into another one."""
    row, into = factory(status=Status.WITHDRAWN), factory()
    factory.model.objects.filter(pk=row.pk).update(merged_into=into)
    return row


# --- What every publishable model has -------------------------------------------------------


def of_publishable(factory) -> dict:
    """The rules that a model has from `Publishable`, each broken."""
    model = factory.model
    prefix = f"{model._meta.app_label}_{model._meta.model_name}"
    in_review, approved = {"status": Status.IN_REVIEW}, {"status": Status.APPROVED}

    def unknown_status():
        row = factory()

        def act():  # the rule on steps comes first: take it away to see the other one
            steps = next(rule for rule in rules_of(model) if rule.name == "status_step_exists")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(
                    f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER {steps.get_pgid(model)}"
                )
            model.objects.filter(pk=row.pk).update(status="secret")

        return act

    def published_without_a_time():
        row = factory(**approved)
        now = database_now()
        number = write_editions([row.document()], begin=now, now=now, retract_earlier=False)[0]
        return partial(
            model.objects.filter(pk=row.pk).update,
            status=Status.PUBLISHED,
            public_edition=number,
            published_by=person("Publisher"),
        )

    def published_without_an_edition():
        row = factory(**approved)
        return partial(
            model.objects.filter(pk=row.pk).update,
            status=Status.PUBLISHED,
            public_edition=1,
            published_by=person("Publisher"),
            published_at=database_now(),
        )

    def begun_as_submitted():
        row = factory()
        row.pk, row.status = None, Status.SUBMITTED
        return partial(row.save, force_insert=True)

    def merged_and_edited():
        row = merged(factory)
        return partial(model.objects.filter(pk=row.pk).update, staff_notes="Once more.")

    def merged_into_a_merged_one():
        row, other = merged(factory), factory(status=Status.WITHDRAWN)
        return partial(model.objects.filter(pk=other.pk).update, merged_into=row)

    def deleted():
        row = factory(published=True)
        return partial(model.objects.filter(pk=row.pk)._raw_delete, "default")

    return {
        (model, f"{prefix}_url_is_http"): changed(factory, url="javascript:alert(1)"),
        (model, f"{prefix}_status_known"): unknown_status,
        (model, f"{prefix}_language_known"): changed(factory, language="de"),
        (model, f"{prefix}_signed_by_somebody"): changed(
            factory, in_review, status=Status.APPROVED
        ),
        (model, f"{prefix}_signed_by_another"): changed(
            factory, in_review, status=Status.APPROVED, approved_by=lambda: person("Editor")
        ),
        (model, f"{prefix}_published_says_when"): published_without_a_time,
        (model, "code_is_permanent"): changed(factory, code="Another"),
        (model, "status_step_exists"): changed(factory, status=Status.APPROVED),
        (model, "begins_as_a_draft"): begun_as_submitted,
        (model, "published_has_an_edition"): published_without_an_edition,
        (model, "published_is_not_deleted"): deleted,
        (model, "signed_is_not_edited"): changed(factory, approved, source_locator="p. 9"),
        (model, f"{prefix}_merged_is_withdrawn"): changed(factory, merged_into=factory),
        (model, "merged_is_closed"): merged_and_edited,
        (model, "merged_into_one_that_stays"): merged_into_a_merged_one,
    }
