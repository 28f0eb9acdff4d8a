"""The secretariat's admin: Django's own, under our name."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ReviewhubAdminSite(admin.AdminSite):
    site_header = _("reviewhub: the secretariat's office")
    site_title = _("reviewhub office")
    index_title = _("The office")


class ReviewhubAdminConfig(AdminConfig):
    default_site = "reviewhub.admin_site.ReviewhubAdminSite"
