"""A menu file and pictures in one .zip archive."""

import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.redrawing.redraw import Redrawn
from menu_pages.menu_files.problems import refused
from menu_pages.menu_files.unpacking import open_zip, read_entry
from menu_pages.uploads import KIND_OF_SUFFIX, redraw_picture, sha1_of

MOST_UNPACKED = 200 * 1024 * 1024
MENU_KINDS = (".csv", ".xlsx", ".json")
_UTF_8 = 0x800


class WrongPictureError(ValueError):
    """The message is for the person who packed the picture."""


@dataclass(frozen=True, slots=True)
class PackedPicture:
    """A picture of an archive as it will be kept; `sha1` is of the file as it came."""

    drawn: Redrawn
    sha1: str


@dataclass(slots=True)
class Archive:
    """The archive's only menu file, and where its pictures are."""

    menu_name: str
    menu: bytes
    zip_file: zipfile.ZipFile
    pictures: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    # Each is drawn once, though the file is read twice: to be checked and to be kept.
    drawn: dict[str, PackedPicture] = field(default_factory=dict)

    def picture(self, name: str) -> PackedPicture:
        """A picture, drawn anew; raises `WrongPictureError` when it is none that we take."""
        if name not in self.drawn:
            entry = self.pictures[name]
            if entry.file_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
                size = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 1024**2
                raise WrongPictureError(_("The picture is larger than %(size)d MB.") % {"size": size})
            content = read_entry(self.zip_file, entry)
            try:
                self.drawn[name] = PackedPicture(redraw_picture(content), sha1_of(content))
            except ValidationError as wrong:
                raise WrongPictureError(wrong.messages[0]) from wrong
        return self.drawn[name]


def open_archive(content: bytes) -> Archive:
    """The archive with its menu file; raises `FileRefused` unless there is exactly one."""
    zip_file = open_zip(content, most_unpacked=MOST_UNPACKED)
    menus: list[zipfile.ZipInfo] = []
    pictures: dict[str, zipfile.ZipInfo] = {}
    for entry in zip_file.infolist():
        path = PurePosixPath(_name_of(entry).replace("\\", "/"))
        if entry.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() in MENU_KINDS:
            menus.append(entry)
        elif path.suffix.lower() in KIND_OF_SUFFIX:
            if path.name in pictures:
                raise refused(_("Two pictures in the archive are called “%(name)s”.") % {"name": path.name[:100]})
            pictures[path.name] = entry
    if len(menus) != 1:
        raise refused(
            _("The archive must hold one menu file (.csv, .xlsx or .json) beside its pictures; there are %(count)d.")
            % {"count": len(menus)}
        )
    return Archive(PurePosixPath(_name_of(menus[0])).name, read_entry(zip_file, menus[0]), zip_file, pictures)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The entry's name. Archives packed in Windows without saying so have names in the code page of the country."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866", errors="replace")
