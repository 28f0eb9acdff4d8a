"""The rules that the database itself keeps, and their messages for people.

A rule about one row is a named `CheckConstraint`; one that has to look at other rows is a `Rule`,
a trigger that refuses like a constraint does. `explain()` turns the refusal of either into a
`ValidationError` in the reader's language.
"""

import re

import pgtrigger
import pgtrigger.compiler
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

WEB_ADDRESS = r"^https?://[^\s<>\"]+$"


class RuleSql(pgtrigger.compiler.UpsertTriggerSql):
    """The trigger's function finds other rows by an index.

    PostgreSQL keeps the plan of its first call for the whole session; made while a table was
    nearly empty, it would read all of it for each row that is written after.
    """

    def get_template(self) -> str:
        return f"{super().get_template()} ALTER FUNCTION {{pgid}}() SET enable_seqscan = off;"


class Rule(pgtrigger.Trigger):
    """A rule over several rows: `broken` is the SQL that is true when the new row breaks it.

    In it `{kind}` stands for the kind of public record that the model becomes, and `{table}` for
    the model's own table. It answers with the error of a check constraint of the same name, so
    that nobody has to know which of the two keeps a rule. `message` is English source text,
    marked with `gettext_noop`.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, broken: str, message: str, **options):
        self.broken = broken
        self.message = message
        super().__init__(**options)

    def compile(self, model):
        compiled = super().compile(model)
        if "SELECT" in self.broken:
            compiled.sql = RuleSql(**compiled.sql.kwargs)
        return compiled

    def get_func(self, model):
        broken = self.broken.replace("{table}", model._meta.db_table)
        if "{kind}" in broken:
            broken = broken.replace("{kind}", model.kind)
        quoted = self.message.replace("'", "''")
        return f"""
            IF ({broken}) THEN
                RAISE EXCEPTION '%', '{quoted}'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """


class WebAddressField(models.URLField):
    """An address on the web: http or https, nothing that could run."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})


def web_address(field: str, name: str) -> models.CheckConstraint:
    """The field is empty or an http(s) address."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": WEB_ADDRESS}),
        name=name,
        violation_error_message=gettext_lazy(
            "A web address begins with http:// or https:// and has no blanks."
        ),
    )


def well_formed(field: str, pattern: str, name: str, message) -> models.CheckConstraint:
    """The code in `field` matches `pattern`; the message shows an example."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": pattern}), name=name, violation_error_message=message
    )


def in_order(first: str, last: str, name: str, message) -> models.CheckConstraint:
    """`last` is not before `first`; either may be unknown."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": models.F(first)}),
        name=name,
        violation_error_message=message,
    )


def permanent(field: str, name: str = "code_is_permanent") -> Rule:
    """A public identifier never changes: links, citations and files stand on it."""
    return Rule(
        name=name,
        operation=pgtrigger.Update,
        broken=f"NEW.{field} IS DISTINCT FROM OLD.{field}",
        message=gettext_noop("A code is permanent: it can be retired, not changed."),
    )


def one_of(*fields: str) -> Q:
    """Exactly one of the fields is set."""
    choices = Q()
    for chosen in fields:
        choices |= Q(**{f"{name}__isnull": name != chosen for name in fields})
    return choices


def _messages():
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            message = getattr(constraint, "violation_error_message", None)
            if message and message != constraint.default_violation_error_message:
                yield constraint.name, message
    for _model, trigger in pgtrigger.registered():  # those of Meta, and those added elsewhere
        if isinstance(trigger, Rule):
            yield trigger.name, trigger.message


def explain(error: IntegrityError) -> ValidationError:
    """The refusal of the database, in words for the person who typed the row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    for known, message in _messages():
        if known == name:
            return ValidationError(
                _(str(message)) if isinstance(message, str) else message, code=name
            )
    duplicate = re.search(r"Key \((.+)\)=\((.*)\) already exists", str(error))
    if duplicate:
        return ValidationError(
            _("There is already a record with %(field)s “%(value)s”."),
            code="unique",
            params={"field": duplicate[1], "value": duplicate[2]},
        )
    return ValidationError(
        _("The database refused this record (rule “%(rule)s”). Nothing was saved."),
        code=name or "integrity",
        params={"rule": name or type(error.__cause__).__name__},
    )
