"""Permanent public codes: given by the database to records that come without one."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeField(models.CharField):
    """A permanent public code. Left empty, the database gives the next one of its kind."""

    db_returning = True  # an INSERT brings back what the trigger made

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("verbose_name", _("code"))
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)


def next_code(prefix: str) -> pgtrigger.Trigger:
    """Gives `P-0293` and so on; a number is used once, also when its record is deleted."""
    sequence = f"code_{prefix.lower().replace('-', '_')}"
    return pgtrigger.Trigger(
        name="next_code",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__code=""),
        declare=[("given", "text")],
        func=pgtrigger.Func(
            f"""
            LOOP
                given := nextval('{sequence}')::text;
                NEW.code := '{prefix}-' || lpad(given, greatest(4, length(given)), '0');
                EXIT WHEN NOT EXISTS (SELECT FROM {{meta.db_table}} WHERE code = NEW.code);
            END LOOP;
            RETURN NEW;
            """
        ),
    )


def numbered(prefix: str) -> models.CheckConstraint:
    """The constraint on codes made of a prefix and a number, such as `P-0001`.

    A form may leave the code empty; a row never has an empty one, because `next_code` fills it.
    """
    return models.CheckConstraint(
        condition=models.Q(code="") | models.Q(code__regex=rf"^{prefix}-[0-9]{{4,}}$"),
        name="%(app_label)s_%(class)s_code_well_formed",
        violation_error_message=_(
            "A code is the letters of its kind, a hyphen and at least four digits, for example"
            " P-0001. Leave it empty to get the next one."
        ),
    )
