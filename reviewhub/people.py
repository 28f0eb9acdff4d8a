"""Which data of people there are, for how long they are kept, and how they are erased.

An account that has written something stays as a number, because records and the log name it: its
name and address go, and with them everything by which somebody could sign in. The log keeps the
number; of names and contact data it only ever said that they changed, so its chain still holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Change, Token, User
from objectives.records import signed
from office.models import Import, ImportRow, OpenRecord
from public.workflow import Status
from sessions.models import Role
from submissions.models import FocalPoint, Stakeholder

GONE = "erased.invalid"  # no address of anybody, ever (RFC 2606)
ADMIN_LOG_KEPT = timedelta(days=90)

# The words of the report, in its order.
WHAT = {
    "accounts": gettext_lazy("accounts that are only a number now"),
    "second_factors": gettext_lazy("second factors and recovery codes"),
    "focal_points": gettext_lazy("parties that a focal point acted for"),
    "tokens": gettext_lazy("tokens of the API revoked"),
    "speakers": gettext_lazy("speakers' addresses, telephone numbers and gender"),
    "contacts": gettext_lazy("contacts of stakeholders"),
    "uploads": gettext_lazy("uploaded files of imports"),
    "admin_log": gettext_lazy("lines of Django's own log of the admin"),
    "sessions": gettext_lazy("sessions that are over"),
}


@dataclass
class Report:
    """How many rows of each kind were erased."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHAT, 0))

    def add(self, what: str, rows: int) -> None:
        self.counts[what] += rows

    def lines(self) -> list[str]:
        return [f"{count:>6}  {WHAT[what]}" for what, count in self.counts.items()]


@contextmanager
def _erasing(*, why: str, dry_run: bool) -> Iterator[Report]:
    """One signed transaction, whole or not at all; a dry run does it all and leaves nothing."""
    with transaction.atomic():
        with signed(by=None, step="erase_person", why=why):
            yield Report()
        transaction.set_rollback(dry_run)


def erase_person(email: str, *, why: str, dry_run: bool = False) -> Report:
    """Erase what there is of the person with this address: account, contact data, uploads."""
    with _erasing(why=why, dry_run=dry_run) as report:
        user = User.objects.filter(email__iexact=email).select_for_update().first()
        if user is not None:
            refuse_the_last_administrator(user)
            _erase_account(user, report)
        _empty_roles(Role.objects.filter(email__iexact=email), report)
        _empty_contacts(Stakeholder.objects.filter(contact_email__iexact=email), report)
        named = ImportRow.objects.annotate(words=Cast("cells", TextField()))
        uploads = named.filter(words__icontains=email).values("upload")
        _empty_uploads(Import.objects.filter(pk__in=uploads), report)
    return report


def retention(*, now: datetime | None = None, dry_run: bool = False) -> Report:
    """Erase what has been kept for its time."""
    now = now or timezone.now()
    with _erasing(why="", dry_run=dry_run) as report:
        for user in _left_before(now - timedelta(days=settings.ACCOUNTS_KEPT_DAYS)):
            _erase_account(user, report)
        past = (now - timedelta(days=settings.CONTACTS_KEPT_DAYS)).date()
        _empty_roles(_spoke_before(past), report)
        _empty_contacts(_withdrawn_before(past), report)
        kept = now - timedelta(days=30)  # office.models.imports.KEPT
        _empty_uploads(Import.objects.filter(uploaded_at__lt=kept), report)
        old = LogEntry.objects.filter(action_time__lt=now - ADMIN_LOG_KEPT)
        report.add("admin_log", old.delete()[0])
        report.add("sessions", Session.objects.filter(expire_date__lt=now).delete()[0])
    return report


def refuse_the_last_administrator(user: User) -> None:
    """Somebody must be left who can let people in."""
    may = Q(is_superuser=True) | Q(groups__permissions__codename="change_user")
    able = User.objects.filter(may, is_active=True, is_staff=True)
    if able.filter(pk=user.pk).exists() and not able.exclude(pk=user.pk).exists():
        raise ValidationError(
            _("This is the last administrator. Invite another one first, then erase this account.")
        )


# --- Whose time is over -------------------------------------------------------------------------


def _left_before(moment: datetime) -> Iterator[User]:
    """Accounts that were switched off, by the log, before this moment, and are not erased yet."""
    off = User.objects.filter(is_active=False).exclude(email__endswith=f"@{GONE}")
    for user in off.order_by("pk"):
        written = Change.objects.filter(table_name=User._meta.db_table, row_id=user.pk)
        switched = written.filter(now__is_active=False).order_by("-id").first()
        if (switched.at if switched else user.joined_at) < moment:
            yield user


def _spoke_before(day: date) -> QuerySet[Role]:
    return Role.objects.filter(roundtable__cycle__ends_on__lt=day)


def _withdrawn_before(day: date) -> QuerySet[Stakeholder]:
    """Stakeholders that were withdrawn, by the log, before this day."""
    lately = Change.objects.filter(
        table_name=Stakeholder._meta.db_table, at__date__gte=day, now__status=Status.WITHDRAWN
    )
    return Stakeholder.objects.filter(status=Status.WITHDRAWN).exclude(
        pk__in=lately.values("row_id")
    )


# --- Erasing ------------------------------------------------------------------------------------


def _erase_account(user: User, report: Report) -> None:
    """Only its number is left; nobody can sign in with it, and its sessions end at once."""
    report.add("second_factors", Authenticator.objects.filter(user=user).delete()[0])
    report.add("focal_points", FocalPoint.objects.filter(user=user).delete()[0])
    in_force = Token.objects.filter(owner=user, revoked_at=None)
    report.add("tokens", in_force.update(revoked_at=timezone.now()))
    kind = ContentType.objects.get_for_model(User)
    about = Q(user=user) | Q(content_type=kind, object_id=str(user.pk))
    report.add("admin_log", LogEntry.objects.filter(about).delete()[0])
    OpenRecord.objects.filter(user=user).delete()
    _empty_uploads(Import.objects.filter(by=user), report)
    user.groups.clear()
    user.user_permissions.clear()
    user.name = ""
    user.email = f"account-{user.pk}@{GONE}"
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = user.invited_at = None
    user.set_unusable_password()
    user.save()
    report.add("accounts", 1)


def _empty_roles(roles: QuerySet[Role], report: Report) -> None:
    """The name stands in the public programme and stays; how to reach the person does not."""
    known = roles.exclude(email="", phone="", gender="")
    report.add("speakers", known.update(email="", phone="", gender=""))


def _empty_contacts(stakeholders: QuerySet[Stakeholder], report: Report) -> None:
    known = stakeholders.exclude(contact_email="", contact_phone="")
    report.add("contacts", known.update(contact_email="", contact_phone=""))


def _empty_uploads(uploads: QuerySet[Import], report: Report) -> None:
    """What the files held is in the records; the counts of the import stay."""
    full = uploads.exclude(content=b"").exclude(state__in=Import.UNDER_WAY)
    keys = list(full.values_list("pk", flat=True))
    ImportRow.objects.filter(upload__in=keys).delete()
    emptied = Import.objects.filter(pk__in=keys).update(content=b"", problem_sheet=None)
    report.add("uploads", emptied)
