"""Django's settings. What differs from machine to machine comes from `menusite.environment`; nothing here guesses."""

import os
from pathlib import Path
from typing import Any

from celery.schedules import crontab

from menusite.environment import read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
environment = read_environment(os.environ, base=BASE_DIR)

DEBUG = environment.debug
SECRET_KEY = environment.secret_key
SITE_URL = environment.site_url
ALLOWED_HOSTS = environment.allowed_hosts

# Applications: ours come first, so that their templates win.

INSTALLED_APPS = [
    "analytics",
    "orders",
    "menu_pages",
    "accounts",
    "wagtail_modeladmin",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Right after the user is known: everything below reads within one organisation or says that it reads all.
    "accounts.middleware.TenantScopeMiddleware",
    "accounts.middleware.AdminDoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
POSTGRESQL_OPTIONS = {
    # A guest waits for no lock longer than a few seconds, and a forgotten transaction holds none.
    "options": "-c lock_timeout=4s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s",
}
DATABASES: dict[str, dict[str, Any]] = {"default": environment.database}
SQLITE = environment.database["ENGINE"].endswith("sqlite3")
DATABASES["default"]["OPTIONS"] = {
    **(SQLITE_OPTIONS if SQLITE else POSTGRESQL_OPTIONS),
    **environment.database.get("OPTIONS", {}),
}
if not SQLITE:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

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

# Sessions hold the guests' baskets, so they live where nothing is lost.
SESSION_ENGINE = "orders.sessions"
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
VISIT_IDLE_MINUTES = environment.visit_idle_minutes

# Only under https: a browser refuses `__Host-` cookies elsewhere, and HSTS would lock a plain site out.
if environment.https:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # The load balancer's own questions come over plain http from inside.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
# The editor shows previews of our own pages in a frame of our own.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # Asks for DENY, which would blank those previews.
# A page of the editor with many options has more fields than Django's default allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = environment.media_root
FILE_UPLOAD_PERMISSIONS = 0o644
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
# In DEBUG files are served from where they are written, with nothing to collect first.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Languages and time

LANGUAGES = [("en", "English"), ("ru", "Русский")]
LANGUAGE_CODE = environment.language_code
LOCALE_PATHS = [BASE_DIR / "locale"]
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
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = environment.email_confirmation_hours / 24
# A mail scanner that opens the link confirms nothing: a button stands between.
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if environment.https else "http"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True

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

# The CMS

WAGTAIL_SITE_NAME = "menusite"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_AUTOSAVE_INTERVAL = 500
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 500
# Passwords and e-mails change through allauth alone, which confirms and counts attempts.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Not a part of the product; its screens would show one organisation the names of another.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
# An editor's browser asks nobody but us.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

WAGTAILIMAGES_IMAGE_MODEL = "menu_pages.MenuImage"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
# A small file may unpack to a picture that fills the memory.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000

# Deferred work

QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_URL = environment.broker_url or "filesystem://localhost"
if environment.broker_url:
    # Longer than the longest task, or the broker hands a running one to a second worker.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 2 * 3600}
else:
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
CELERY_TASK_SOFT_TIME_LIMIT = 50 * 60
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "schedule")
CELERY_BEAT_SCHEDULE = {
    "clear expired sessions": {
        "task": "orders.tasks.clear_expired_sessions",
        "schedule": crontab(hour=4, minute=30),
    },
}
STATISTICS_HOUR = environment.statistics_hour
# Where the worker says that it lives: on one machine in this file, on several in the shared cache.
HEARTBEAT_FILE = None if environment.broker_url else VAR_DIR / "worker-heartbeat"

# Logs: warnings and errors, one line each, for people and for the service manager.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A page not found is the visitor's affair; a page that failed is ours.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
    },
}
