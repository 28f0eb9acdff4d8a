"""Demonstration accounts, one a role, to look at the office with every pair of eyes.

They can sign in in development only. Elsewhere they exist, at most, to sign demonstration records.
"""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import User

PASSWORD = "demonstration"  # noqa: S105  # printed by `manage.py prepare`, good in development only
DOMAIN = "demo.example"

# The role and the name in front of the @.
ACCOUNTS = {
    "Reader": "reader",
    "Editor": "editor",
    "Reviewer": "reviewer",
    "Publisher": "publisher",
    "Roundtable officer": "roundtables",
    "Administrator": "administrator",
}


def demonstration_accounts() -> dict[str, User]:
    """The account of each role. What is missing is made; the others stay as somebody left them."""
    there = {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    missing = {role: name for role, name in ACCOUNTS.items() if f"{name}@{DOMAIN}" not in there}
    password = make_password(PASSWORD if missing and settings.DEBUG else None)
    for role, name in missing.items():
        user = User.objects.create_user(
            f"{name}@{DOMAIN}", name=f"Demonstration {role.lower()}", is_staff=True
        )
        user.groups.add(Group.objects.get(name=role))
        user.password = password  # the same hash for all: hashing takes its time
        user.save(update_fields=["password"])
        there[user.email] = user
    if not settings.DEBUG:
        for user in there.values():
            if user.has_usable_password():
                user.set_unusable_password()
                user.save(update_fields=["password"])
    return {role: there[f"{name}@{DOMAIN}"] for role, name in ACCOUNTS.items()}
