"""What several tests of the public side look at, made once for a module of tests."""

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """Sixty published practices, and as many values in practices that are not public."""
    from tests.public import varied_practices

    with django_db_blocker.unblock(), transaction.atomic():
        yield varied_practices.make()
        transaction.set_rollback(True)
