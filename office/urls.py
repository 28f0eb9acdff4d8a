"""The pages that all kinds of records share, under the admin's address and names.

`<model:model>` is a table that has a screen in the admin, written `submissions.practice`; a view
is given the model. `ReviewhubAdminSite` lets only staff in, and marks every page as never cached.
"""

from django.apps import apps
from django.contrib import admin
from django.urls import path, register_converter

from office import (
    bulk_edit,
    cycle,
    exports,
    files,
    guide,
    history,
    import_pages,
    log_page,
    merging,
    presence,
    preview,
    search,
    similar,
    steps,
)


class ModelConverter:
    """`submissions.practice` ↔ the model, if the admin has a screen for it."""

    regex = "[a-z_]+[.][a-z_]+"

    def to_python(self, value):
        try:
            model = apps.get_model(value)
        except LookupError as error:
            raise ValueError from error
        if not admin.site.is_registered(model):
            raise ValueError
        return model

    def to_url(self, value):
        return value if isinstance(value, str) else value._meta.label_lower


register_converter(ModelConverter, "model")

# address, view, name; of the admin's namespace: {% url "admin:step" record.model pk "publish" %}
PAGES = [
    ("search/", search.page, "search"),
    ("guide/", guide.page, "guide"),
    ("guide/images/staff-guide/<slug:name>.png", guide.picture, "guide-picture"),
    *import_pages.PAGES,
    ("cycle/", cycle.choose, "cycle"),
    ("accounts/change/", log_page.page, "log"),  # in place of the admin's own list
    ("<model:model>/export/", exports.page, "export"),
    ("<model:model>/bulk-edit/", bulk_edit.page, "bulk-edit"),
    ("<model:model>/steps/<slug:step>/", steps.page, "steps"),
    ("<model:model>/similar/", similar.page, "similar"),
    ("<model:model>/<int:pk>/history/", history.page, "history"),
    ("<model:model>/<int:pk>/history/<int:point>/", history.bring_back, "bring-back"),
    ("<slug:app_label>/<slug:model_name>/<int:object_id>/history/", history.stock_page, "stock"),
    ("<model:model>/<int:pk>/preview/", preview.page, "preview"),
    ("<model:model>/<int:pk>/merge/", merging.page, "merge"),
    ("<model:model>/<int:pk>/files/<int:file>/", files.page, "file"),
    ("<model:model>/<int:pk>/open/", presence.page, "presence"),
]


def urls(staff_only) -> list:
    """The pages, each behind `staff_only`."""
    return [path(address, staff_only(view), name=name) for address, view, name in PAGES]
