"""Pictures of menus as they are taken in: by the forms of the admin, and out of the archives of menu files."""

import hashlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils.translation import gettext as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from accounts.redrawing.redraw import MOST_PIXELS, SUFFIXES, Redrawn, WrongPictureError, redraw

KIND_OF_SUFFIX = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF"}
KIND_OF_START = {b"\xff\xd8": "JPEG", b"\x89PNG": "PNG", b"RIFF": "WEBP", b"ftyp": "AVIF"}
# Twice the longest side any screen is given (`renditions`).
LONGEST_SIDE = 3200
QUALITY = 88


def redraw_picture(content: bytes) -> Redrawn:
    """A picture fit to be kept; raises `ValidationError` in words. Slow: never inside a transaction."""
    if len(content) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        size = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 1024**2
        raise ValidationError(_("The picture is larger than %(size)d MB.") % {"size": size}, code="file_too_large")
    try:
        return redraw(content, kinds=tuple(set(KIND_OF_SUFFIX.values())), longest_side=LONGEST_SIDE, quality=QUALITY)
    except WrongPictureError as wrong:
        raise ValidationError(_words(wrong.why), code="invalid_image") from wrong


def true_name(name: str, content: bytes) -> str:
    """The name with the ending of what `content`, a picture of our own making, really is."""
    path = PurePosixPath(name)
    kind = next(kind for start, kind in KIND_OF_START.items() if content.startswith(start, 0 if kind != "AVIF" else 4))
    return path.name if KIND_OF_SUFFIX.get(path.suffix.lower()) == kind else f"{path.stem}{SUFFIXES[kind]}"


def sha1_of(content: bytes) -> str:
    """As pictures already uploaded are told apart: by the file as it came."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _words(why: str) -> str:
    if why == "pixels":
        return _("The picture has too many pixels; at most %(most)d megapixels can be taken.") % {
            "most": MOST_PIXELS // 10**6
        }
    if why == "frames":
        return _("This is a film. Choose a picture that stands still.")
    if why == "heavy":
        return _(
            "Opening this picture takes too long or too much memory. Save it smaller and try again: %(side)d pixels "
            "on its longer side are enough."
        ) % {"side": LONGEST_SIDE}
    return _("This is no JPEG, PNG, WebP or AVIF picture, or it is damaged.")


class PictureFile(InMemoryUploadedFile):
    """The picture drawn anew, under the name it came with, and the SHA-1 of what came."""

    def __init__(self, drawn: Redrawn, name: str, source_sha1: str) -> None:
        kind = f"image/{drawn.kind.lower()}"
        super().__init__(BytesIO(drawn.content), "file", name, kind, len(drawn.content), None)
        self.source_sha1 = source_sha1


class PictureField(WagtailImageField):
    """Takes the four kinds by their names and by their content, and gives what was drawn of it on to Wagtail's own
    checks."""

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return super().to_python(data)
        suffix = PurePosixPath(data.name).suffix.lower()
        if suffix not in KIND_OF_SUFFIX:
            raise ValidationError(self.error_messages["invalid_image_extension"], code="invalid_image_extension")
        if data.size > self.max_upload_size:
            raise ValidationError(self.error_messages["file_too_large_unknown_size"], code="file_too_large")
        content = data.read()
        drawn = redraw_picture(content)
        return super().to_python(PictureFile(drawn, data.name, sha1_of(content)))


class PictureForm(BaseImageForm):
    """Wagtail's form of a picture, on all its screens; see `WAGTAILIMAGES_IMAGE_FORM_BASE`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("file")
        if field is not None:
            self.fields["file"] = PictureField(label=field.label, required=field.required, widget=field.widget)
