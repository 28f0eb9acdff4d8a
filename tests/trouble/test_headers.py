"""Every class of answer has the headers that keep browsers safe, seen from outside."""

import pytest

from tests.codes import code_now
from tests.trouble.stage import CSRF, PASSWORD, Stage, Visitor

EVERYWHERE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
STRICT = {
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
}


@pytest.mark.parametrize(
    ("path", "status", "shared"),
    [
        ("/", 200, False),
        ("/fr/practices/", 200, False),
        ("/practices", 301, False),
        ("/nothing/", 404, False),
        ("/?at=tomorrow", 400, False),
        ("/admin/", 302, False),
        ("/account/sign-in/", 200, False),
        ("/static/css/site.css", 200, False),
        ("/static/nothing.css", 404, False),
        ("/health/live", 200, False),
        ("/practices.csv", 200, False),
        ("/robots.txt", 200, False),
        ("/api/v1/practices/", 200, True),
        ("/api/v1/nothing/", 404, True),
        ("/data/", 200, True),
    ],
)
def test_every_class_of_answer_is_guarded(stage, path, status, shared):
    answer = Visitor(stage).get(path)

    assert answer.status == status
    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == STRICT
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == (
        "cross-origin" if shared else "same-origin"
    )
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert len(answer.headers["X-Request-ID"]) == 32


def test_redirect_to_https_and_refused_host_are_guarded_too(stage):
    moved = Visitor(stage).get("/", X_Forwarded_Proto="http")
    refused = Visitor(stage).get("/", Host="elsewhere.example.org")
    forged = Visitor(stage).post("/account/sign-in/", {"login": "x"})

    assert [moved.status, refused.status, forged.status] == [301, 400, 403]
    for answer in (moved, refused, forged):
        assert set(answer.headers["Content-Security-Policy"].split("; ")) == STRICT
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


class Keeper(Visitor):
    """A browser that remembers how each cookie was set."""

    def __init__(self, stage: Stage):
        super().__init__(stage)
        self.set: dict[str, set[str]] = {}

    def send(self, *args, **kwargs):
        answer = super().send(*args, **kwargs)
        for line in answer.headers.get_all("Set-Cookie", []):
            cookie, *how = line.split("; ")
            if "Max-Age=0" not in how:  # else it is taken away
                said = {one for one in how if not one.startswith(("expires=", "Max-Age="))}
                self.set[cookie.partition("=")[0]] = said
        return answer

    def fill_in(self, path: str, **cells: str):
        return self.post(path, cells | {"csrfmiddlewaretoken": self.cookies[CSRF]})


def test_every_cookie_is_of_this_host_alone(stage):
    browser = Keeper(stage)
    browser.get("/account/sign-in/")
    browser.fill_in("/account/sign-in/", login=stage.people[10], password=PASSWORD)
    browser.fill_in("/account/sign-in/code/", code=code_now())
    browser.fill_in("/account/sign-out/elsewhere/")  # which says that it was done
    browser.fill_in("/admin/language/", language="fr")

    names = ("sessionid", "csrftoken", "known_browser", "messages", "django_language")
    assert browser.get("/admin/").status == 200
    assert browser.set == {
        f"__Host-{name}": {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} for name in names
    }
