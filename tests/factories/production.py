"""The settings a site has behind TLS, which tests otherwise run without."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import menusite

SITE = "https://menu.example.org"
# What the switch to https changes, and nothing that a test has its own of.
NAMES = (
    *(
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "LANGUAGE_COOKIE_NAME",
        "MESSAGES_COOKIE_NAME",
        "KNOWN_BROWSER_COOKIE",
    ),
    *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_PROXY_SSL_HEADER"),
    *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "ALLAUTH_TRUSTED_PROXY_COUNT"),
)
SCRIPT = (
    "import json; from menusite import settings; "
    f"print(json.dumps({{name: getattr(settings, name, None) for name in {NAMES!r}}}))"
)


@cache
def https_settings() -> dict[str, Any]:
    """Those settings, as the product itself makes them of `SITE_URL`."""
    variables = {"SITE_URL": SITE, "SECRET_KEY": "s" * 50, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        check=True,
        cwd=Path(menusite.__file__).parents[1],
        env=variables,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    found["SECURE_PROXY_SSL_HEADER"] = tuple(found["SECURE_PROXY_SSL_HEADER"])
    return found
