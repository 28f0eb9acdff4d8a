"""Addresses of the API, the same in every language."""

from django.urls import path

from public import api

app_name = "public-api"

urlpatterns = [
    path("", api.Root.as_view(), name="root"),
    path("practices/", api.PracticeList.as_view(), name="practice-list"),
    path("practices/<slug:code>/", api.Practice.as_view(), name="practice"),
]
