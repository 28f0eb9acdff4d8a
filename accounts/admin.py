"""Accounts and roles, and the log of what everybody wrote."""

from allauth.account.admin import EmailAddressAdmin
from allauth.mfa.admin import AuthenticatorAdmin
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.admin import GroupAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import invitations, second_factor
from accounts.confirming import ConfirmedAdmin, asks_again, must_be_confirmed
from accounts.models import Change, Role, User
from accounts.rights import RoleForm
from accounts.token_admin import TokenAdmin as TokenAdmin  # a screen of this room

# allauth's own screens would show secrets, and its addresses are not ours; roles have their own.
for screen in (AuthenticatorAdmin, EmailAddressAdmin, GroupAdmin):
    admin.site.unregister(
        [model for model, one in admin.site._registry.items() if type(one) is screen]
    )


class AccountForm(forms.ModelForm):
    """An account; nobody takes their own way in away."""

    by: User  # whoever fills the form in

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk and "is_staff" in self.fields:
            self.fields["is_staff"].initial = True
        if "groups" in self.fields:
            self.fields["groups"].label = _("Roles")
            self.fields["groups"].help_text = ""
        for name in {"groups", "cycle", "region"} & set(self.fields):
            widget = self.fields[name].widget  # with no ways out of this form
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False

    def clean(self):
        cleaned = super().clean() or {}
        is_own = self.instance.pk == self.by.pk
        if is_own and not (cleaned.get("is_active", True) and cleaned.get("is_staff", True)):
            raise ValidationError(
                _("You would lock yourself out. Ask another administrator to do it.")
            )
        return cleaned


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=_("How do you know that it is really this person who asks?"),
        help_text=_("For example: “called back on the number of her mission”. The log keeps it."),
        max_length=300,
        widget=AdminTextInputWidget,
    )


class RoleFilter(admin.RelatedFieldListFilter):
    """By role, under its own name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("role")


@admin.register(User)
class AccountAdmin(ConfirmedAdmin):
    """People are invited and choose their own password. Accounts are switched off, not deleted."""

    form = AccountForm
    harmless = frozenset({"name"})
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = [
        "email",
        "name",
        "roles",
        "scope",
        "invitation",
        "second_factor",
        "last_login",
    ]
    list_filter = [("groups", RoleFilter), "is_active", "cycle", "region"]
    list_select_related = ["cycle", "region"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["email", "name"]
    ordering = ["email"]
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    readonly_fields = ["invitation", "second_factor", "joined_at", "last_login"]

    def get_fieldsets(self, request, obj=None):
        person = {
            "fields": ["email", "name"],
            "description": _("They sign in with this address, and links go to it."),
        }
        rights = ["is_staff", "groups"]
        if request.user.is_superuser:
            rights.append("is_superuser")
        may = {
            "fields": rights,
            "description": _("A role brings its rights. Somebody may have several roles."),
        }
        where = {
            "fields": ["cycle", "region"],
            "description": _(
                "Leave both empty for somebody who works on everything. Whoever has one can read"
                " everything, and enter, change and publish only there."
            ),
        }
        if obj is None:
            person["description"] = _(
                "A link goes to this address. With it they choose a password, and set up the"
                " second step of their sign-in."
            )
            return [(None, person), (_("What they may do"), may), (_("Where"), where)]
        signs_in = {
            "fields": ["invitation", "is_active", "second_factor", "last_login", "joined_at"],
            "description": _(
                "Who is made inactive, or is staff no more, is signed out everywhere at once."
            ),
        }
        return [
            (None, person),
            (_("What they may do"), may),
            (_("Where"), where),
            (_("Sign-in"), signs_in),
        ]

    def get_queryset(self, request):
        accounts = User.objects.with_second_factor().prefetch_related("groups")
        return accounts.order_by(*self.get_ordering(request))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type("AccountForm", (form,), {"by": request.user})

    # --- What the list says ---------------------------------------------------------------

    @admin.display(description=_("roles"))
    def roles(self, account: User):
        return ", ".join(gettext(group.name) for group in account.groups.all())

    @admin.display(description=_("works on"))
    def scope(self, account: User):
        only = [str(one) for one in (account.cycle, account.region) if one is not None]
        return ", ".join(only) or _("everything")

    @admin.display(description=_("invitation"))
    def invitation(self, account: User):
        return invitations.state(account)

    @admin.display(description=_("second step"), boolean=True)
    def second_factor(self, account: User):
        return account.has_second_factor

    # --- Who may ----------------------------------------------------------------------------

    def has_change_permission(self, request, obj: User | None = None):
        """Whoever may do everything is changed only by somebody who may do everything."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    # --- Inviting, and helping who has lost the second factor -----------------------------

    def save_model(self, request, obj: User, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            self.invite(request, obj)

    def invite(self, request, account: User) -> None:
        """Send the link, or show it where it cannot be sent."""
        invitation = invitations.invite(
            account,
            by=request.user,
            link_to=lambda token: request.build_absolute_uri(
                reverse("account_invitation", args=[token])
            ),
        )
        if invitation.was_sent:
            said = gettext("A link to choose a password is on its way to %(email)s.")
            messages.success(request, said % {"email": account.email})
        else:
            said = gettext(
                "No e-mail could be sent. Pass this link on to {name}, and to nobody else."
                " It works once, for a week: {link}"
            )
            messages.warning(request, format_html(said, name=account.name, link=invitation.link))

    def get_urls(self):
        mine = [
            ("<int:pk>/invite/", self.invite_again, "accounts_user_invite"),
            ("<int:pk>/second-step/", self.take_second_factor, "accounts_user_second_factor"),
        ]
        return [
            *(
                path(at, self.admin_site.admin_view(asks_again(view)), name=name)
                for at, view, name in mine
            ),
            *super().get_urls(),
        ]

    def account_to_help(self, request, pk: int) -> User:
        account = self.get_object(request, str(pk))
        if account is None or not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

    def back_to(self, account: User):
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[account.pk]))

    def invite_again(self, request, pk: int):
        """A new link; the earlier ones are void."""
        account = self.account_to_help(request, pk)
        if request.method == "POST" and account.is_active:
            must_be_confirmed(request, app="accounts")
            self.invite(request, account)
        return self.back_to(account)

    def take_second_factor(self, request, pk: int):
        """Asks how the administrator knows the person, then takes the second factor away."""
        account = self.account_to_help(request, pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            must_be_confirmed(request, app="accounts")
            second_factor.take_away(account, by=request.user, why=form.cleaned_data["why"])
            said = gettext("%(name)s sets up a new second step at the next sign-in.")
            messages.success(request, said % {"name": account.name})
            return self.back_to(account)
        page = {
            "title": _("Reset the second step"),
            "opts": self.opts,
            "original": account,
            "form": form,
        }
        return TemplateResponse(
            request,
            "admin/accounts/user/second_factor.html",
            self.admin_site.each_context(request) | page,
        )


@admin.register(Role)
class RoleAdmin(ConfirmedAdmin):
    """What each role may do, as a table of kinds of records."""

    form = RoleForm
    fields = ["name", "permissions"]
    list_display = ["name", "people"]
    search_fields = ["name"]
    ordering = ["name"]

    def get_queryset(self, request):
        people = models.Count("user", filter=models.Q(user__is_active=True))
        return super().get_queryset(request).annotate(people=people)

    @admin.display(description=_("people"))
    def people(self, role):
        return role.people

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.view_group") or self.has_change_permission(request)

    def has_add_permission(self, request):
        return request.user.has_perm("auth.add_group")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_group")

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
