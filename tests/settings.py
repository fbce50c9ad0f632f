"""The settings of tests: the product's own, with nothing that leaves the process or takes long."""

import os
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("SECRET_KEY", "a key for tests, which sign nothing that anyone trusts")

from menusite.settings import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Each process of a parallel run has a folder of its own, so that no test sees another's pictures.
MEDIA_ROOT = tempfile.mkdtemp(prefix="menusite-media-")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Files are served as written, with nothing collected first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# A test empties the cache before it starts: neither parallel processes nor two runs share one, nor a developer's own
# data with them.
if environment.cache_url:  # noqa: F405
    worker_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    redis_server = urlsplit(environment.cache_url)  # noqa: F405
    run_number = int(redis_server.path.strip("/") or 0)
    CACHES["default"]["LOCATION"] = redis_server._replace(path=f"/{15 - (run_number + worker_number) % 12}").geturl()  # noqa: F405
# Tasks run where they are sent, and their errors reach the test.
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT = "memory://", "memory"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True
# A test in a transaction never commits, and what is kept would outlive it; tests of kept pages switch this on.
PAGES_KEPT = False
MENU_VERSIONS_FILE = Path(tempfile.mkdtemp(prefix="menusite-versions-")) / "menu-versions"  # noqa: F405
# What a test has not committed no other connection sees.
PROBE_SECONDS = None
