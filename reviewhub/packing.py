"""Pages travel packed (gzip) where that can tell nobody anything."""

from django.middleware.gzip import GZipMiddleware

from public.fence import is_public


class PackedPagesMiddleware(GZipMiddleware):
    """Packs the pages behind the fence, and nothing else.

    Whoever can put words into a page and measure its length could guess what else stands in it
    (BREACH). Public pages hold nothing that is not everybody's; those of the office do, and of
    accounts. Static files are packed already; the API and exports are the web server's to pack, as
    packing costs more than answering.
    """

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page or not is_public(request):
            return response
        return super().process_response(request, response)
