"""What a page says about what was just done, kept in a cookie until it is shown."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookie(CookieStorage):
    """Django's, under a name that only this host can set; it has no setting for it."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """Django's own: in the session, if they are too long for a cookie."""

    storage_classes = (Cookie, SessionStorage)
