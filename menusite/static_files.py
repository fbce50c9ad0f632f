"""Styles, scripts and fonts under names that change with them, packed once: browsers keep each for ever."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from menu_pages.themes.sheets import joined, parts


class CollectedStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's own, in DEBUG too: what a visitor of `make run` loads is what guests load.

    A stylesheet that imports others is collected with them in it.
    """

    def url(self, name: str | None, force: bool = False) -> str:
        return str(super().url(name, force=True))

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """`paths`: a file's name → the storage it comes from and its name there, as `collectstatic` gives them."""
        yield from super().post_process(paths | _joined_sheets(paths), dry_run=dry_run, **options)


def _joined_sheets(paths: dict[str, Any]) -> dict[str, Any]:
    """Those of `paths` that import others, to be taken from memory, whole."""

    def read(name: str) -> str:
        if name not in paths:
            raise ValueError(f"The file {name!r}, which a stylesheet imports, could not be found")
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())

    memory = InMemoryStorage()
    found = [name for name in paths if name.endswith(".css") and any(parts(name, read(name)))]
    return {name: (memory, memory.save(name, ContentFile(joined(name, read).encode()))) for name in found}
