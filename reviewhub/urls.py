"""All addresses. Public pages stand under the reader's language: English without a prefix."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
