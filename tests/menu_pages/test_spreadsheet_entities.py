"""A spreadsheet is a packet of XML, which could name other files of the server."""

import io
import zipfile

import pytest

from menu_pages.menu_files.excel_files import read_excel
from menu_pages.menu_files.problems import FileRefused
from tests.factories.menu_files import dish_row, xlsx_file

ENTITY = b'<!DOCTYPE x [<!ENTITY word SYSTEM "file:///etc/hostname"><!ENTITY a "bbbbbbbb">]>'


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_a_spreadsheet_reads_no_other_file(name: str) -> None:
    """A part of the workbook declares an entity that would be the text of a file of the server."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_file([dish_row("Soup")]))) as good, zipfile.ZipFile(content, "w") as bad:
        assert name in good.namelist()
        for part in good.namelist():
            text = good.read(part)
            if part == name:
                declaration, ends, rest = text.partition(b"?>")
                text = declaration + ends + ENTITY + rest if ends else ENTITY + text
            bad.writestr(part, text)

    with pytest.raises(FileRefused):
        read_excel(content.getvalue(), "ru")
