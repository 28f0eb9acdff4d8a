"""Settings come from the environment; what is missing or unsafe is refused by name."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "k3Y-x9Q_" * 8,
    "ALLOWED_HOSTS": "review.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}


def loaded_with(
    says: str = "print(settings.DEBUG)", **environment: str
) -> subprocess.CompletedProcess:
    """Loads the settings in a process of its own, in production unless told otherwise."""
    return subprocess.run(
        [sys.executable, "-c", f"from reviewhub import settings; {says}"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_of_production_load_when_all_is_said():
    answer = loaded_with(**GOOD)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "False\n", "")


def test_cookies_of_production_can_be_set_by_this_host_alone():
    names = ("SESSION", "CSRF", "LANGUAGE")
    says = (
        f"print(*((getattr(settings, one + '_COOKIE_NAME'), getattr(settings, one +"
        f" '_COOKIE_SECURE')) for one in {names}))"
    )

    assert [loaded_with(says, **GOOD).stdout, loaded_with(says, DEBUG="1").stdout] == [
        "('__Host-sessionid', True) ('__Host-csrftoken', True) ('__Host-django_language', True)\n",
        "('sessionid', False) ('csrftoken', False) ('django_language', False)\n",
    ]


def test_mail_server_is_read_from_its_address():
    names = ("HOST", "PORT", "USE_TLS", "USE_SSL", "HOST_USER", "HOST_PASSWORD")
    says = f"print(*(getattr(settings, 'EMAIL_' + name) for name in {names}))"

    answer = loaded_with(
        says,
        **GOOD,
        EMAIL_URL="smtp+tls://review%40example.org:p%2Fw@mail.example.org",
        EMAIL_FROM="review@example.org",
    )

    assert answer.stdout == "mail.example.org 587 True False review@example.org p/w\n"


def test_settings_of_development_need_nothing_but_debug():
    answer = loaded_with(DEBUG="1")

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "True\n", "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or too weak"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or too weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or too weak"),
        ({"SECRET_KEY": "change-me" + "k3Y-x9Q_" * 8}, "SECRET_KEY is missing or too weak"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the host names"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the host names"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe': write 1 for yes or 0 for no."),
        (
            {"SECURE_HSTS_SECONDS": "a year"},
            "SECURE_HSTS_SECONDS is 'a year': write a whole number",
        ),
        ({"ONE_PERSON_OFFICE": "oui"}, "ONE_PERSON_OFFICE is 'oui'"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is 'one': write a whole number"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must name your mail server"),
        ({"EMAIL_URL": "http://mail.example.org"}, "EMAIL_URL must name your mail server"),
        ({"EMAIL_URL": "smtp://mail.example.org:x"}, "EMAIL_URL must name your mail server"),
        ({"EMAIL_URL": "smtps://mail.example.org"}, "EMAIL_FROM is missing"),
        ({"DATABASE_REPLICA_URLS": "db2"}, "DATABASE_REPLICA_URLS must name PostgreSQL servers"),
        ({"FILES_STORAGE_URL": "/srv/files"}, "FILES_STORAGE_URL must name a bucket"),
        ({"FILES_STORAGE_URL": "s3://key:secret@bucket"}, "The key is not part of it"),
        ({"FILES_STORAGE_URL": "s3://bucket?acl=x"}, "FILES_STORAGE_URL does not know acl"),
        (
            {"FILES_STORAGE_URL": "s3://bucket", "AWS_ACCESS_KEY_ID": "k"},
            "Write AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither",
        ),
    ],
)
def test_settings_refuse_what_is_missing_or_unsafe(change, reason):
    answer = loaded_with(**GOOD | change)

    assert answer.returncode == 1
    assert reason in answer.stderr.splitlines()[-1]


def test_replicas_stand_beside_the_database_and_are_never_migrated():
    urls = "postgresql://reviewhub:a%2Cb@db2/reviewhub, postgresql://reviewhub@db3:5433/reviewhub"
    says = (
        "print(settings.DATABASE_REPLICAS, *((one['HOST'], one['PASSWORD'], one['PORT'],"
        " one['OPTIONS']['connect_timeout']) for one in settings.DATABASES.values()))"
    )

    answer = loaded_with(says, **GOOD, DATABASE_REPLICA_URLS=urls)

    assert answer.stdout == (
        "['replica1', 'replica2'] ('127.0.0.1', '', 1, 5) ('db2', 'a,b', '', 2)"
        " ('db3', '', 5433, 2)\n"
    )


def test_files_on_s3_are_in_a_folder_of_the_bucket():
    url = "s3://papers/review?endpoint_url=https://s3.example.org&region_name=zurich"
    says = "print(settings.STORAGES['default'])"

    answer = loaded_with(says, **GOOD, FILES_STORAGE_URL=url)

    assert ast.literal_eval(answer.stdout) == {
        "BACKEND": "public.files_on_s3.FilesOnS3",
        "OPTIONS": {
            "bucket": "papers",
            "folder": "review",
            "endpoint_url": "https://s3.example.org",
            "region_name": "zurich",
        },
    }


def test_empty_key_of_compose_is_no_key():
    empty = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    says = "import os; print([name for name in os.environ if name.startswith('AWS_')])"

    answer = loaded_with(says, **GOOD, **empty, FILES_STORAGE_URL="s3://papers")

    assert answer.stdout == "[]\n"


def test_files_on_s3_need_a_package_that_is_named_when_it_is_missing():
    answer = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.modules['obstore'] = None; import reviewhub.settings",
        ],
        env={"PATH": os.environ["PATH"], **GOOD, "FILES_STORAGE_URL": "s3://papers"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "-r requirements/s3.txt" in answer.stderr.splitlines()[-1]
