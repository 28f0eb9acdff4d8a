"""Addresses that machines ask for under one name, whatever the language."""

from django.urls import path

from public.views import sitemaps

app_name = "public-machines"

urlpatterns = [
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemaps/<slug:folder>.xml", sitemaps.one_map, name="sitemap-of"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
