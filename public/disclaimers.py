"""What the United Nations asks to be said about names, where a page's content needs it, once."""

from django.utils.translation import gettext as _


def disclaimers(*texts: str) -> list[str]:
    """The disclaimers that these texts call for."""
    found = []
    if any("kosovo" in text.lower() or "косово" in text.lower() for text in texts):
        found.append(
            _(
                "References to Kosovo shall be understood to be in the context of Security Council"
                " resolution 1244 (1999)."
            )
        )
    return found
