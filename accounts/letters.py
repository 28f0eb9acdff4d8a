"""E-mails to people with an account: written here, sent beside the request or with its answer."""

import logging
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

POSTBOX = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


def write(template: str, to: str, **context) -> EmailMessage:
    """`template` as allauth names them: account/email/invitation has a subject and a message."""
    return get_adapter().render_mail(template, to, context | {"email": to})


def post(letter: EmailMessage) -> None:
    """Send it a moment later; nobody waits, and how long it takes tells nobody anything."""
    POSTBOX.submit(send, letter)


def send(letter: EmailMessage) -> bool:
    """Send it now. False if the site sends no mail, or the mail server would not take it."""
    if not settings.SENDS_MAIL:
        return False
    try:
        letter.send()
    except (SMTPException, OSError):
        logger.exception("The mail “%s” could not be sent", letter.subject)
        return False
    return True
