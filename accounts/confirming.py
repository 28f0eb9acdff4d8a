"""“Is it you?”: asked once more before what decides who gets in, if the last answer is old.

What was sent is kept in the session meanwhile and done after the answer: nothing is typed twice.
How old it may be says `AccountAdapter.is_reauthentication_required`.
"""

from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

must_be_confirmed = reauthentication.raise_if_reauthentication_required


def ask_again(request):
    """To the page that asks, and from there on with this request as it was sent."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        raise PermissionDenied
    asks = methods[0]["url"]
    asked = reauthentication.suspend_request(request, asks)
    if request.method == "POST":  # allauth goes on with it only under an address without a query
        return redirect(f"{asks}?{urlencode({'next': request.path})}")
    return asked


def asks_again(view):
    """The view may raise `must_be_confirmed`; what it did until then is taken back by itself."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ReauthenticationRequired:
            return ask_again(request)

    return answer


class ConfirmedAdmin(admin.ModelAdmin):
    """A screen whose changes are confirmed, once the form is found to be right."""

    harmless: frozenset[str] = frozenset()  # fields that anybody with the right may just change

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # if it turns out wrong after the answer, the form must know where it belongs
        where = form_url or request.get_full_path()
        view = asks_again(super().changeform_view)
        return view(request, object_id, where, extra_context)

    def save_model(self, request, obj, form, change):
        if not change or set(form.changed_data) - self.harmless:
            must_be_confirmed(request, app="accounts")
        super().save_model(request, obj, form, change)
