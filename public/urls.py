"""Public addresses. Every view here runs behind the fence (`public.fence`)."""

from django.urls import path

from public import views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("objectives/<int:number>/", views.objective, name="objective"),
    path("practices/<slug:code>/", views.practice, name="practice"),
]
