"""Django's settings, all from the environment; docs/settings.md lists every variable."""

from pathlib import Path

from config import env, logging

ROOT = Path(__file__).resolve().parent.parent

SECRET_KEY = env.secret("SECRET_KEY")
# Signs one-time tokens; kept apart from SECRET_KEY so that either can be changed alone.
TOKEN_KEY = env.secret("TOKEN_KEY")
DEBUG = False
DEMO_DIR = env.folder("DEMO_DIR")
# Hosts are decided by the table of domains (tenants/hosts.py): an unknown one is answered 404.
ALLOWED_HOSTS = ["*"]
PUBLIC_HOSTS = env.hosts("PUBLIC_HOSTS", "localhost,127.0.0.1")
# The operators' admin is on hosts that somebody named, never on those by default.
OPERATOR_HOSTS = PUBLIC_HOSTS if env.is_set("PUBLIC_HOSTS") else []
SCHEME = env.one_of("SCHEME", ("http", "https"), "http")
if DEMO_DIR and SCHEME == "https":
    # Its outbox shows everybody every mail, with the links that sign people in.
    raise env.wrong("DEMO_DIR", "unset where SCHEME is https: the demo has no secrets")
# The port in links and QR codes; empty behind a proxy on the scheme's own port.
EXTERNAL_PORT = env.port("EXTERNAL_PORT", env.port("PORT", "") if DEMO_DIR else "")
TRUSTED_PROXIES = env.whole_number("TRUSTED_PROXIES", 0, at_least=0, at_most=16)

APP_ROLE = env.role("DATABASE_APP_ROLE", "plusone_app")
JOBS_ROLE = env.role("DATABASE_JOBS_ROLE", "plusone_jobs")
if APP_ROLE == JOBS_ROLE:
    raise env.wrong("DATABASE_JOBS_ROLE", "another role than DATABASE_APP_ROLE")
DATABASE_URL = env.text("DATABASE_URL")
_CONNECTION = {
    "ENGINE": "tenants.backend",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}
DATABASES = {
    "default": {**_CONNECTION, **env.database("DATABASE_URL", role=APP_ROLE)},
    # The owner creates and changes tables; the application's role cannot.
    "owner": {
        **_CONNECTION,
        **env.database("DATABASE_OWNER_URL", DATABASE_URL, role=None),
    },
}
# `run_jobs` acts as this one: what the worker believes, the web cannot write (tenants/roles.py).
DATABASES["jobs"] = {
    **_CONNECTION,
    **env.database("DATABASE_JOBS_URL", DATABASE_URL, role=JOBS_ROLE),
}
# A lock is waited for at most two seconds and a statement at most five: a pile-up is refused, not
# queued. A client that dies between two statements frees its locks after ten.
for _name in ("default", "jobs"):
    DATABASES[_name]["OPTIONS"]["options"] = (
        "-c lock_timeout=2s -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s"
    )
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "tenants.accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_q",
    "strawberry_django",
    "config",
    "demo",
    "hosting",
    "console",
    "graphql_api",
]
TENANT_APPS = ["tenants.accounts", "loyalty"]
INSTALLED_APPS = [*SHARED_APPS, "loyalty"]
TENANT_MODEL = "tenants.Business"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
# Tables that may exist in `public` and in a business's schema alike (decision 0003).
TABLES_IN_BOTH = ["accounts_user", "django_migrations"]
TEMPLATE_SCHEMA = "business_template"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["tenants.operators.backend.OperatorBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

ROOT_URLCONF = "config.urls_business"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
OPERATOR_URLCONF = "config.urls_operators"
MIDDLEWARE = [
    "tenants.middleware.BusinessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "console.sessions.PublicSessionMiddleware",
    "console.languages.BusinessLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "console.csrf.PageCsrfMiddleware",
    "console.sessions.PublicAuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# The same for POST /graphql, which signs its callers in by itself (config/wsgi.py).
GRAPHQL_MIDDLEWARE = ["tenants.middleware.BusinessMiddleware"]
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Messages of the admin; a business's host has no Django session to keep them in.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = f"{'__Host-' if SCHEME == 'https' else ''}language"
LANGUAGE_COOKIE_AGE = 34_560_000  # 400 days: as long as browsers keep one at most
LANGUAGE_COOKIE_SECURE = SCHEME == "https"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# All that texts exist in: announcing another one would misread English to the blind.
ALL_LANGUAGES = (
    *("en", "uk", "ru", "de", "pl", "es", "fr", "it", "pt", "kk", "lt", "et", "lv", "hi", "ar"),
    *("ja", "zh-hans", "el", "th"),
)
LANGUAGES = env.languages("LANGUAGES", ALL_LANGUAGES)
USE_I18N = True
LOCALE_PATHS = [ROOT / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static_collected"
WHITENOISE_USE_FINDERS = True
# What browsers ask for at the root of every host, whatever a page says: /favicon.ico.
WHITENOISE_ROOT = ROOT / "console" / "root"
WHITENOISE_AUTOREFRESH = False

_SECURE = SCHEME == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
# `__Host-` keeps a cookie from being set by, or sent to, any other host; browsers demand https.
COOKIE_PREFIX = "__Host-" if _SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}operator"
# Says in which browser an operator has signed in before; it signs nobody in.
KNOWN_BROWSER_COOKIE = f"{COOKIE_PREFIX}known"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_FAILURE_VIEW = "console.errors.forged"
# The token of a signed-in person, and the claim of a browser that waits for a mail.
PERSON_COOKIE = f"{COOKIE_PREFIX}plusone"
CLAIM_COOKIE = f"{COOKIE_PREFIX}claim"
# The token of a browser that is a counter device; it signs nobody in.
DEVICE_COOKIE = f"{COOKIE_PREFIX}device"
# Tokens of the people who have signed in in this browser before; they sign nobody in.
KNOWN_COOKIE = f"{COOKIE_PREFIX}known"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # our CSRF middleware is a subclass of Django's
    "security.W005",  # a business's host speaks for itself, not for its sub-domains
    "security.W008",  # the proxy redirects to https
    "security.W021",  # preloading is the domain owner's decision
]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# The only address that takes a file, and the largest body there: a photo and its form's fields.
# Everywhere else files in a form are dropped unread.
UPLOAD_PATH = "/products/photo"
UPLOAD_MAX_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024 + 16 * 1024
FILE_UPLOAD_HANDLERS: list[str] = []
# A cache that forgot the business would answer one with another's data (tenants/cache.py).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "tenants.cache.key_with_schema",
    }
}

DEFAULT_FROM_EMAIL = env.sender("MAIL_FROM", "Plusone <no-reply@plusone.invalid>")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
if DEMO_DIR and not env.is_set("EMAIL_URL"):
    EMAIL_BACKEND = "demo.outbox.mail_backend.OutboxBackend"
else:
    for _name, _value in env.mail("EMAIL_URL", "smtp://localhost:25?security=none").items():
        globals()[_name] = _value

SWEEPS, MAILS, WARNINGS = "plusone", "mails", "warnings"
JOB_WORKERS = env.whole_number("JOB_WORKERS", 1, at_least=1, at_most=64)
Q_CLUSTER = {
    "name": SWEEPS,
    "orm": "default",
    "broker_class": "config.queue.Queue",
    "workers": JOB_WORKERS,
    "poll": 0.2,
    "bulk": 1,
    "timeout": 20,
    # A job is taken up again when its worker died; longer than the timeout, so never twice at once.
    "retry": 30,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "save_limit": 1_000,
    "label": "Jobs",
}

# The queues that `manage.py run_jobs` works off, each with so many workers of its own: nobody who
# waits for a mail to sign in waits for a sweep.
MAIL_WORKERS = env.whole_number("MAIL_WORKERS", 1, at_least=1, at_most=64)
JOB_QUEUES: dict[str, int] = {SWEEPS: JOB_WORKERS, MAILS: MAIL_WORKERS}
# A queue whose workers, when it is empty, take from another: a day's warnings are thousands.
JOB_QUEUES_BEHIND: dict[str, str] = {MAILS: WARNINGS}
# All that a worker runs, no matter who asks (tenants/jobs/admission.py), and the queue of each.
JOBS: dict[str, str] = {
    "loyalty.jobs.send_sign_in_mail": MAILS,
    "loyalty.jobs.send_expiry_mail": WARNINGS,
    "loyalty.jobs.expire_due": SWEEPS,
    "loyalty.jobs.warn_due": SWEEPS,
    "loyalty.jobs.absences_due": SWEEPS,
    "loyalty.jobs.prune_due": SWEEPS,
    "loyalty.jobs.review_due": SWEEPS,
    "config.jobs.prune_all": SWEEPS,
    "config.jobs.expire_all": SWEEPS,
    "config.jobs.warn_all": SWEEPS,
    "config.jobs.absences_all": SWEEPS,
    "config.jobs.review_all": SWEEPS,
    "config.jobs.limits_all": SWEEPS,
}
# Name: (function, django-q's type of schedule, minutes); "D" is daily, "I" every so many minutes.
JOB_SCHEDULES: dict[str, tuple[str, str, int | None]] = {
    "prune": ("config.jobs.prune_all", "D", None),
    "expire": ("config.jobs.expire_all", "D", None),
    "warn": ("config.jobs.warn_all", "D", None),
    "absences": ("config.jobs.absences_all", "D", None),
    "review": ("config.jobs.review_all", "I", 5),
    "limits": ("config.jobs.limits_all", "I", 60),
}
# Name: (function, seconds from start to start), for what cannot wait for minutes.
JOB_ROUNDS = {"seal": ("config.jobs.seal_all", 5.0)}

LOGGING_CONFIG = "config.logging.configure"
LOGGING = logging.configuration(level=env.one_of("LOG_LEVEL", logging.LEVELS, "INFO"))
# Threads of a serving process that make answers (config/answers.py).
HTTP_THREADS = env.whole_number("HTTP_THREADS", 8, at_least=1, at_most=256)
# A call of the API is ended after so many seconds, an anonymous one sooner; streams read as long.
REQUEST_SECONDS = env.whole_number("REQUEST_SECONDS", 5, at_least=1, at_most=60)
ANONYMOUS_SECONDS = env.whole_number("ANONYMOUS_SECONDS", 4, at_least=1, at_most=60)
# So many requests, streams and sockets of guests may be open at one address at the same moment, and
# so many of those may be half sent.
OPEN_PER_ADDRESS = env.whole_number("OPEN_PER_ADDRESS", 512, at_least=1, at_most=100_000)
UNFINISHED_PER_ADDRESS = max(1, OPEN_PER_ADDRESS // 8)
