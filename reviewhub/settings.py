"""All settings, from the environment. `.env.example` names every variable.

Development is `DEBUG=1` (the Makefile sets it). Without it the project is in production: what is
missing or unsafe is refused here, with the name of the variable and what to put in it.
"""

import os
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from reviewhub import embedded, logs

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str) -> bool:
    """True when the variable says 1, true, yes or on; false when empty, 0, false, no or off."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 for yes or 0 for no.")


def number(name: str, default: int) -> int:
    """A whole number of zero or more."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write a whole number, for example {default}."
        )
    return int(value)


def words(name: str) -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


DEBUG = flag("DEBUG")

# --- What production must be told -----------------------------------------------------------

SECRET_KEY = os.environ.get("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")  # earlier ones: what they wrote is read
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
DATABASE_URL = os.environ.get("DATABASE_URL", "")

if DEBUG:
    SECRET_KEY = SECRET_KEY or "development-only-" + "0" * 40
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
else:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("change-me"):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or too weak: put 50 or more random characters in it, "
            "for example from `openssl rand -base64 48`."
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the host names of this site, with commas, without `*`."
        )
    if not DATABASE_URL:
        raise ImproperlyConfigured(
            "DATABASE_URL is missing: name your PostgreSQL server, for example "
            "postgresql://reviewhub:password@db/reviewhub. For development, set DEBUG=1."
        )

CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
DATA_DIR = BASE_DIR / (os.environ.get("DATA_DIR") or ".data")

# Another commission keeps its own reference files; loading the wrong ones would retire its States.
REFERENCE_DATA_DIR = BASE_DIR / (os.environ.get("REFERENCE_DATA_DIR") or "objectives/data")

SITE_NAME = os.environ.get("SITE_NAME", "") or "reviewhub"

# Where the site stands, for files that are made without a request; and the terms of its data.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/") or (
    "http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)
DATA_LICENCE = os.environ.get("DATA_LICENCE", "")
DATA_LICENCE_URL = os.environ.get("DATA_LICENCE_URL", "")
SECURITY_CONTACT = os.environ.get("SECURITY_CONTACT", "")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
    raise ImproperlyConfigured(
        "SECURITY_CONTACT must begin with mailto: or https://, for example "
        "mailto:security@example.org."
    )
if SECURITY_CONTACT:
    try:
        SECURITY_EXPIRES = date.fromisoformat(os.environ.get("SECURITY_EXPIRES", ""))
    except ValueError as error:
        raise ImproperlyConfigured(
            "SECURITY_EXPIRES must be the day until which SECURITY_CONTACT holds, within a year: "
            "for example 2027-06-30."
        ) from error
DUMPS_ROOT = DATA_DIR / "dumps"  # the files that `manage.py build_dumps` makes

# Public pages as they were last shown, for while the database cannot be reached: 0 keeps none.
LAST_COPIES_ROOT = DATA_DIR / "copies"  # every machine that serves the site must share it
LAST_COPIES_MB = number("LAST_COPIES_MB", 0 if DEBUG else 200)
LAST_COPIES_HOURS = number("LAST_COPIES_HOURS", 24)

# Public answers that each process keeps while the public record stays as it is; 0 keeps nothing.
KEPT_MB = number("KEPT_MB", 0 if DEBUG else 24)

# Where a proxy is told, with the method PURGE, to drop the public pages that it holds.
PURGE_URL = os.environ.get("PURGE_URL", "")
if PURGE_URL and not PURGE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"PURGE_URL is {PURGE_URL!r}: write where your proxy is asked, http://… or https://…"
    )

# A secretariat of one person may approve and publish its own edits; each such record says so.
ONE_PERSON_OFFICE = flag("ONE_PERSON_OFFICE")

# For how long `manage.py retention` leaves accounts that were switched off, and contact data.
ACCOUNTS_KEPT_DAYS = number("ACCOUNTS_KEPT_DAYS", 730)
CONTACTS_KEPT_DAYS = number("CONTACTS_KEPT_DAYS", 730)

# --- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "reviewhub.admin_site.ReviewhubAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",  # its own templates of controls stay within reach of ours
    "whitenoise.runserver_nostatic",  # the same files are served the same way in development
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_htmx",  # only for its copy of htmx
    "rest_framework",
    "corsheaders",
    "drf_spectacular",
    "import_export",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "objectives",
    "public",
    "office",
    "submissions",
    "sessions.apps.RoundtablesConfig",
    "synthesis",
    "reviewhub",
]

MIDDLEWARE = [
    "reviewhub.request_id.RequestIdMiddleware",
    "reviewhub.logs.AccessMiddleware",
    "reviewhub.packing.PackedPagesMiddleware",  # whoever cannot unpack is given the same again
    "reviewhub.allowance.GivenAgainMiddleware",  # before all that its answers have on them
    "reviewhub.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",  # before those that answer by themselves
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "office.language.OfficeLanguageMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "reviewhub.overload.OverloadMiddleware",  # before whatever asks the database
    "accounts.sessions.AuthenticationMiddleware",  # Django's, and sessions end in time
    "accounts.security.RefusalMiddleware",
    "reviewhub.body_size.BodySizeMiddleware",  # knows who it is, and comes before who reads
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "reviewhub.allowance.AllowanceMiddleware",  # writes its count, so before the fence
    # The last two call the view themselves, so the first wins: no public view avoids the fence.
    "public.last_copies.LastCopyMiddleware",
    "public.fence.PublicSideMiddleware",
    "accounts.signature.SignatureMiddleware",
]

ROOT_URLCONF = "reviewhub.urls"
WSGI_APPLICATION = "reviewhub.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "public.context.page",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # controls have templates of ours
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a roundtable with a hundred statements has many

# --- Database -------------------------------------------------------------------------------


def database(url: str, **options: int) -> dict[str, Any]:
    """A server, which is known to be gone within seconds: it holds a thread meanwhile.

    A pooler may stand before it that gives each transaction another connection (PgBouncer).
    """
    found = dj_database_url.parse(
        url,
        conn_max_age=60,
        conn_health_checks=True,
        disable_server_side_cursors=True,  # but in transactions: public/streams.py
    )
    found["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        **options,
        **found.setdefault("OPTIONS", {}),
    }
    return dict(found)


DATABASES = {"default": database(DATABASE_URL or embedded.url())}

# Copies of that database which answer the public while they are up to date (docs/adr/0014).
DATABASE_REPLICAS: list[str] = []
for place, url in enumerate(words("DATABASE_REPLICA_URLS"), start=1):
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(
            "DATABASE_REPLICA_URLS must name PostgreSQL servers, with commas between them (and"
            " %2C for a comma in a password): postgresql://reviewhub:password@db2/reviewhub."
        )
    DATABASE_REPLICAS.append(f"replica{place}")
    DATABASES[DATABASE_REPLICAS[-1]] = database(url, connect_timeout=2, tcp_user_timeout=5_000) | {
        "CONN_HEALTH_CHECKS": False,
        "TEST": {"MIRROR": "default"},
    }

# Rules, versions and the log are triggers, installed from the models after each `migrate`: a
# migration each would take most of a minute to run (docs/adr/0004-every-write-is-logged.md).
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True

# --- Languages and time ---------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "reviewhub.formats"  # the admin's own columns say UTC as well

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"  # never inside a web root: files leave through a view only
LARGEST_FILE = number("LARGEST_FILE_MB", 50) * 1024 * 1024
LARGEST_REQUEST = 2 * LARGEST_FILE  # bytes of a form with all its files
FILE_UPLOAD_HANDLERS = [  # of a small form in memory, of a larger one on the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "public.arriving.ArrivingFileHandler",
]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG  # in development nothing is collected

# Files on storage that speaks S3: every machine that serves the site reaches it.
FILES_STORAGE_URL = os.environ.get("FILES_STORAGE_URL", "")
FILES_STORAGE: dict[str, Any] = {"BACKEND": "public.store.FilesOnDisk"}
if FILES_STORAGE_URL:
    bucket = urlsplit(FILES_STORAGE_URL)
    if bucket.scheme != "s3" or not bucket.netloc or "@" in bucket.netloc:
        raise ImproperlyConfigured(
            "FILES_STORAGE_URL must name a bucket, for example s3://bucket/folder or"
            " s3://bucket?endpoint_url=https://s3.example.org. The key is not part of it: write it"
            " into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    more = dict(parse_qsl(bucket.query, keep_blank_values=True))
    if unknown := set(more) - {"endpoint_url", "region_name"}:
        raise ImproperlyConfigured(
            f"FILES_STORAGE_URL does not know {', '.join(sorted(unknown))}: write endpoint_url or"
            " region_name."
        )
    if not find_spec("obstore"):
        raise ImproperlyConfigured(
            "FILES_STORAGE_URL needs a package that is not installed: pip install --require-hashes"
            " -r requirements/s3.txt. Without FILES_STORAGE_URL, files are kept in DATA_DIR/files."
        )
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if bool(key) != bool(secret):
        raise ImproperlyConfigured(
            "Write AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither if the machine has a"
            " role that may use the bucket."
        )
    if not key:  # compose hands on empty what is not set, which would be taken for a key
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            os.environ.pop(name, None)
    FILES_STORAGE = {
        "BACKEND": "public.files_on_s3.FilesOnS3",
        "OPTIONS": {"bucket": bucket.netloc, "folder": bucket.path.strip("/"), **more},
    }
STORAGES = {
    "default": FILES_STORAGE,
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "reviewhub.static_files.StaticFiles"
        )
    },
}

# --- Sign-in and safety ---------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "accounts.passwords.NearWordsValidator",
    )
]  # any characters will do: digits only, too, if nobody guesses them
AUTHENTICATION_BACKENDS = ["accounts.adapters.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 60 * 60

SESSION_COOKIE_AGE = 12 * 60 * 60  # accounts/sessions.py also ends those that nobody uses
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
# Browsers take cookies of such names from this very host only: no other name beside it sets one.
COOKIE_PREFIX = "" if DEBUG else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "accounts.messages.Messages"  # Django's, in a cookie of such a name
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "reviewhub.errors.form_too_old"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = not DEBUG
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
if flag("BEHIND_PROXY"):  # only a proxy that sets this header itself may be trusted with it
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 1 if flag("BEHIND_PROXY") else 0)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Sign-in is allauth's: by e-mail address, for people who were invited (docs/adr/0007-sign-in.md).
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # there is no sign-up; its checks want to know
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # who accepted an invitation has the address
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a new password, a second factor gone: the owner is told
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # the name of a class
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # accounts/tries.py counts in the database
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.ConfirmingCodeForm",
    "authenticate_webauthn": "accounts.forms.PasskeyForm",
    "login_webauthn": "accounts.forms.PasskeyAloneForm",
    "reauthenticate_webauthn": "accounts.forms.ConfirmingPasskeyForm",
    "activate_totp": "accounts.forms.SetUpAppForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True  # it asks for a finger, a face or a PIN: two factors in one
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # a code holds half a minute longer: people type, clocks differ

# --- E-mail ---------------------------------------------------------------------------------

mail_url = os.environ.get("EMAIL_URL", "")
SENDS_MAIL = DEBUG or bool(mail_url)
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "") or "webmaster@localhost"
EMAIL_TIMEOUT = 10
if mail_url:
    mail_server = urlsplit(mail_url)
    try:
        EMAIL_PORT = {"smtp": 25, "smtp+tls": 587, "smtps": 465}[mail_server.scheme]
        EMAIL_PORT = mail_server.port or EMAIL_PORT
        EMAIL_HOST = mail_server.hostname or ""
    except (KeyError, ValueError):
        EMAIL_HOST = ""
    if not EMAIL_HOST:
        raise ImproperlyConfigured(
            "EMAIL_URL must name your mail server, for example "
            "smtp+tls://user:password@mail.example.org:587."
        )
    if not os.environ.get("EMAIL_FROM"):
        raise ImproperlyConfigured(
            "EMAIL_FROM is missing: write the address that mails shall come from, for example "
            "review@example.org."
        )
    EMAIL_USE_TLS = mail_server.scheme == "smtp+tls"
    EMAIL_USE_SSL = mail_server.scheme == "smtps"
    EMAIL_HOST_USER = unquote(mail_server.username or "")
    EMAIL_HOST_PASSWORD = unquote(mail_server.password or "")
else:
    EMAIL_BACKEND = f"django.core.mail.backends.{'console' if DEBUG else 'dummy'}.EmailBackend"

# --- Libraries ------------------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True  # all rows or none

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["public.api.formats.JSON"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "public.api.formats.Negotiation",
    "DEFAULT_METADATA_CLASS": "public.api.formats.NoMetadata",
    "DEFAULT_SCHEMA_CLASS": "public.api.schema.ApiSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "public.api.problems.problem",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Regional review API",
    "VERSION": "1.0",
    "SERVERS": [{"url": "/", "description": "This site"}],
    "POSTPROCESSING_HOOKS": ["public.api.schema.completed"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # `make check-schema` checks it, without a warning
}
API_REQUESTS_PER_MINUTE = number("API_REQUESTS_PER_MINUTE", 600)  # of one address; 0: no limit

# Scripts of every site may read what is public; no cookie ever goes with them.
CORS_URLS_REGEX = r"^/(api/(?!v1/drafts/)|data/)"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Last-Modified",
    "Link",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
]

# --- Logs -----------------------------------------------------------------------------------

# `json` holds nobody's data (reviewhub/logs.py); `text` is for developers.
LOG_FORMAT = os.environ.get("LOG_FORMAT", "") or ("text" if DEBUG else "json")
if LOG_FORMAT not in {"json", "text"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}: write json or text.")
LOGGING = logs.configuration(LOG_FORMAT, os.environ.get("LOG_LEVEL", ""))

# From how many milliseconds on a statement has a line in the log; 0 means none has.
SLOW_STATEMENT_MS = number("SLOW_STATEMENT_MS", 0)

# Who is told of faults by mail: needs EMAIL_URL.
ADMINS = [(address, address) for address in words("ERROR_MAIL")]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
