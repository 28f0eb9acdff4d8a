"""Files of a record for staff, also before they are public."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office.pages import record_or_404


@require_safe
def page(request, model, pk: int, file: int):
    """Hand out a file of a record that this person may read, as a download that cannot run."""
    record = record_or_404(request, model, pk)
    if not hasattr(record, "files"):
        raise Http404
    stored = get_object_or_404(record.files, pk=file)
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file is missing from the store: tell an administrator.")) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=stored.name,
        content_type=stored.media_type,
        headers={
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
