"""Addresses of drafts in the API: the folders of the published records, below /api/v1/drafts/."""

from django.urls import path

from office.drafts import Draft, DraftList, kinds
from public.api.records import RESOURCES

app_name = "office-api"

urlpatterns = []
for model in kinds():
    folder = RESOURCES[model.kind]
    urlpatterns += [
        path(f"{folder}/", DraftList.as_view(model=model), name=f"{model.kind}-list"),
        path(f"{folder}/<slug:code>/", Draft.as_view(model=model), name=model.kind),
    ]
