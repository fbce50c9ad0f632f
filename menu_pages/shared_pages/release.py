"""What this process draws pages with: pages drawn by another release are not its own."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

SOURCES = ("menu_pages/**/*.py", "orders/**/*.py", "templates/**/*.html", "templates/themes/*/theme.toml")
WORDS = ("locale/*/LC_MESSAGES/*.po",)
STATIC = ("static/**/*.css", "static/**/*.js")


@cache
def release() -> str:
    """A digest of the code, templates, words and styles as they were when the process first asked; and of the site's
    own address, which stands in the pages."""
    digest = hashlib.blake2b(settings.SITE_URL.encode(), digest_size=8)
    base = Path(settings.BASE_DIR)
    for pattern in (*SOURCES, *WORDS, *STATIC):
        for path in sorted(base.glob(pattern)):
            digest.update(path.relative_to(base).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
