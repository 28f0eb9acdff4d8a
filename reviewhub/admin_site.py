"""The secretariat's admin: Django's own, dressed as ours, with the pages of `office`."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.door import Door

NAVIGATION = [
    "submissions.VoluntaryReport",
    "submissions.Practice",
    "submissions.Pledge",
    "submissions.Stakeholder",
    "objectives.ReviewCycle",
    "roundtables.Roundtable",
    "roundtables.Recommendation",
    "synthesis.Figure",
]
# Django's own tells anybody on the staff the address of any row, so the code of a hidden record.
VIEW_ON_SITE = "view_on_site"


class ReviewhubAdminSite(Door):
    site_header = _("reviewhub: the secretariat's office")
    site_title = _("reviewhub office")
    index_title = _("My work")
    enable_nav_sidebar = False  # the work is in the frame's own navigation

    def each_context(self, request):
        return super().each_context(request) | {"navigation": self.navigation(request)}

    def navigation(self, request) -> list[dict]:
        """The lists that are open all day, of those that this person may see."""
        entries = [(_("My work"), reverse("admin:index"))]
        for label in NAVIGATION:
            model = apps.get_model(label)
            if self.get_model_admin(model).has_view_permission(request):
                meta = model._meta
                address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
                entries.append((capfirst(meta.verbose_name_plural), address))
        home = entries[0][1]
        return [
            {
                "name": name,
                "url": url,
                "current": request.path == url or (url != home and request.path.startswith(url)),
            }
            for name, url in entries
        ]

    def get_urls(self):
        # their modules read models: not before these are loaded
        from office import urls
        from sessions import next_cycle_pages

        next_cycle = self.admin_view(next_cycle_pages.page)
        return [
            *urls.urls(self.admin_view),
            path("next-cycle/", next_cycle, name="next-cycle"),
            *(one for one in super().get_urls() if getattr(one, "name", "") != VIEW_ON_SITE),
        ]

    def index(self, request, extra_context=None):
        from office import work

        return super().index(request, work.for_person(request) | (extra_context or {}))

    def autocomplete_view(self, request):
        from office.search import Picker

        return Picker.as_view(admin_site=self)(request)


class ReviewhubAdminConfig(AdminConfig):
    default_site = "reviewhub.admin_site.ReviewhubAdminSite"
