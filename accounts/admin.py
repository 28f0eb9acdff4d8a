"""Accounts, and the log of what everybody wrote."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, User


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts are switched off, not deleted: the log goes on naming them."""

    add_form = AccountCreationForm
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (
            _("Rights"),
            {
                "fields": ["is_active", "is_staff", "is_superuser", "groups"],
                "description": _("Give a role; it brings its rights."),
            },
        ),
        (_("Since"), {"fields": ["joined_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})
    ]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """Who wrote what, when and why: read only."""

    list_display = ["at", "table_name", "code", "row_id", "operation", "by", "step", "why"]
    list_filter = ["operation", "table_name"]
    list_select_related = ["by"]
    search_fields = ["code"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
