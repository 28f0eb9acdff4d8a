"""Permanent public codes: given by the database to records that come without one."""

import pgtrigger
from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class CodeField(models.CharField):
    """A permanent public code. Left empty, the database gives the next one of its kind."""

    db_returning = True  # an INSERT brings back what the trigger made

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("verbose_name", _("code"))
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)


class CodeTrigger(pgtrigger.Trigger):
    """Gives codes, and knows what they begin with."""

    prefix: str = ""


def sequence_of(prefix: str) -> str:
    """The sequence that counts the codes with this prefix."""
    return f"code_{prefix.lower().replace('-', '_')}"


def next_code(prefix: str) -> CodeTrigger:
    """Gives `P-0293` and so on; a number is used once, also when its record is deleted."""
    sequence = sequence_of(prefix)
    trigger = CodeTrigger(
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
    trigger.prefix = prefix
    return trigger


def given_code(model: type[models.Model]) -> str:
    """The next code of the model's records, for who must know it before the row is there.

    "" where codes are chosen by people. A code that is given is used up, also if no row follows.
    """
    trigger = next((one for one in model._meta.triggers if one.name == "next_code"), None)  # type: ignore[attr-defined]
    if trigger is None:
        return ""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval(%s)::text", [sequence_of(trigger.prefix)])
            code = f"{trigger.prefix}-{cursor.fetchone()[0].zfill(4)}"
            if not model._default_manager.filter(code=code).exists():
                return code


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
