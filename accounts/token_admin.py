"""Where administrators issue and revoke the tokens of the API."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import tokens
from accounts.confirming import ConfirmedAdmin
from accounts.models import Token, User
from objectives.form_fields import Day

FIELDS = ["name", "owner", "kinds", "may_create", "may_update", "expires_at"]


class TokenForm(forms.ModelForm):
    """What a new token may do, and until when."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Records"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Token
        fields = FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "owner" not in self.fields:  # it is only looked at
            return
        choices: forms.Field = self.fields["kinds"]
        choices.choices = tokens.kinds()  # type: ignore[attr-defined]
        owner: forms.Field = self.fields["owner"]
        owner.queryset = User.objects.filter(is_active=True, is_staff=True).order_by("name")  # type: ignore[attr-defined]

    def clean_expires_at(self):
        expires = self.cleaned_data["expires_at"]
        now = timezone.now()
        if not now < expires <= now + tokens.LONGEST_LIFE:
            raise forms.ValidationError(_("Choose a time within a year from now."))
        return expires

    def clean(self):
        cleaned = super().clean() or {}
        if "may_create" in cleaned and not (cleaned["may_create"] or cleaned["may_update"]):
            raise forms.ValidationError(_("Say what the token may do: add drafts, change them."))
        return cleaned


@admin.register(Token)
class TokenAdmin(ConfirmedAdmin):
    """Tokens are issued once, shown once, and revoked; nobody changes them."""

    form = TokenForm
    list_display = ["name", "owner", "state", "expires_at", "last_used_at"]
    list_select_related = ["owner"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "owner__name", "owner__email"]
    ordering = ["-issued_at"]
    actions = ["revoke"]
    fields: ClassVar[Any] = FIELDS
    formfield_overrides = {  # a day is exact enough: the token ends when it begins
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": Day}
    }

    def get_readonly_fields(self, request, obj=None):
        shown = [*FIELDS, "issued_at", "last_used_at", "revoked_at"]
        return shown if obj else []

    def get_fields(self, request, obj=None):
        return self.get_readonly_fields(request, obj) or FIELDS

    @admin.display(description=gettext_lazy("state"))
    def state(self, token: Token) -> str:
        if token.revoked_at:
            return _("revoked")
        if token.expires_at <= timezone.now():
            return pgettext("token", "expired")
        return _("in use") if token.last_used_at else _("never used")

    # --- Issuing and revoking -------------------------------------------------------------

    def save_model(self, request, obj: Token, form, change):
        self.secret = tokens.new_secret()
        obj.check_sum = tokens.check_sum(self.secret)
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj: Token, post_url_continue=None):
        """The token itself, on a page that is shown this once."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "token": obj,
            "secret": self.secret,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/token/issued.html", context)

    @admin.action(description=gettext_lazy("Revoke the chosen tokens"), permissions=["change"])
    def revoke(self, request, queryset):
        count = queryset.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
        self.message_user(
            request,
            _("Revoked: %(count)d. They open the door no more.") % {"count": count},
            messages.SUCCESS,
        )

    def has_change_permission(self, request, obj=None):
        """They are revoked, never changed: a form would promise more."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False
