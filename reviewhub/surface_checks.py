"""Nothing can be read that the register of surfaces does not know: `manage.py check` says so."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.management import get_commands
from django.urls import URLPattern, get_resolver

from reviewhub.surfaces import REGISTER

TAG = "surfaces"
WRITES_A_LOG = re.compile(r"\bgetLogger\(")
MESSAGE = "_message.txt"


def addresses() -> Iterator[tuple[str, str, URLPattern]]:
    """Every address of the resolver: the name by which the register knows it, route, pattern."""

    def walk(resolver, route: str, space: str) -> Iterator[tuple[str, str, URLPattern]]:
        for one in resolver.url_patterns:
            here = f"{route}{one.pattern}"
            if isinstance(one, URLPattern):
                yield (f"{space}{one.name}" if one.name else here), here, one
            else:
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one, here, inner)

    yield from walk(get_resolver(), "", "")


def commands() -> set[str]:
    """The commands of our own rooms."""
    rooms = {config.name for config in _rooms()}
    return {name for name, app in get_commands().items() if app in rooms}


def letters() -> set[str]:
    """The templates of letters, as `accounts.letters.write` names them; not what they extend."""
    folder = settings.BASE_DIR / "templates"
    return {
        path.relative_to(folder).as_posix().removesuffix(MESSAGE)
        for path in folder.glob(f"**/email/*{MESSAGE}")
    }


def logs() -> set[str]:
    """The modules of our own rooms that write a log."""
    return {
        ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for config in _rooms()
        for path in Path(config.path).rglob("*.py")
        if path.name != Path(__file__).name and WRITES_A_LOG.search(path.read_text())
    }


@register(TAG)
def every_surface_is_classified(app_configs=None, **kwargs) -> list[CheckMessage]:
    """Errors for what is not in the register, what is gone, and what two addresses share."""
    known = Counter(name for name, _route, _pattern in addresses())
    there = {"address": set(known), "command": commands(), "letter": letters(), "log": logs()}
    unknown = [
        Error(
            f"The {what} {name} is not in the register of surfaces.",
            hint="Say in reviewhub/surfaces.py who may read it and what it shows.",
            id="reviewhub.E001",
        )
        for what, names in there.items()
        for name in sorted(names - set(REGISTER[what]))
    ]
    gone = [
        Error(
            f"The register of surfaces names the {what} {name}, which is not there.",
            hint="Take it out of reviewhub/surfaces.py, or name it as it is named now.",
            id="reviewhub.E002",
        )
        for what, names in there.items()
        for name in sorted(set(REGISTER[what]) - names)
    ]
    shared = [
        Error(
            f"{count} addresses share the name {name}: the register knows only one.",
            hint="Give each its own name.",
            id="reviewhub.E003",
        )
        for name, count in sorted(known.items())
        if count > 1
    ]
    return [*unknown, *gone, *shared]


def _rooms():
    return [one for one in apps.get_app_configs() if Path(one.path).parent == settings.BASE_DIR]
