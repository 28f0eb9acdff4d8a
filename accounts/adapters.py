"""How allauth signs people in here: what it asks us, and what we decide."""

import base64
import hashlib
import secrets
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import known_browsers, letters, security, sessions, tries
from accounts.models import User
from accounts.security import Event

JUST_NOW = 10 * 60  # seconds after a sign-in in which nothing is asked twice


class Backend(ModelBackend):
    """By e-mail address, whatever its case; accounts come with what they have as second factor."""

    def authenticate(self, request, username=None, password=None, email=None, **kwargs):
        return super().authenticate(request, username=email or username, password=password)

    def get_user(self, user_id):
        user = User.objects.with_second_factor().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up. Unknown, disabled and wrong are one answer, and tries are counted."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together."
        ),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This code is wrong or was used before. Wait for the next one."),
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        counted = tries.count_sign_in(request, credentials["email"])
        user = authenticate(request, **credentials)
        if user is not None:
            tries.take_back(counted)
        return user

    def post_login(self, request, user, **login):
        response = super().post_login(request, user, **login)
        known_browsers.remember(response, request, user)
        return response

    def respond_user_inactive(self, request, user):
        """A passkey of a disabled account: the answer that any other wrong one gets."""
        security.note(Event.SIGN_IN_FAILED, request, user.pk, "webauthn")
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def get_login_redirect_url(self, request):
        return super().get_login_redirect_url(request) if request.user.is_staff else account_page()

    def get_logout_redirect_url(self, request):
        return reverse("account_login")

    def get_password_change_redirect_url(self, request):
        return account_page()

    def is_reauthentication_required(self, *, app):
        """Whoever has just signed in is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        times = [self.request.session.get(sessions.BEGAN, 0), *(one["at"] for one in records)]
        return time.time() - max(times) > JUST_NOW

    def get_reauthentication_methods(self, user):
        words = {
            "reauthenticate": gettext("Use your password"),
            "mfa_reauthenticate": gettext("Use a code"),
            "mfa_reauthenticate:webauthn": gettext("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [one | {"description": words[one["id"]]} for one in methods]

    def get_client_ip(self, request):
        return tries.client_address(request)

    def send_mail(self, template_prefix, email, context):
        """After the answer: whoever waits for it cannot tell whether there was one to send."""
        letter = letters.write(template_prefix, email, **context)
        transaction.on_commit(lambda: letters.post(letter))


def account_page() -> str:
    return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors under the site's name, their secrets encrypted with the site's key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"]
    }

    def _get_site_name(self):
        return settings.SITE_NAME

    def generate_authenticator_name(self, user, type):
        return gettext("Passkey %(number)d") % {
            "number": user.authenticator_set.filter(type=type).count() + 1
        }

    def encrypt(self, text):
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Of another site's key nothing is left: then no code will ever be right."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def cipher() -> MultiFernet:
    """A stolen copy of the database is no second factor. Earlier keys of the site still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.second_factor " + force_bytes(key)) for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one.digest())) for one in digests])
