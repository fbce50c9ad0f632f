"""Styles, scripts and fonts under names that change with them, packed once: browsers keep each for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's own, in DEBUG too: what a visitor of `make run` loads is what guests load."""

    def url(self, name: str | None, force: bool = False) -> str:
        return str(super().url(name, force=True))
