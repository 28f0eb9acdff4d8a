"""Which passwords are refused besides those that Django refuses: words near to this site."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# docs/operators.md names them, too. The names of the site and of its host come to them.
NEAR = (  # the longer before the shorter
    "administrator|commission|compact|demonstration|editor|forum|global|migrant|migration|nations"
    "|objective|pledge|practice|publisher|region|reviewhub|reviewer|review|roundtable|secretariat"
    "|unece|united"
)
REST = 8  # letters and digits which somebody who knows us must still guess


class NearWordsValidator:
    """Words near to us, and years beside them, add nothing to a password.

    A sentence with such a word in it is fine; “Migration-Compact-2026!” is not.
    """

    def validate(self, password: str, user=None) -> None:
        names = f"{settings.SITE_NAME} {urlsplit(settings.SITE_URL).hostname}".casefold()
        words = "|".join([*re.findall(r"[^\W\d_]{4,}", names), NEAR])
        typed = password.casefold()
        found = re.search(words, typed)
        rest = re.sub(rf"{words}|(19|20)\d\d|[\W_]", "", typed)
        if found and len(rest) < REST:
            said = _(
                "Words about this site, such as “%(word)s”, are tried first. Choose other words,"
                " or add to it until %(rest)d other letters or digits stand beside it."
            )
            raise ValidationError(said % {"word": found[0], "rest": REST})

    def get_help_text(self) -> str:
        return _("Do not make it of words about this site and its work.")
