"""The read API, version 1: the stored documents, found with the same filters as the pages."""

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView, exception_handler

from public.filters import PracticeFilter
from public.models import PublicRecord, Redirect
from public.moments import Moment

COMMON = {"at", "page", "page_size"}


def problem(error, context):
    """Every refusal is JSON, also those of code that pages share."""
    if isinstance(error, BadRequest):
        error = ValidationError({"at": [str(error)]})
    return exception_handler(error, context)


class Pages(PageNumberPagination):
    page_size = 25
    max_page_size = 500
    page_size_query_param = "page_size"


class Root(APIView):
    """What there is."""

    def get(self, request):
        return Response({"practices": reverse("public-api:practice-list", request=request)})


class PracticeList(APIView):
    """Published practices, newest first; the parameters of the practice list."""

    def get(self, request):
        allowed = COMMON | set(PracticeFilter.base_filters)
        unknown = sorted(set(request.GET) - allowed)
        if unknown:
            raise ValidationError(
                {
                    name: [_("Unknown parameter. Allowed: %s.") % ", ".join(sorted(allowed))]
                    for name in unknown
                }
            )
        records = PublicRecord.objects.visible(Moment(request).at).of_kind("practice")
        question = PracticeFilter(request.GET, records)
        if not question.is_valid():
            raise ValidationError(question.errors)
        pages = Pages()
        found: list[PublicRecord] = pages.paginate_queryset(question.qs.for_list(), request) or []
        return pages.get_paginated_response([record.document for record in found])


class Practice(APIView):
    """One published practice, by its permanent code."""

    def get(self, request, code: str):
        moment = Moment(request)
        records = PublicRecord.objects.visible(moment.at).of_kind("practice")
        record = records.filter(code=code).first()
        if record is None:
            if target := Redirect.objects.target_of("practice", code, moment.at):
                address = moment.address("public-api:practice", [target])
                return Response(status=308, headers={"Location": address})
            raise NotFound
        return Response(record.document)
