"""The forms of signing in, as allauth's with our words and our counting."""

from collections.abc import Callable

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import security, tries
from accounts.models import Authenticator, User
from accounts.security import Event
from objectives.records import signed


def say(field: forms.Field, label, *, help_text="", **attrs) -> None:
    """Give a field of allauth our words."""
    field.label, field.help_text = label, help_text
    field.widget.attrs = {
        name: value for name, value in field.widget.attrs.items() if name != "placeholder"
    } | attrs


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self.fields["login"], _("E-mail address"), autocomplete="username", autofocus=True)
        say(self.fields["password"], _("Password"))


class ForgottenPasswordForm(ResetPasswordForm):
    """Sends a letter to an account that can sign in, and says the same to everybody."""

    @property
    def sends_mail(self) -> bool:
        return settings.SENDS_MAIL

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self.fields["email"], _("E-mail address"), autofocus=True)

    def clean_email(self):
        email = self.cleaned_data["email"]
        found = User.objects.filter(email__iexact=email, is_active=True)
        self.users = [user for user in found if user.has_usable_password()]
        return email

    def save(self, request, **kwargs):
        """To the address of the account, which need not be spelled as the one that was typed."""
        email = self.cleaned_data["email"]
        if tries.count_letter(request, email):
            for user in self.users:
                self.cleaned_data["email"] = user.email
                super().save(request, **kwargs)
        return email


class CountedCode:
    """A code is a try like a password, opens once, and the log says whose recovery code went."""

    fields: dict[str, forms.Field]
    user: User
    authenticator: Authenticator
    _emit_authentication_failed: Callable[[Authenticator], None]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(
            self.fields["code"],
            _("Code"),
            help_text=_("The 6 digits in your app, or one of your recovery codes."),
            inputmode="numeric",
            autofocus=True,
        )

    def clean_code(self):
        counted = tries.count_sign_in(context.request, self.user.email)
        with signed(by=self.user, step="sign_in"):
            code = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        used = self.authenticator
        digits = "".join(filter(str.isdigit, code))
        if used.type == Authenticator.Type.TOTP and not tries.spend(f"{used.pk} {digits}"):
            self._emit_authentication_failed(used)
            raise get_adapter().validation_error("incorrect_code")
        tries.take_back(counted)
        return code


class CodeForm(CountedCode, AuthenticateForm):
    """The second step of signing in."""


class ConfirmingCodeForm(CountedCode, ReauthenticateForm):
    """Asked again before something that matters."""


class NotedPasskey:
    """Wrong passkeys, of which allauth tells nobody; it also expects them to be well-formed."""

    user: User | None

    def clean_credential(self):
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form it is mixed into
        except (forms.ValidationError, AttributeError, LookupError, TypeError, ValueError):
            account = self.user.pk if self.user else None
            security.note(Event.SECOND_FACTOR_FAILED, context.request, account, "webauthn")
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyForm(NotedPasskey, AuthenticateWebAuthnForm):
    """The second step of signing in, with a passkey."""


class PasskeyAloneForm(NotedPasskey, LoginWebAuthnForm):
    """Both steps in one."""


class ConfirmingPasskeyForm(NotedPasskey, ReauthenticateWebAuthnForm):
    """Asked again before something that matters."""


class SetUpAppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(
            self.fields["code"],
            _("Code"),
            help_text=_("The 6 digits that the app shows now."),
            inputmode="numeric",
        )


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(
            self.fields["name"],
            _("Name"),
            help_text=_("To tell it from others: “My telephone”, “Key on my key ring”."),
            maxlength=60,
        )
        self.fields["passwordless"].initial = True
        say(
            self.fields["passwordless"],
            _("Let me sign in with this passkey alone"),
            help_text=_(
                "It then asks for your finger, your face or a PIN. If your key can do none of"
                " these, take the tick away: it is then asked for after your password."
            ),
        )
