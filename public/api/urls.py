"""Addresses of the API, the same in every language."""

from django.urls import path

from public.api.coverage import Coverage
from public.api.files import Files
from public.api.records import RESOURCES, RecordDetail, RecordList
from public.api.reference import TABLES, TableList, TableRow
from public.api.root import AsJson, AsYaml, Root
from public.api.search import SearchAll

app_name = "public-api"

urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("search/", SearchAll.as_view(), name="search-list"),
    path("coverage/", Coverage.as_view(), name="coverage-list"),
    path("files/", Files.as_view(), name="files-list"),
    path("openapi.json", AsJson.as_view(), name="description"),
    path("openapi.yaml", AsYaml.as_view(), name="description-yaml"),
]

for kind, folder in RESOURCES.items():
    urlpatterns += [
        path(f"{folder}/", RecordList.as_view(kind=kind), name=f"{kind}-list"),
        path(f"{folder}/<slug:code>/", RecordDetail.as_view(kind=kind), name=kind),
    ]
for table in TABLES:
    urlpatterns += [
        path(f"{table}/", TableList.as_view(folder=table), name=f"{table}-list"),
        path(f"{table}/<slug:code>/", TableRow.as_view(folder=table), name=table),
    ]
