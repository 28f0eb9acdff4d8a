"""Finding rows by many keys at once."""

from django.db.models import BooleanField, Func


class IsOneOf(Func):
    """Is the key in the array? PostgreSQL makes the array, then finds the rows by their keys.

    With `IN` it guesses how many rows there will be, and at times walks the table once for each.
    """

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()
