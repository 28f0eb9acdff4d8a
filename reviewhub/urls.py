"""All addresses. Public pages stand under the reader's language: English without a prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from public.api.root import Nowhere
from reviewhub import health, security_txt

handler400 = "reviewhub.errors.bad_request"
handler500 = "reviewhub.errors.server_error"

urlpatterns = [
    path("admin/language/", set_language, name="set-language"),
    path("admin/", admin.site.urls),
    path("api/v1/drafts/", include("office.draft_urls")),
    path("api/v1/", include("public.api.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path(security_txt.PATH, security_txt.page, name="security-txt"),
    path("", include("public.machine_urls")),
    *i18n_patterns(
        path("account/", include("accounts.urls")),
        path("", include("public.urls")),
        prefix_default_language=False,
    ),
    # Under /api/ also a wrong address is told to a program; without the slash Django adds it.
    re_path(r"^api/(?:[\s\S]*/)?\Z", Nowhere.as_view()),
]
