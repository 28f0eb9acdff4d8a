"""Public addresses. Every view here runs behind the fence (`public.fence`).

A kind of record has a list, the list in other forms (`/practices.csv`), and each record a page and
other forms (`/practices/P-0001.ris`). What stands in an address never changes.
"""

from django.urls import path, re_path

from public.models import FOLDERS
from public.views import (
    api_docs,
    compare,
    coverage,
    data,
    files,
    gallery,
    home,
    list_forms,
    lists,
    member_states,
    my_list,
    objectives,
    pictures,
    record_forms,
    records,
    reviews,
    search,
)

app_name = "public"

urlpatterns = [
    path("", home.page, name="home"),
    path("objectives/", objectives.index, name="objectives"),
    path("objectives/<int:number>/", objectives.page, name="objective"),
    path("member-states/", member_states.index, name="member-states"),
    path("member-states/<slug:iso3>/", member_states.page, name="member-state"),
    path("compare/", compare.page, name="compare"),
    path("coverage/", coverage.page, name="coverage"),
    path("reviews/", reviews.index, name="reviews"),
    re_path(r"^reviews\.(?P<form>ics)$", reviews.calendar_of_all, name="reviews-as"),
    path("reviews/<slug:code>/", reviews.page, name="review"),
    re_path(
        r"^reviews/(?P<code>[-\w]+)\.(?P<form>ics)$", reviews.calendar_of_one, name="review-as"
    ),
    path("reviews/<slug:code>/submissions/", reviews.submissions, name="submissions"),
    path("search/", search.page, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    re_path(
        r"^pictures/(?P<name>[-\w]+)\.(?P<form>svg|png|csv|xlsx)$",
        pictures.form,
        name="picture-as",
    ),
    path("pictures/<slug:name>/", pictures.embedded, name="picture"),
    path("files/<slug:sha256>/<str:name>", files.page, name="file"),
    path("data/", data.page, name="data"),
    path("data/codebook.csv", data.code_book, name="codebook"),
    path("data/manifest.json", data.manifest, name="data-manifest"),
    path("data/catalog.jsonld", data.catalog, name="data-catalog"),
    re_path(
        r"^data/(?P<name>[-\w]+\.(?:zip|ndjson\.gz|sqlite))$", data.download, name="data-file"
    ),
    re_path(r"^my-list\.(?P<form>csv|ris)$", my_list.form, name="my-list-as"),
    path("my-list/", my_list.page, name="my-list"),
    path("gallery/", gallery.page, name="gallery"),  # in development only
    path("api/docs/", api_docs.index, name="api-docs"),
    path("api/docs/guide/", api_docs.guide, name="api-guide"),
    path("api/docs/problems/", api_docs.problems, name="api-problems"),
    path("api/docs/<slug:name>/", api_docs.operation, name="api-operation"),
    path("api/docs/<slug:name>/try/", api_docs.try_it, name="api-try"),
]

for kind, folder in FOLDERS.items():
    urlpatterns += [
        path(f"{folder}/", lists.page, {"kind": kind}, name=f"{kind}-list"),
        re_path(
            rf"^{folder}\.(?P<form>csv|xlsx|atom|ics)$",
            list_forms.form,
            {"kind": kind},
            name=f"{kind}-list-as",
        ),
        path(f"{folder}/<slug:code>/", records.page, {"kind": kind}, name=kind),
        re_path(
            rf"^{folder}/(?P<code>[-\w]+)\.(?P<form>ris|bib|json|txt|ics)$",
            record_forms.form,
            {"kind": kind},
            name=f"{kind}-as",
        ),
    ]
