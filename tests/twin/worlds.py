"""Two worlds that the public must not be able to tell apart.

Both databases are copies of the same empty one and live through the same seeded steps, each at
its own fixed time. Between these steps the office of the *full* world goes on with everything
that is nobody's business: drafts, reviews, embargoes near and far, embargoes called off, changes
to what is published, files, people and notes. In the *bare* world that never happens. Row ids,
sequences and the order of rows on the disk differ between the two from the first step on.

The clock stands still in both, for the database and for Python: `statement_timestamp()` without
its schema is a function of this module. The one inside the view `public_record` was bound when
that was made and goes on with real time, so that an embargo until `NEAR` has ended for the view
and not for the pages: whatever holds it back is the view's reader, `PublicRecord.visible()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import connection, connections, transaction
from django.test import override_settings

from public import dumps

START = datetime(2024, 3, 12, 9, tzinfo=UTC)
MOMENT = datetime(2024, 6, 1, 12, tzinfo=UTC)  # when the public asks
NEAR = datetime(2024, 12, 1, tzinfo=UTC)  # after that, and yet before the real now
FAR = datetime(2090, 1, 1, tzinfo=UTC)

CLOCK = """
    CREATE SCHEMA twin_clock;
    GRANT USAGE ON SCHEMA twin_clock TO PUBLIC;
    CREATE FUNCTION twin_clock.statement_timestamp() RETURNS timestamptz
        LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT current_setting('twin.moment')::timestamptz $$;
"""


class World:
    """A database, its folder of files and dumps, and the clock that stands in it."""

    def __init__(self, name: str, folder: Path):
        self.folder = folder / name
        ours = connections["default"]
        values = deepcopy(ours.settings_dict)
        values["NAME"] = f"{values['NAME']}_{name}"
        values["CONN_HEALTH_CHECKS"] = False
        values["OPTIONS"]["options"] = (
            f"{values['OPTIONS'].get('options', '')} -c search_path=twin_clock,pg_catalog,public"
            f" -c twin.moment={MOMENT.isoformat()}"
        ).strip()
        self.connection = type(ours)(values, "default")
        self.settings = override_settings(
            MEDIA_ROOT=self.folder / "files",
            DUMPS_ROOT=self.folder / "dumps",
            TRUSTED_PROXIES=1,  # it gives each request its id, which is else a new one each time
            API_REQUESTS_PER_MINUTE=0,  # it counts the caller's own requests, by the real clock
        )

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Inside, everything that the site does is done in this world."""
        before = connections["default"]
        connections["default"] = self.connection
        try:
            with self.settings:
                yield
        finally:
            connections["default"] = before

    def set_clock(self, moment: datetime) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('twin.moment', %s, false)", [moment.isoformat()])

    def execute(self, sql: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def pythons_clock_stands() -> Iterator[None]:
    with patch("django.utils.timezone.now", lambda: MOMENT):
        yield


@contextmanager
def two_worlds(folder: Path, live) -> Iterator[tuple[World, World]]:
    """The bare world and the full one, after both have lived; dropped in the end."""
    worlds = World("bare", folder), World("full", folder)
    names = [world.connection.settings_dict["NAME"] for world in worlds]
    template = connections["default"].settings_dict["NAME"]
    connections["default"].close()  # a database that is copied has no visitors
    with connection._nodb_cursor() as cursor:
        # neither have threads of earlier tests, who come again by themselves
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template]
        )
        for name in names:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        for world in worlds:
            world.execute(CLOCK)
            with world.entered():
                with transaction.atomic():  # one wait for the disk instead of hundreds
                    live(world, unpublished=world is worlds[1])
                world.set_clock(MOMENT)
                with pythons_clock_stands():
                    dumps.build()
                world.execute("ANALYZE")
        yield worlds
    finally:
        for world in worlds:
            world.connection.close()
        with connection._nodb_cursor() as cursor:
            for name in names:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


class Steps:
    """The times of what happens: the same in both worlds, whatever else happens in one."""

    def __init__(self, world: World):
        self.world = world
        self.at = START

    def public_step(self) -> None:
        """The next thing that the public learns of, an hour after the one before."""
        self.at += timedelta(hours=1)
        self.world.set_clock(self.at)

    def secret_step(self) -> None:
        """Something in between, which only the office learns of."""
        self.world.set_clock(self.at + timedelta(minutes=1))
