"""The way in: the addresses of all lists, and the description of the whole API."""

from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.views import APIView

from public.api import asked as ask
from public.api.answers import conditional
from public.api.formats import JSON, Written
from public.api.records import RESOURCES
from public.api.reference import TABLES
from public.api.schema import (
    NOT_MODIFIED,
    URL,
    ApiSchema,
    Operation,
    answer,
    description,
    fields,
    format_parameter,
    refusals,
    said,
    written,
)

ACROSS = ("search", "coverage", "files")  # over all kinds of records
LISTS = {folder: kind for kind, folder in RESOURCES.items()} | {
    name: name for name in (*ACROSS, *TABLES)
}


class Root(APIView):
    """What there is: the address of every list."""

    renderer_classes = [JSON]

    def get(self, request):
        ask.only_known(request.GET, ("format",))
        lists = {
            folder: request.build_absolute_uri(reverse(f"public-api:{name}-list"))
            for folder, name in LISTS.items()
        }
        return conditional(Response(lists))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        lists = {folder: said(URL, f"The list of {folder}.") for folder in LISTS}
        addresses = schema.component("Lists", said(fields(**lists), "The address of every list."))
        return Operation(
            id="lists",
            summary="What there is",
            meaning=f"The address of every list. This description: "
            f"{reverse('public-api:description')} and {reverse('public-api:description-yaml')}.",
            tag="The API",
            parameters=[format_parameter("json")],
            answers={
                200: answer("The addresses.", addresses, "ETag"),
                **NOT_MODIFIED,
                **refusals(),
            },
        )


class Nowhere(APIView):
    """An address that there is not, whatever is asked of it: 404."""

    renderer_classes = [JSON]

    def initial(self, request, *args, **kwargs):
        raise Http404


class Yaml(Written):
    media_type = "application/yaml"
    format = "yaml"


class AsJson(APIView):
    """The description of the API, for programs."""

    renderer_classes = [JSON]

    def get(self, request):
        ask.only_known(request.GET, ("format",))
        return conditional(Response(description()))


class AsYaml(APIView):
    """The same in YAML, as `docs/openapi.yaml` has it."""

    renderer_classes = [Yaml]

    def get(self, request):
        ask.only_known(request.GET, ("format",))
        return conditional(Response(written()))
