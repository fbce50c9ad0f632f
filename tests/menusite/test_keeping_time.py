"""The schedule without a file to keep it in."""

import logging
from pathlib import Path

import pytest

from menusite.celery import app
from menusite.keeping_time import Scheduler
from menusite.schedule import SCHEDULE


def test_without_its_file_the_schedule_goes_on_from_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()

    with caplog.at_level(logging.ERROR, logger="menusite.keeping_time"):
        scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "file" / "schedule"))

    assert set(SCHEDULE) <= set(scheduler.schedule)
    assert "menusite.keeping_time" in {record.name for record in caplog.records}
    scheduler.sync()
    scheduler.close()


def test_a_disk_that_is_full_later_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))

    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scheduler._store, "sync", full)
    scheduler.sync()

    assert [record.name for record in caplog.records] == ["menusite.keeping_time"]
    monkeypatch.undo()
    scheduler.close()
    again = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    assert set(SCHEDULE) <= set(again.schedule)
    again.close()
