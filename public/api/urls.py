"""Addresses of the API, the same in every language."""

from django.urls import path
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from public.api.records import RESOURCES, RecordDetail, RecordList
from public.api.reference import TABLES, TableList, TableRow

app_name = "public-api"


class Root(APIView):
    """What there is: the address of every list."""

    def get(self, request):
        names = [*RESOURCES, *TABLES]
        folders = [*RESOURCES.values(), *TABLES]
        return Response(
            {
                folder: reverse(f"public-api:{name}-list", request=request)
                for folder, name in zip(folders, names, strict=True)
            }
        )


urlpatterns = [path("", Root.as_view(), name="root")]

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
