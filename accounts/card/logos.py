"""Logos: a picture somebody sent becomes a small file of our own making, or is refused in words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from accounts.redrawing import redraw as pictures

MOST_BYTES = 2 * 1024 * 1024
LONGEST_SIDE = 800
KINDS = ("JPEG", "PNG", "WEBP")


def redraw(file: Any) -> ContentFile[bytes]:
    """The picture drawn anew: at most 800 px on a side, upright, nothing of the file but its pixels.

    Raises `ValidationError` for a file over 2 MB or 25 megapixels, and for anything but JPEG, PNG and WebP. Slow (up to
    a second): never inside a transaction.
    """
    if file.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 2 MB. Save the logo smaller: 800 pixels are enough."))
    try:
        logo = pictures.redraw(file.read(), kinds=KINDS, longest_side=LONGEST_SIDE, quality=90)
    except pictures.WrongPictureError as wrong:
        if wrong.why == "pixels":
            words = _("The picture has more than 25 megapixels. Save the logo smaller: 800 pixels are enough.")
        elif wrong.why == "heavy":
            words = _(
                "Opening this picture takes too long or too much memory. Save it smaller and try again: %(side)d "
                "pixels on its longer side are enough."
            ) % {"side": LONGEST_SIDE}
        else:
            words = _("This is not a JPEG, PNG or WebP picture, or the file is damaged. An SVG can be saved as PNG.")
        raise ValidationError(words) from wrong
    return ContentFile(logo.content, name=f"logo{logo.suffix}")
