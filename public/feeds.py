"""The Atom feed of a list (RFC 4287): what was published last, of the records it asks for."""

from collections.abc import Callable
from typing import Any

from django.utils.feedgenerator import Atom1Feed, rfc3339_date

from public.models import PublicRecord
from public.sheets import NOT_XML

ENTRIES = 50


class RecordFeed(Atom1Feed):
    """Entries in the language of each record, with plain texts, and links to the pages of feed."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation in ("previous", "next"):
            if address := self.feed[relation]:
                handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def latest_post_date(self):
        return self.feed["updated"]

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", "", {"rel": "alternate", "href": item["link"]})
        handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        if item["author_name"]:  # else it is the feed's
            handler.startElement("author", {})
            handler.addQuickElement("name", item["author_name"])
            handler.endElement("author")
        if item["description"]:
            handler.addQuickElement("summary", item["description"])
        for objective in item["objectives"]:
            handler.addQuickElement(
                "category",
                "",
                {
                    "term": str(objective["number"]),
                    "scheme": item["scheme"],
                    "label": _clean(objective["short_title"]),
                },
            )


def feed_of(
    records: list[PublicRecord],
    lines: list[dict[str, Any]],
    *,
    absolute: Callable[[str], str],
    permanent: Callable[[str, str], str],
    title: str,
    **about: Any,
) -> RecordFeed:
    """The feed of these records, whose lines tell what an entry says."""
    feed = RecordFeed(title=_clean(title), description=None, **about)
    for record, line in zip(records, lines, strict=True):
        feed.add_item(
            title=_clean(line["title"]),
            link=absolute(line["url"]),
            description=_clean(line["summary"]),
            unique_id=permanent(record.kind, record.code),
            pubdate=record.first_published_at,
            updateddate=record.visible.lower,
            author_name=_clean(line["party"]),
            language=line["language"],
            objectives=line["objectives"],
            scheme=about["scheme"],
        )
    return feed


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)
