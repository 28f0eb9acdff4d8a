"""The register of surfaces: every place where something can be read, and who may read what there.

An address, command, letter or log that is not in here fails `manage.py check`, and with it
`make check` (reviewhub/surface_checks.py). tests/embargo asks every surface in here as every
viewer, so a new entry is tested as soon as it is written.

An address is known by its name in the resolver, or by its route where it has no name. `asks` are
the queries that a test puts to it: {word} is a word of the title and {code} the code of a record
in some state, {before} a moment at which other editions were public.
"""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who is let in. What they then read is another question: `Shows`."""

    PUBLIC = "everybody; read behind the fence"
    SIGNED_IN = "the pages of an account, and the way into it"
    STAFF = "staff with a second factor, as far as their rights go"
    TOKEN = "systems with a token, as far as its kinds and its owner's rights go"  # noqa: S105
    SYSTEM = "whoever runs the site, and programs that watch it"


class Shows(StrEnum):
    """What can be read, at most."""

    NOTHING = "no data at all: forms, descriptions, redirects, whether the site is up"
    REFERENCE = "States, objectives, cycles: what no government has handed in"
    PUBLISHED = "what is public of records"
    COUNTED = "how many records are public, and their codes, but no text of theirs"
    OFFICE = "records as they stand in the office"
    LOG = "what was written, by whom; of contact data only that it changed"
    PEOPLE = "accounts, roles, tokens"


@dataclass(frozen=True)
class Surface:
    """One entry. `kinds` are the kinds of records whose texts must be found there in tests."""

    audience: Audience
    shows: Shows
    kinds: tuple[str, ...] = ()
    asks: tuple[str, ...] = ("",)
    why: str = ""  # it is not asked, if it is not


WITH_PAGES = ("practice", "pledge", "report", "recommendation", "roundtable", "stakeholder")
EVERY_KIND = (*WITH_PAGES, "excerpt", "figure")
HANDED_IN = ("practice", "pledge", "report")
WITH_FILES = ("practice", "pledge", "report", "roundtable")

REFERENCE_TABLES = (
    "objectives",
    "clusters",
    "principles",
    "sdgs",
    "member-states",
    "cycles",
    "implementer-types",
    "stakeholder-types",
    "regions",
    "countries",
    "sources",
)

# What the formats of the API hold: the whole list, or its page.
LIST_FORMATS = ("ndjson", "csv", "xlsx")
PAGED_FORMATS = ("jsonld", "atom", "ris", "bib", "csl")


def _public(*kinds: str, asks: tuple[str, ...] = ("", "?at={before}")) -> Surface:
    return Surface(Audience.PUBLIC, Shows.PUBLISHED, kinds, asks)


def _plain(audience: Audience = Audience.PUBLIC, shows: Shows = Shows.NOTHING, **more) -> Surface:
    return Surface(audience, shows, **more)


def _office(*kinds: str, asks: tuple[str, ...] = ("",)) -> Surface:
    return Surface(Audience.STAFF, Shows.OFFICE, kinds, asks)


SEARCHED = ("", "?q={word}", "?q={code}", "?at={before}")

PAGES: dict[str, Surface] = {
    "public:home": _public(),
    "public:objectives": _plain(shows=Shows.REFERENCE),
    "public:objective": _public(*HANDED_IN, "recommendation", "roundtable"),
    "public:member-states": _plain(shows=Shows.REFERENCE),
    "public:member-state": _public(*HANDED_IN),
    "public:compare": _plain(shows=Shows.COUNTED, asks=("", "?state=ALB&state=CHE")),
    "public:coverage": _plain(shows=Shows.COUNTED),
    "public:reviews": _plain(shows=Shows.REFERENCE),
    "public:reviews-as": _plain(shows=Shows.REFERENCE),
    "public:review": _public("roundtable"),
    "public:review-as": _public("roundtable"),
    "public:submissions": _public("report"),
    "public:search": _public(*WITH_PAGES, asks=(*SEARCHED, "?q=centres", "?q={word}&exact=1")),
    "public:suggestions": _public(asks=("?q={word}", "?q={code}", "?part=1&q={word}")),
    "public:picture": _plain(shows=Shows.COUNTED),
    "public:picture-as": _plain(shows=Shows.COUNTED),
    "public:file": _public(*WITH_FILES),
    "public:data": _plain(shows=Shows.COUNTED),
    "public:codebook": _plain(shows=Shows.REFERENCE),
    "public:data-manifest": _plain(shows=Shows.COUNTED),
    "public:data-catalog": _plain(shows=Shows.COUNTED),
    "public:data-file": _public(*EVERY_KIND, asks=("",)),
    "public:my-list": _public(*WITH_PAGES, asks=("", "?{records}", "?at={before}&{records}")),
    "public:my-list-as": _public(*WITH_PAGES, asks=("?{records}", "?at={before}&{records}")),
    "public:gallery": _plain(),
    "public:api-docs": _plain(),
    "public:api-guide": _plain(),
    "public:api-problems": _plain(),
    "public:api-operation": _plain(),
    "public:api-try": _plain(),
    "public-machines:sitemap": _plain(shows=Shows.COUNTED),
    "public-machines:sitemap-of": _plain(shows=Shows.COUNTED),
    "public-machines:robots": _plain(),
    "public-api:root": _plain(),
    "public-api:search-list": _public(*WITH_PAGES, asks=("?q={word}", "?q={code}", "?q=centres")),
    "public-api:coverage-list": _plain(shows=Shows.COUNTED),
    "public-api:files-list": _public(*WITH_FILES),
    "public-api:description": _plain(),
    "public-api:description-yaml": _plain(),
    "^api/(?:[\\s\\S]*/)?\\Z": _plain(),
}
for _kind in WITH_PAGES:
    PAGES |= {
        f"public:{_kind}-list": _public(_kind, asks=(*SEARCHED, "?sort=title")),
        f"public:{_kind}-list-as": _public(_kind, asks=("", "?q={word}", "?at={before}")),
        f"public:{_kind}": _public(_kind),
        f"public:{_kind}-as": _public(_kind),
    }
for _kind in EVERY_KIND:
    _formats = LIST_FORMATS + (PAGED_FORMATS if _kind in WITH_PAGES else ())
    PAGES |= {
        f"public-api:{_kind}-list": _public(
            _kind,
            asks=(
                "?facets=cycle",
                "?q={word}",
                "?at={before}",
                "?modified_since=2020-01-01T00:00:00Z",
                "?cursor=",
                *(f"?format={one}" for one in _formats),
            ),
        ),
        f"public-api:{_kind}": _public(_kind, asks=("", "?at={before}", "?format=jsonld")),
        f"office-api:{_kind}-list": _plain(Audience.TOKEN),
        f"office-api:{_kind}": Surface(Audience.TOKEN, Shows.OFFICE, (_kind,)),
    }
for _table in REFERENCE_TABLES:
    PAGES |= {
        f"public-api:{_table}-list": _plain(shows=Shows.REFERENCE),
        f"public-api:{_table}": _plain(shows=Shows.REFERENCE),
    }

PAGES |= {
    "set-language": _plain(Audience.SYSTEM),
    "health-live": _plain(Audience.SYSTEM),
    "security-txt": _plain(Audience.SYSTEM),
    "health-ready": _plain(Audience.SYSTEM),
    **{
        name: _plain(Audience.SIGNED_IN, Shows.PEOPLE)
        for name in (
            "mfa_index",
            "account_login",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "account_logout",
            "account_sign_out_elsewhere",
            "account_invitation",
            "account_change_password",
            "account_set_password",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
        )
    },
    "admin:index": _office("practice"),
    "admin:search": _office(*EVERY_KIND, asks=("", "?q={word}", "?q={code}")),
    "admin:guide": _plain(Audience.STAFF),
    "admin:guide-picture": _plain(Audience.STAFF),
    "admin:import": _office(),
    "admin:import-template": _office(),  # offers the codes of records that may be named
    "admin:import-job": _office("practice"),
    "admin:import-progress": _plain(Audience.STAFF),
    "admin:import-problems": _office("practice"),
    "admin:cycle": _plain(Audience.STAFF),
    "admin:next-cycle": _office(),
    "admin:export": _office(*EVERY_KIND),
    "admin:bulk-edit": _office(),
    "admin:steps": _office(*EVERY_KIND, asks=("?id={pk}",)),
    "admin:similar": _office(*EVERY_KIND, asks=("?of={pk}",)),
    "admin:history": Surface(Audience.STAFF, Shows.LOG, EVERY_KIND),
    "admin:bring-back": Surface(Audience.STAFF, Shows.LOG),
    "admin:log": Surface(Audience.STAFF, Shows.LOG),
    "admin:stock": _plain(Audience.STAFF),
    "admin:preview": _office(*EVERY_KIND),
    "admin:merge": _office(*EVERY_KIND),
    "admin:file": _office(*WITH_FILES),
    "admin:presence": _plain(Audience.STAFF, Shows.PEOPLE),
    "admin:autocomplete": _office(
        "stakeholder",
        "pledge",
        "report",
        "roundtable",
        asks=("?{picker}&term={word}", "?{picker}&term={code}"),
    ),
    "admin:app_list": _plain(Audience.STAFF),
    "admin:login": _plain(Audience.STAFF),
    "admin:logout": _plain(Audience.STAFF),
    "admin:password_change": _plain(Audience.STAFF),
    "admin:password_change_done": _plain(Audience.STAFF),
    "admin:jsi18n": _plain(Audience.STAFF),
    "admin/(?P<url>.*)$": _plain(Audience.STAFF),
    "admin:accounts_user_invite": _plain(Audience.STAFF, Shows.PEOPLE),
    "admin:accounts_user_second_factor": _plain(Audience.STAFF, Shows.PEOPLE),
}

# The tables with a screen in the admin: each has Django's own pages, and no other unnamed here.
SCREENS: dict[str, Shows] = {
    "accounts_token": Shows.PEOPLE,
    "accounts_user": Shows.PEOPLE,
    "accounts_role": Shows.PEOPLE,
    "accounts_change": Shows.LOG,
    "objectives_region": Shows.REFERENCE,
    "objectives_cluster": Shows.REFERENCE,
    "objectives_country": Shows.REFERENCE,
    "objectives_guidingprinciple": Shows.REFERENCE,
    "objectives_stakeholdertype": Shows.REFERENCE,
    "objectives_implementertype": Shows.REFERENCE,
    "objectives_objective": Shows.REFERENCE,
    "objectives_sdg": Shows.REFERENCE,
    "objectives_memberstate": Shows.REFERENCE,
    "objectives_memberstatename": Shows.REFERENCE,
    "objectives_sourcedocument": Shows.REFERENCE,
    "objectives_reviewcycle": Shows.REFERENCE,
    "objectives_doubt": Shows.REFERENCE,
    "public_edition": Shows.OFFICE,
    "submissions_stakeholder": Shows.OFFICE,
    "submissions_practice": Shows.OFFICE,
    "submissions_pledge": Shows.OFFICE,
    "submissions_voluntaryreport": Shows.OFFICE,
    "submissions_excerpt": Shows.OFFICE,
    "submissions_focalpoint": Shows.PEOPLE,
    "roundtables_roundtable": Shows.OFFICE,
    "roundtables_recommendation": Shows.OFFICE,
    "synthesis_figure": Shows.OFFICE,
    "synthesis_chapter": Shows.OFFICE,
}
for _screen, _shows in SCREENS.items():
    _address = _screen.replace("_", "/")
    for _page in ("changelist", "add", "history", "delete", "change"):
        PAGES[f"admin:{_screen}_{_page}"] = Surface(Audience.STAFF, _shows)
    PAGES[f"admin/{_address}/<path:object_id>/"] = Surface(Audience.STAFF, Shows.NOTHING)

_QUIET = Surface(Audience.SYSTEM, Shows.COUNTED)

# What commands say: it ends in the mails and logs of whoever runs them. Without: not run here.
COMMANDS: dict[str, Surface] = {
    "build_dumps": _QUIET,
    "learn_objectives": _QUIET,
    "load_reference_data": Surface(Audience.SYSTEM, Shows.REFERENCE),
    "reset_second_factor": Surface(Audience.SYSTEM, Shows.PEOPLE),
    "run_import": _QUIET,
    "backup": Surface(Audience.SYSTEM, Shows.COUNTED, asks=(), why="tests/reviewhub/test_backup"),
    "erase_person": Surface(Audience.SYSTEM, Shows.PEOPLE),
    "inspect_files": _QUIET,
    "load_demo": Surface(Audience.SYSTEM, Shows.COUNTED, asks=(), why="loads its own records"),
    "make_synthetic": Surface(Audience.SYSTEM, Shows.COUNTED, asks=(), why="as load_demo"),
    "retention": _QUIET,
    "restore": Surface(Audience.SYSTEM, Shows.COUNTED, asks=(), why="as backup"),
    "seal_log": _QUIET,
    "sweep_files": _QUIET,
    "tally": _QUIET,
    "verify_log": _QUIET,
    "write_sbom": Surface(Audience.SYSTEM, Shows.NOTHING, asks=(), why="writes into docs/"),
    "prepare": Surface(Audience.SYSTEM, Shows.COUNTED, asks=(), why="load_demo and the others"),
}

# Letters, by the name of their template. All go to people with an account, about it.
LETTERS: dict[str, Surface] = {
    name: Surface(Audience.SIGNED_IN, Shows.PEOPLE)
    for name in (
        "account/email/invitation",
        "account/email/password_changed",
        "account/email/password_reset",
        "account/email/password_reset_key",
        "account/email/password_set",
        "mfa/email/recovery_codes_generated",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
    )
}

# Our own logs, by the module that writes them.
LOGS: dict[str, Surface] = {
    "accounts.letters": Surface(Audience.SYSTEM, Shows.NOTHING),
    "accounts.security": Surface(Audience.SYSTEM, Shows.PEOPLE),  # numbers of accounts only
    "office.imports.jobs": Surface(Audience.SYSTEM, Shows.NOTHING),
    "office.imports.tables": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.arriving": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.file_inspection": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.files": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.proxies": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.replicas": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.inspection.pdf": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.last_copies": Surface(Audience.SYSTEM, Shows.NOTHING),
    "public.views.files": Surface(Audience.SYSTEM, Shows.NOTHING),
    "reviewhub.logs": Surface(Audience.SYSTEM, Shows.NOTHING),
    "reviewhub.slow_statements": Surface(Audience.SYSTEM, Shows.NOTHING),  # without values
}

REGISTER = {"address": PAGES, "command": COMMANDS, "letter": LETTERS, "log": LOGS}
