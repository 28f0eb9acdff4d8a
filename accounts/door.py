"""The door of the office: how the admin's site lets people in, and out."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse


class Door(AdminSite):
    """Without its rooms. It is loaded before the models are, so what knows them is loaded late."""

    def has_permission(self, request):
        """Staff with a second factor. Every page of the office asks this before anything else."""
        from accounts import second_factor

        return super().has_permission(request) and second_factor.is_enough(request.user)

    def login(self, request, extra_context=None):
        """Nobody signs in here: on to the page where they do, or set up what is missing."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        page = "mfa_index" if request.user.is_authenticated else "account_login"
        return redirect(
            reverse(page, query={"next": request.GET.get("next", reverse("admin:index"))})
        )

    def logout(self, request, extra_context=None):
        from allauth.account import views

        return views.logout(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")
