"""The pages of an account. What is not listed here does not exist: sign-up, more addresses."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from accounts import views
from accounts.views import first_factor_ends_other_sessions, page

# address, view, allauth's name of it
PAGES = [
    ("", views.AccountView.as_view(), "mfa_index"),
    ("sign-in/", sign_in.login, "account_login"),
    ("sign-in/code/", second_factor.authenticate, "mfa_authenticate"),
    ("sign-in/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    ("sign-out/", sign_in.logout, "account_logout"),
    ("sign-out/elsewhere/", views.sign_out_elsewhere, "account_sign_out_elsewhere"),
    ("invitation/<str:token>/", views.invitation, "account_invitation"),
    ("password/", sign_in.password_change, "account_change_password"),
    ("password/first/", sign_in.password_set, "account_set_password"),
    ("password/forgotten/", sign_in.password_reset, "account_reset_password"),
    ("password/forgotten/sent/", sign_in.password_reset_done, "account_reset_password_done"),
    (
        "password/new/",
        sign_in.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    ("confirm/password/", sign_in.reauthenticate, "account_reauthenticate"),
    ("confirm/code/", second_factor.reauthenticate, "mfa_reauthenticate"),
    ("confirm/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    ("app/", first_factor_ends_other_sessions(app.activate_totp), "mfa_activate_totp"),
    ("app/remove/", app.deactivate_totp, "mfa_deactivate_totp"),
    ("passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    ("passkeys/add/", first_factor_ends_other_sessions(passkeys.add_webauthn), "mfa_add_webauthn"),
    ("passkeys/<int:pk>/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    ("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    ("recovery-codes/", views.show_recovery_codes, "mfa_view_recovery_codes"),
    ("recovery-codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    (
        "recovery-codes/file/",
        recovery_codes.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    *(path(address, page(view), name=name) for address, view, name in PAGES),
    re_path(
        "^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        page(views.NewPasswordView.as_view()),
        name="account_reset_password_from_key",
    ),
]
