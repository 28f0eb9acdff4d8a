"""Somebody tallies while others publish and withdraw: nothing is counted that is not public."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from public.tallies import Untallied, bring_up_to_date
from tests.factories import PracticeFactory, take
from tests.public.test_tallies import total

AT_ONCE = timedelta(0)


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_while_others_tally_is_not_counted():
    first, _second = PracticeFactory.create_batch(2, published=True)
    withdrawn, may_end = threading.Event(), threading.Event()

    def withdraw():
        try:
            with transaction.atomic():
                take("withdraw", first)
                withdrawn.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    somebody = threading.Thread(target=withdraw)
    somebody.start()
    assert withdrawn.wait(30)
    bring_up_to_date(quiet=AT_ONCE)
    assert total() == 2
    may_end.set()
    somebody.join(30)

    assert total() == 1
    bring_up_to_date(quiet=AT_ONCE)
    assert total() == 1
    assert not Untallied.objects.exists()
