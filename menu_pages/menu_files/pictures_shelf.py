"""Pictures a menu file may name: those of the place's collection, and those that came in the same archive."""

import io
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from django.core.files.images import ImageFile
from django.db.models import F

from accounts.models import User
from menu_pages.models import MenuImage, MenuImport, MenuImportPicture, PlacePage
from menu_pages.uploads import true_name


class PicturesShelf:
    """Finds pictures by name; one of the archive comes before one already uploaded. One query to build.

    `archive` gives the SHA-1 of each picture's content by its name: a picture that is uploaded already is not kept
    twice, however often the archive is imported.
    """

    def __init__(self, place: PlacePage, archive: Mapping[str, str] | None = None) -> None:
        self.place = place
        self.archive = {name.casefold(): (name, sha1) for name, sha1 in (archive or {}).items()}
        self.by_name: dict[str, int] = {}
        self.by_hash: dict[str, int] = {}
        images = MenuImage.objects.filter(collection=place.record.collection_id).order_by("pk")
        titles: dict[str, int] = {}
        for pk, title, file, sha1 in images.values_list("pk", "title", "file", "file_hash"):
            self.by_name[PurePosixPath(file).name.casefold()] = pk
            # A name with letters other than Latin, or taken already, was changed when it was stored; the title was not.
            titles[title.casefold()] = pk
            if sha1:
                self.by_hash[sha1] = pk
        self.by_title = titles

    def has(self, name: str) -> bool:
        return name.casefold() in self.archive or self._uploaded(name) is not None

    def identity(self, name: str) -> str:
        """The same for the same picture: compared with `identity_of` what a dish has."""
        if not name:
            return ""
        in_archive = self.archive.get(name.casefold())
        if in_archive is None:
            return identity_of(self._uploaded(name))
        known = self.by_hash.get(in_archive[1])
        return identity_of(known) if known else f"archive {in_archive[1]}"

    def image_id(self, name: str, source: MenuImport | None, by: User | None) -> int | None:
        """The picture's id, taken over from the archive of `source` if need be."""
        in_archive = self.archive.get(name.casefold()) if name else None
        if in_archive is None:
            return self._uploaded(name) if name else None
        stored_name, sha1 = in_archive
        if sha1 not in self.by_hash:
            picture = MenuImportPicture.objects.get(menu_import=source, name=stored_name)
            self.by_hash[sha1] = _store(self.place, picture, by)
        return self.by_hash[sha1]

    def _uploaded(self, name: str) -> int | None:
        key = name.casefold()
        return self.by_name.get(key) or self.by_title.get(key) or self.by_title.get(PurePosixPath(key).stem)


def identity_of(image_id: int | None) -> str:
    return f"image {image_id}" if image_id else ""


def _store(place: PlacePage, picture: MenuImportPicture, by: User | None) -> int:
    content = bytes(picture.content)
    image = MenuImage(
        title=PurePosixPath(picture.name).stem[:255],
        collection=place.record.collection,
        file=ImageFile(io.BytesIO(content), name=true_name(picture.name, content)),
        uploaded_by_user=by,
    )
    image.file_hash = picture.sha1
    image.file_size = len(content)
    image.save()
    return image.pk


def file_names(ids: Iterable[int]) -> dict[int, str]:
    """Stored file names of these pictures. One query."""
    images = MenuImage.objects.filter(pk__in=set(ids)).values_list("pk", F("file"))
    return {pk: PurePosixPath(file).name for pk, file in images}
