"""All codes of a place in one archive, sent while it is being made."""

from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from menu_pages.models import Table
from menu_pages.qr.codes import Code


class _Outlet(RawIOBase):
    """A file one can only write to and take from: `zipfile` then writes sizes after each file."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.chunks.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self.chunks)
        self.chunks.clear()
        return data


def picture_name(table: Table, extension: str = "png") -> str:
    return f"table_{table.number}.{extension}"


def stream_archive(tables: Iterable[Table], place_slug: str) -> Iterator[bytes]:
    """A zip of `table_1.png`, `table_2.png`…, one table at a time. PNGs are packed already and are stored as they are.

    `tables` should be loaded: what is sent late has no tenant scope to read in.
    """
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_STORED) as archive:
        for table in tables:
            # The code's own date: the same codes make the same archive.
            about = ZipInfo(picture_name(table), table.key_issued_at.timetuple()[:6])
            about.external_attr = 0o644 << 16
            archive.writestr(about, Code(table.link(place_slug)).png())
            yield outlet.take()
    yield outlet.take()
