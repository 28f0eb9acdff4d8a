"""A proxy in front of the site lets go of what it holds, when the public record has changed.

It may hold public pages for a minute (`Cache-Control: s-maxage=60`). `PURGE_URL` names where it is
told to drop them at once: a request of the method PURGE after each COMMIT that published,
replaced or withdrew what the public can see. What it does not see (an embargo, a draft) moves no
state and tells the proxy nothing. The end of an embargo and a change of reference data tell
nothing either: a page is a minute late at most.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import Error, transaction

from public.state import State, state_now

logger = logging.getLogger(__name__)

TRIES = 3
PATIENCE = 5  # seconds for an answer
MESSENGER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="purge")


def purge_after_change() -> None:
    """Called before a transaction changes the public record: the proxy is told after its end."""
    if not settings.PURGE_URL:
        return
    before = state_now()
    transaction.on_commit(lambda: _purge_if_moved(before), robust=True)


def _purge_if_moved(before: State) -> None:
    try:
        moved = state_now() != before
    except Error:
        moved = True  # better once too often
    if moved:
        MESSENGER.submit(purge)


def purge() -> bool:
    """Tell the proxy; whether it has understood. Nobody waits for it."""
    request = Request(settings.PURGE_URL, method="PURGE")  # noqa: S310  # settings allow http(s) only
    said = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(attempt)
        try:
            with urlopen(request, timeout=PATIENCE):  # noqa: S310
                return True
        except HTTPError as refusal:
            said = f"it answers {refusal.code}"
        except OSError as error:
            said = type(error).__name__
    logger.error(
        "The proxy could not be told to drop public pages (%s): it may show them for a minute",
        said,
    )
    return False
