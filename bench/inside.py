"""What the benchmark does inside the site: a file to import, somebody signed in, publishing.

    python -m bench.inside file 10000 | session | publish

Run with the settings of the site that is measured; says JSON, or the file.
"""

import csv
import json
import sys
import time
from collections import defaultdict

import django

FIRST = 50_000_000  # the numbers of records to import: far from those that are there
MARK = "Imported by the benchmark."
TOGETHER = 200  # records that take a step at once


def file(rows: int) -> None:
    """A CSV file of invented practices, as staff would import them."""
    from reviewhub.synthetic.loader import Keys, world_of
    from submissions.resources import PracticeResource

    world = world_of(Keys())
    writer = csv.DictWriter(sys.stdout, PracticeResource._meta.fields, restval="")
    writer.writeheader()
    for number in range(FIRST, FIRST + rows):
        made = world.practice(number)
        links = {name: ";".join(map(str, codes)) for name, codes in made.links.items()}
        cells = {name: "" if value is None else value for name, value in made.fields.items()}
        cells["covid19"] = str(cells["covid19"]).lower()
        cells["stakeholder"] = ""  # there are not so many
        first = made.links["objectives"][0]
        writer.writerow({**cells, **links, "primary_objectives": first, "staff_notes": MARK})


def session() -> None:
    """The session of an editor with a second factor."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.test import Client

    from accounts.demo import demonstration_accounts

    editor = demonstration_accounts()["Editor"]
    totp = Authenticator.Type.TOTP
    Authenticator.objects.get_or_create(user=editor, type=totp, defaults={"data": {}})
    client = Client()
    client.force_login(editor)
    name = settings.SESSION_COOKIE_NAME
    sys.stdout.write(json.dumps({"name": name, "value": client.cookies[name].value}))


def publish() -> None:
    """Take everything that was imported through the workflow; seconds of each step."""
    from accounts.demo import demonstration_accounts
    from public import publication
    from submissions.models import Practice

    people = demonstration_accounts()
    steps = {
        "submit": people["Editor"],
        "start_review": people["Reviewer"],
        "approve": people["Reviewer"],
        "publish": people["Publisher"],
    }
    seconds: dict[str, float] = defaultdict(float)
    keys = list(Practice.objects.filter(staff_notes=MARK).order_by("pk").values_list("pk"))
    for first in range(0, len(keys), TOGETHER):
        some = [key for (key,) in keys[first : first + TOGETHER]]
        records = list(Practice.objects.filter(pk__in=some))
        for step, by in steps.items():
            began = time.perf_counter()
            getattr(publication, f"{step}_all")(records, by=by)
            seconds[step] += time.perf_counter() - began
    sys.stdout.write(json.dumps({"records": len(keys), **seconds}))


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["file", rows]:
            file(int(rows))
        case ["session"]:
            session()
        case ["publish"]:
            publish()
        case _:
            raise SystemExit(__doc__)
