"""The library that draws the charts: served by us, once, for ever, and of the version that Plotly's figures are for."""

import gzip
import hashlib
from pathlib import Path

import brotli
import pytest
from django.conf import LazySettings, settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import RequestFactory
from plotly.offline import get_plotlyjs_version
from whitenoise.middleware import WhiteNoiseMiddleware

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor" / "plotly"
LIBRARY = FOLDER / "plotly-basic.min.js"
# What the home screen may weigh on its way, most of which is this file.
MOST_COMPRESSED = 400 * 1024


def test_it_is_of_the_version_that_the_python_package_speaks() -> None:
    head = LIBRARY.read_text(encoding="utf-8")[:200]

    assert f"plotly.js (basic - minified) v{get_plotlyjs_version()}\n" in head


def test_it_is_the_published_file_with_its_licence() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert hashlib.sha256(LIBRARY.read_bytes()).hexdigest() in readme
    assert "MIT License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> Path:
    """The library alone, collected as a deployed site collects its files."""
    settings.DEBUG = settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.STATICFILES_DIRS = [("vendor/plotly", str(FOLDER))]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return settings.STATIC_ROOT


def test_a_deployed_site_serves_it_compressed_and_immutable(collected: Path) -> None:
    url = staticfiles_storage.url("vendor/plotly/plotly-basic.min.js")
    file = collected / url.removeprefix("/static/")
    serve = WhiteNoiseMiddleware(lambda _request: None)

    response = serve(RequestFactory().get(url, headers={"accept-encoding": "br, gzip"}))

    assert url != "/static/vendor/plotly/plotly-basic.min.js"
    assert response["Cache-Control"] == "max-age=315360000, public, immutable"
    assert response["Content-Encoding"] == "br"
    small = b"".join(response.streaming_content)
    assert len(small) < MOST_COMPRESSED
    assert brotli.decompress(small) == LIBRARY.read_bytes()
    assert gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes()) == LIBRARY.read_bytes()
