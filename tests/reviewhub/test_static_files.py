"""One sheet for each page, from the files that developers read."""

from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"


def test_every_sheet_of_the_public_pages_is_in_theirs():
    """A new file in css/site/ does nothing until public.css imports it."""
    imported = {
        line.split('"')[1]
        for line in (CSS / "public.css").read_text().splitlines()
        if line.startswith("@import")
    }

    assert imported == {"tokens.css", "site.css"} | {
        f"site/{path.name}" for path in (CSS / "site").iterdir()
    }
