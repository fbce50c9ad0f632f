"""Opening zip files of strangers: their size is judged before anything in them is unpacked."""

import io
import struct
import zipfile
import zlib

from django.utils.translation import gettext as _

from menu_pages.menu_files.problems import refused

MOST_ENTRIES = 3_000
# Text shrinks to a tenth, spreadsheets at times to a fiftieth. What shrinks a hundred and fifty times is no menu.
MOST_RATIO = 150
RATIO_COUNTS_FROM = 1024 * 1024
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    NotImplementedError,
)
_ENCRYPTED = 0x1


def open_zip(content: bytes, *, most_unpacked: int) -> zipfile.ZipFile:
    """The archive, once it is known to unpack to no more than `most_unpacked` bytes; raises `FileRefused`.

    The declared sizes can be trusted: reading an entry stops at its declared end, and then its checksum is wrong.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (*UNREADABLE, ValueError) as error:
        raise refused(_("The file is damaged or of another kind than its name says.")) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise refused(_("There are more than %(most)d files in the archive.") % {"most": MOST_ENTRIES})
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise refused(_("The file is protected by a password. Save it without one."))
    if sum(entry.file_size for entry in entries) > most_unpacked:
        raise refused(
            _("The file unpacks to more than %(size)d MB. A menu is smaller.") % {"size": most_unpacked // 1024**2}
        )
    for entry in entries:
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise refused(_("The file is packed as no menu is: it grows more than a hundredfold when it is opened."))
    return archive


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One file of an archive that `open_zip` let through; raises `FileRefused` when it is damaged."""
    try:
        return archive.read(entry)
    except UNREADABLE as error:
        raise refused(_("“%(name)s” in the archive is damaged.") % {"name": entry.filename[:100]}) from error
