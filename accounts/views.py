"""The pages of signing in that are ours, and what we add to allauth's."""

from functools import wraps
from math import ceil

from allauth.account import views as sign_in
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes import views as recovery_codes
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import invitations, known_browsers, second_factor, sessions
from accounts.confirming import ask_again
from accounts.models import User
from accounts.tries import TooManyTries
from objectives.records import signed


def page(view):
    """Every page of an account: never kept by a cache, and with an answer to every refusal.

    A writing request runs inside `SignatureMiddleware`, past the middleware that would answer
    allauth's exceptions, so they are answered here.
    """

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except TooManyTries as refusal:
            return too_many_tries(request, refusal)
        except ImmediateHttpResponse as ready:
            return ready.response
        except ReauthenticationRequired:
            return ask_again(request)

    return answer


def too_many_tries(request, refusal: TooManyTries):
    """The same words and the same number, whoever is asked for."""
    seconds = max(1, ceil((refusal.until - timezone.now()).total_seconds()))
    minutes = ceil(seconds / 60)
    answer = render(request, "account/too_many_tries.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = seconds
    return answer


def first_factor_ends_other_sessions(view):
    """Who signed in while a password was enough is signed out when it no longer is."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        had_one = request.user.is_anonymous or request.user.has_second_factor
        response = view(request, *args, **kwargs)
        if (
            not had_one
            and User.objects.with_second_factor().get(pk=request.user.pk).has_second_factor
        ):
            sessions.end_others(request)
        return response

    return answer


class AccountView(IndexView):
    """My account: what signs this person in, and what is still missing."""

    def get_context_data(self, **context):
        user = self.request.user
        return super().get_context_data(**context) | {
            "roles": user.groups.order_by("name"),
            "is_missing": second_factor.is_missing(user),
        }


class NewPasswordView(sign_in.PasswordResetFromKeyView):
    """The link of a forgotten password. Whoever has it is the owner: this browser is known now."""

    def form_valid(self, form):
        with signed(by=self.reset_user, step="reset_password"):
            response = super().form_valid(form)
        known_browsers.remember(response, self.request, self.reset_user)
        return response


@transaction.atomic
def invitation(request, token):
    """Choose a password with the link of an invitation; the second factor comes next."""
    user = invitations.invited(token, lock=request.method == "POST")
    if user is None:
        return render(request, "account/invitation_over.html", status=410)
    form = SetPasswordForm(user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/invitation.html", {"form": form, "invited": user})
    with signed(by=user, step="accept_invitation"):
        form.save()
    if request.user.is_authenticated:
        logout(request)
    flows.login.record_authentication(request, user, "invitation")
    response = flows.login.perform_login(request, Login(user=user, email=user.email))
    known_browsers.remember(response, request, user)
    return response


@login_required
def show_recovery_codes(request):
    """allauth notes that they were seen; the log says by whom."""
    with signed(by=request.user, step="show_recovery_codes"):
        return recovery_codes.view_recovery_codes(request)


@require_POST
@login_required
def sign_out_elsewhere(request):
    sessions.end_others(request)
    messages.success(request, _("You are signed out on all other devices."))
    return HttpResponseRedirect(get_adapter().get_password_change_redirect_url(request))
