"""Django's settings. What differs from machine to machine comes from `menusite.environment`; nothing here guesses."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from menusite.cms_settings import *  # noqa: F403 - settings are names, each of which is wanted here
from menusite.environment import read_environment
from menusite.error_reports import start_reporting
from menusite.keeping_environment import read_keeping_environment
from menusite.logs import logging_settings
from menusite.payment_environment import read_payment_environment
from menusite.schedule import SCHEDULE
from menusite.serving_environment import read_serving_environment
from menusite.watching_environment import read_watching_environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment = read_environment(os.environ, base=BASE_DIR)
serving = read_serving_environment(os.environ, base=BASE_DIR)
VAR_DIR = serving.var_dir

DEBUG = environment.debug
SECRET_KEY = environment.secret_key
SECRET_KEY_FALLBACKS = environment.secret_key_fallbacks
SITE_URL = environment.site_url
ALLOWED_HOSTS = environment.allowed_hosts

# Applications: ours come first, so that their templates win.

INSTALLED_APPS = [
    # For its commands, which are about the installation as a whole.
    "menusite",
    "analytics",
    "orders",
    "menu_pages",
    "accounts",
    "wagtail_modeladmin",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    # Around everything: an id for each request, and how long it took.
    "menusite.watching.WatchMiddleware",
    # No answer leaves without these, not even one of those below that answer by themselves.
    "menusite.headers.HeadersMiddleware",
    # Around the rest: what fails for want of the database or of room on the disk is answered with a page saying so.
    "menusite.away.AwayMiddleware",
    "menusite.whole_texts.EncodingMiddleware",
    # Before everything else: most of what guests ask for is answered from here.
    "orders.shared_pages.SharedPagesMiddleware",
    # What is written for one reader travels packed too.
    "menusite.packing.TextGZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before whatever looks up a session, a user or an organisation: a desk's question of each second is one query.
    "orders.desk.pulse.DeskPulseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "menusite.whole_texts.WholeTextsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.profile.language.OwnLanguageMiddleware",
    "accounts.sign_ins.age.SignInAgeMiddleware",
    # Right after the user is known: everything below reads within one organisation or says that it reads all.
    "accounts.middleware.TenantScopeMiddleware",
    "accounts.middleware.TwoStepMiddleware",
    "accounts.admin_gate.AdminGateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # After the gate and after messages, which are said once.
    "analytics.home_cache.HomeCacheMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "menu_pages.middleware.OldAddressMiddleware",
    "orders.middleware.TableLinkMiddleware",
    "orders.middleware.GuestPartsMiddleware",
]

ROOT_URLCONF = "menusite.urls"
WSGI_APPLICATION = "menusite.wsgi.application"

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
            ],
        },
    },
]

# Data

SQLITE_OPTIONS = {
    # One writer at a time: the lock is taken when a transaction begins, since one taken later fails at once
    # instead of waiting its turn.
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
SQLITE = environment.database["ENGINE"].endswith("sqlite3")
road: dict[str, Any] = {"OPTIONS": SQLITE_OPTIONS} if SQLITE else serving.postgresql
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **environment.database,
        **road,
        "OPTIONS": {**road["OPTIONS"], **environment.database.get("OPTIONS", {})},
    }
}

if environment.cache_url:
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "menusite.cache.PatientRedisCache",
            "LOCATION": environment.cache_url,
            "KEY_PREFIX": "menusite",
            # A cache that answers later than this is slower than having none.
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

# Pages of menus, drawn once for everyone: the last few hundred in each process's memory, and with a cache of several
# processes there as well.
PAGES_KEPT = True
PAGES_SHARED = bool(environment.cache_url)
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 1500},
}
MENU_VERSIONS_FILE = VAR_DIR / "menu-versions"

# Sessions hold the guests' baskets, so they live where nothing is lost.
SESSION_ENGINE = "orders.sessions"
SESSION_SAVE_EVERY_REQUEST = False
# A session that nothing is written to ends after two weeks; a sign-in after a month, however busy it was.
SESSION_COOKIE_AGE = 14 * 24 * 3600
SIGN_IN_LASTS = timedelta(days=30)
# No cookie was signed the former way, in which one could be taken for another.
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGES_COOKIE_NAME = "messages"
MESSAGE_STORAGE = "menusite.message_cookies.OwnMessages"
VISIT_IDLE_MINUTES = environment.visit_idle_minutes

# Only under https: a browser refuses `__Host-` cookies elsewhere, and HSTS would lock a plain site out.
if environment.https:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    MESSAGES_COOKIE_NAME = "__Host-messages"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # The load balancer's and Prometheus's own questions come over plain http from inside.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
# Previews, which the editor shows in a frame of our own, are let out in `menusite.headers`.
X_FRAME_OPTIONS = "DENY"
# A page of the editor with many options has more fields than Django's default allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Files

STATIC_URL = "/static/"
STATIC_ROOT = serving.static_root
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = serving.media_url
MEDIA_ROOT = environment.media_root
FILE_UPLOAD_PERMISSIONS = 0o644
STORAGES = {
    # Several machines share a bucket of pictures, one keeps them as files.
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": serving.media_bucket}
    if serving.media_bucket
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "menusite.static_files.CollectedStaticFiles"
        if environment.static_collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
# Where nothing is collected, as under `manage.py runserver`, files are served from where they are written.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not environment.static_collected

# Languages and time

LANGUAGES = [("en", "English"), ("ru", "Русский")]
LANGUAGE_CODE = environment.language_code
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["menusite.formats"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    # Twenty thousand passwords of breaches.
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    # Of what signs a password consists is nobody's business: no validator asks for figures or letters.
    {"NAME": "accounts.known_words.KnownWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# The letters' links, to confirm an address and to set a password, live equally long.
EMAIL_CONFIRMATION_HOURS = environment.email_confirmation_hours
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = EMAIL_CONFIRMATION_HOURS / 24
PASSWORD_RESET_TIMEOUT = EMAIL_CONFIRMATION_HOURS * 3600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {"signup": "accounts.registration.forms.SignUpForm"}
# Changing how one signs in asks for the password again, and is told by letter.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if environment.https else "http"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# By address they are generous: a whole hotel signs in from one. Wrong passwords and codes are counted by account and
# browser in the database instead (`accounts.attempts`).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": None,
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/10m/key",
    "reset_password_from_key": "120/m/ip",
    "confirm_email": "10/h/key",
    "send_again": "60/m/ip",
    "letter_again": "1/m/key,10/d/key",
}
# Under https a proxy of ours stands in front and says who asks; see SECURE_PROXY_SSL_HEADER.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.https else 0
KNOWN_BROWSER_COOKIE = "__Host-known-browser" if environment.https else "known-browser"
MFA_ADAPTER = "accounts.adapters.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "menusite"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.attempts.second_step.AuthenticateForm",
    "reauthenticate": "accounts.attempts.second_step.ReauthenticateForm",
}
# Nobody signs in before their address is confirmed; a new address that still waits is no reason to refuse either step.
MFA_ALLOW_UNVERIFIED_EMAIL = True

EMAIL_BACKEND = environment.email["EMAIL_BACKEND"]
EMAIL_HOST = environment.email["EMAIL_HOST"] or "localhost"
EMAIL_PORT = environment.email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = environment.email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = environment.email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = environment.email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = environment.email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = environment.email["EMAIL_FILE_PATH"] or None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.default_from_email

# Payments for the subscription: docs/billing.md.

payments = read_payment_environment(os.environ, debug=DEBUG)
PAYMENT_PROVIDER = payments.provider
PAYMENT_SANDBOX_URL = payments.sandbox_url
YOOKASSA_SHOP_ID = payments.yookassa_shop_id
YOOKASSA_SECRET_KEY = payments.yookassa_secret_key
SELLER = payments.seller
SELLER_TIME_ZONE = payments.seller_time_zone

# How long what people leave behind is kept: docs/privacy.md.

keeping = read_keeping_environment(os.environ)
KEEP_GUEST_SESSION_HOURS = keeping.guest_session_hours
KEEP_GUEST_EVENT_DAYS = keeping.guest_event_days
KEEP_OUTBOX_DAYS = keeping.outbox_days
KEEP_SIGN_UP_DAYS = keeping.sign_up_days
KEEP_INVITATION_DAYS = keeping.invitation_days
KEEP_IMPORT_DAYS = keeping.import_days

# The CMS

WAGTAIL_SITE_NAME = "menusite"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# What is the same on every machine: menusite/cms_settings.py.

# Deferred work

QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_URL = environment.broker_url or "filesystem://localhost"
if environment.broker_url:
    # Longer than the longest task, or the broker hands a running one to a second worker.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 2 * 3600}
else:
    CELERY_BROKER_TRANSPORT = "menusite.file_queue.Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.5,
    }
    # The transport makes its folders lazily, and two processes that do so at once trip over each other.
    (QUEUE_DIR / "messages").mkdir(parents=True, exist_ok=True)
    (QUEUE_DIR / "control").mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# A task is taken off the queue when it is done; a worker that dies leaves it for the next. Tasks are idempotent.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker told to stop finishes what it can in this time and puts the rest back at once, instead of leaving it to the
# broker, which would wait for the visibility time-out.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_TASK_SOFT_TIME_LIMIT = 50 * 60
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "menusite.keeping_time.Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "schedule")
CELERY_BEAT_SCHEDULE = SCHEDULE
STATISTICS_HOUR = environment.statistics_hour
# Where the worker says that it lives: on one machine in this file, on several in the shared cache.
HEARTBEAT_FILE = None if environment.broker_url else VAR_DIR / "worker-heartbeat"

# Where tickets and webhooks may go

# Networks in which stations have their printers; without any the service opens no connection to a printer.
PRINTER_NETWORKS = environment.printer_networks
# Tests let webhooks call this machine; nothing else does.
WEBHOOKS_MAY_BE_PRIVATE = False

# Logs: warnings and errors, one line each, with nothing in them that names a person or opens a door.

LOGGING = logging_settings(plain=DEBUG)

# Who watches: docs/watching.md.

watching = read_watching_environment(os.environ)
METRICS_TOKEN = watching.metrics_token
METRICS_PROCESS = watching.metrics_process
# A probe waits no longer for the database; one in a file answers or fails by itself.
PROBE_SECONDS = None if SQLITE else 2.0
start_reporting(watching.sentry_dsn)
