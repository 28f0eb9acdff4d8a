"""The public record as staff see it: also what is under embargo, and read only."""

from django.contrib import admin

from public.models import Edition


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """The public record: read only, for everybody."""

    list_display = ["code", "edition", "kind", "title", "visible", "retracted_at"]
    list_filter = ["kind"]
    search_fields = ["code", "title"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
