"""A menu file and pictures in one .zip archive."""

import hashlib
import io
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from menu_pages.menu_files.problems import refused
from menu_pages.menu_files.unpacking import open_zip, read_entry

MOST_UNPACKED = 200 * 1024 * 1024
MENU_KINDS = (".csv", ".xlsx", ".json")
PICTURE_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}
_UTF_8 = 0x800


class WrongPictureError(ValueError):
    """The message is for the person who packed the picture."""


@dataclass(slots=True)
class Archive:
    """The archive's only menu file, and where its pictures are."""

    menu_name: str
    menu: bytes
    zip_file: zipfile.ZipFile
    pictures: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    def picture(self, name: str) -> bytes:
        """A picture's content once it is known to be one we take; raises `WrongPictureError`."""
        entry = self.pictures[name]
        if entry.file_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            size = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 1024**2
            raise WrongPictureError(_("The picture is larger than %(size)d MB.") % {"size": size})
        content = read_entry(self.zip_file, entry)
        check_picture(content)
        return content


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
        elif path.suffix.lower().lstrip(".") in PICTURE_FORMATS:
            if path.name in pictures:
                raise refused(_("Two pictures in the archive are called “%(name)s”.") % {"name": path.name[:100]})
            pictures[path.name] = entry
    if len(menus) != 1:
        raise refused(
            _("The archive must hold one menu file (.csv, .xlsx or .json) beside its pictures; there are %(count)d.")
            % {"count": len(menus)}
        )
    return Archive(PurePosixPath(_name_of(menus[0])).name, read_entry(zip_file, menus[0]), zip_file, pictures)


def check_picture(content: bytes) -> None:
    """Raises `WrongPictureError` unless it is a picture of a format and size we take, and whole."""
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            # We judge the size ourselves, by the stricter limit.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=sorted(set(PICTURE_FORMATS.values()))) as picture:
                width, height = picture.size
                frames = getattr(picture, "n_frames", 1)
                if width * height * frames <= most:
                    picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise WrongPictureError(_("This is no JPEG, PNG, WebP or AVIF picture, or it is damaged.")) from error
    if width * height * frames > most:
        raise WrongPictureError(
            _("The picture has %(pixels)d megapixels; at most %(most)d can be taken.")
            % {"pixels": width * height * frames // 10**6, "most": most // 10**6}
        )


def sha1_of(content: bytes) -> str:
    """As pictures already uploaded are told apart."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The entry's name. Archives packed in Windows without saying so have names in the code page of the country."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866", errors="replace")
