"""What a file's bytes are: text in an encoding we read, or something else given by mistake."""

import codecs
import re

from django.utils.translation import gettext as _

from menu_pages.menu_files.problems import FileRefused, refused

UTF_8, WINDOWS_1251 = "utf-8-sig", "windows-1251"
STEP = 1024 * 1024
# So much of a file tells Russian words from French ones.
LOOKED_AT = 256 * 1024
ENOUGH = 0.9

_HIGH = re.compile(rb"[\x80-\xff]")
# Russian letters of Windows-1251 side by side: accented letters of other alphabets stand alone in a word.
_RUSSIAN_WORDS = re.compile(rb"[\xc0-\xff\xa8\xb8]{2,}")
# Signs that Russian texts have between their words: quotation marks, dashes, №, a hard space, €.
_RUSSIAN_SIGNS = re.compile(rb"[\x84\x85\x88\x91-\x97\xa0\xab\xb0\xb9\xbb]|(?<![A-Za-z])[\xc0-\xff](?![A-Za-z])")


def encoding_of(content: bytes) -> str:
    """UTF-8, or Windows-1251 when the text reads as Russian in it; raises `FileRefused` for everything else."""
    if content.startswith(b"PK\x03\x04"):
        raise refused(_("This is an Excel workbook or a .zip archive. Save the sheet with the orders as “CSV UTF-8”."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(_("This is an old Excel workbook. Save the sheet with the orders as “CSV UTF-8”."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(_("The file is in UTF-16. Save it as “CSV UTF-8”."))
    if b"\0" in content:
        raise refused(_("This is no text file."))
    wrong_at = _first_not_utf_8(content)
    if wrong_at is None:
        return UTF_8
    if _reads_as_russian(content):
        return WINDOWS_1251
    raise _not_utf_8(content.count(b"\n", 0, wrong_at) + 1)


def _first_not_utf_8(content: bytes) -> int | None:
    """Where the first byte stands that is not UTF-8. Decodes in steps: the whole text would be memory for nothing."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    waiting = 0
    for start in range(0, len(content), STEP):
        try:
            decoder.decode(content[start : start + STEP], final=start + STEP >= len(content))
        except UnicodeDecodeError as error:
            return start - waiting + error.start
        waiting = len(decoder.getstate()[0])
    return None


def _reads_as_russian(content: bytes) -> bool:
    """Whether nearly every byte beyond ASCII belongs to a Russian word; a byte Windows-1251 lacks says no."""
    if b"\x98" in content:
        return False
    high = _HIGH.search(content)
    sample = content[high.start() if high else 0 :][:LOOKED_AT]
    letters = sum(len(found) for found in _RUSSIAN_WORDS.findall(sample))
    rest = _RUSSIAN_WORDS.sub(b"", sample)
    others, signs = len(_HIGH.findall(rest)), len(_RUSSIAN_SIGNS.findall(rest))
    return letters > 0 and letters + signs >= ENOUGH * (letters + others)


def _not_utf_8(row: int) -> FileRefused:
    return refused(
        _("Row %(row)d is not in UTF-8. In a spreadsheet program, save the file as “CSV UTF-8”.") % {"row": row}
    )
