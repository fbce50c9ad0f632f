from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage

from accounts.room_for_files import refuse_without_room


def test_where_there_is_room_nothing_is_left_behind(tmp_path: Path) -> None:
    refuse_without_room(FileSystemStorage(tmp_path / "media"), 10_000)

    assert list((tmp_path / "media").iterdir()) == []


def test_a_folder_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    (tmp_path / "media").touch()

    with pytest.raises(ValidationError, match="cannot be kept"):
        refuse_without_room(FileSystemStorage(tmp_path / "media"), 1)


def test_more_than_fits_is_refused(tmp_path: Path) -> None:
    """More than any disk has."""
    with pytest.raises(ValidationError, match="cannot be kept"):
        refuse_without_room(FileSystemStorage(tmp_path), 1 << 60)
