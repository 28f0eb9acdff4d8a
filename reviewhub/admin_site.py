"""The secretariat's admin: Django's own, dressed as ours, with the pages of `office`."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ReviewhubAdminSite(admin.AdminSite):
    site_header = _("reviewhub: the secretariat's office")
    site_title = _("reviewhub office")
    index_title = _("My work")

    def get_urls(self):
        from office import urls  # its modules read models: not before they are loaded

        return [*urls.urls(self.admin_view), *super().get_urls()]

    def index(self, request, extra_context=None):
        from office import work

        return super().index(request, work.for_person(request) | (extra_context or {}))

    def autocomplete_view(self, request):
        from office.search import Picker

        return Picker.as_view(admin_site=self)(request)


class ReviewhubAdminConfig(AdminConfig):
    default_site = "reviewhub.admin_site.ReviewhubAdminSite"
