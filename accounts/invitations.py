"""Links with which invited people choose their password: signed, good once and for a week.

No table: the link holds only as long as the account is as it was when the link was made. With the
password, the address or a later link changed, it is void.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import letters
from accounts.models import User

SALT = "accounts.invitations"
LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Invitation:
    """`link` opens the account; `was_sent` says whether its owner has it by mail."""

    link: str
    was_sent: bool


def invite(user: User, *, by: User, link_to) -> Invitation:
    """Make a new link and mail it. `link_to` makes the full address of a token."""
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    link = link_to(signing.dumps([user.pk, _stamp(user)], salt=SALT))
    letter = letters.write(
        "account/email/invitation",
        user.email,
        user=user,
        link=link,
        by=by,
        until=user.invited_at + LASTS,
        is_new=not user.has_usable_password(),
    )
    return Invitation(link, letters.send(letter))


def invited(token: str, *, lock: bool = False) -> User | None:
    """Whose link this is, if it still holds. `lock` keeps everybody else from using it now."""
    try:
        pk, stamp = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    accounts = User.objects.select_for_update() if lock else User.objects.all()
    user = accounts.filter(pk=pk, is_active=True).first()
    return user if user and constant_time_compare(stamp, _stamp(user)) else None


def state(user: User):
    """Has this person come, and may still? As the list of accounts says it."""
    if not user.is_active:
        return _("switched off")
    if user.has_usable_password():
        return _("accepted")
    if user.invited_at is None:
        return _("not invited")
    if timezone.now() - user.invited_at > LASTS:
        return _("expired")
    return _("invited")


def _stamp(user: User) -> str:
    """What must still be so when the link is used."""
    as_it_is = f"{user.email} {user.password} {user.invited_at}"
    return salted_hmac(SALT, as_it_is, algorithm="sha256").hexdigest()[:20]
