"""The schedule of the worker, which outlives a disk that takes nothing more."""

import dbm
import logging
from typing import Any

from celery import beat

logger = logging.getLogger(__name__)


class Scheduler(beat.PersistentScheduler):
    """Celery's own, that remembers in a file when each task was last due.

    Its file is a convenience: tasks find by themselves what was missed. Without it, or with a full disk, the schedule
    goes on from memory, where Celery's own would end and take the relay and the nightly run with it.
    """

    schedule_filename: str

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except dbm.error as wrong:
            logger.error("The schedule cannot be kept in %s, going on from memory: %s", self.schedule_filename, wrong)
            self._store: Any = _Memory()
            self._store["entries"] = {}
            self.merge_inplace(self.app.conf.beat_schedule)
            self.install_default_entries(self.schedule)

    def sync(self) -> None:
        try:
            super().sync()
        except dbm.error as wrong:
            logger.error("The schedule cannot be written to %s: %s", self.schedule_filename, wrong)


class _Memory(dict[str, Any]):
    """What stands in for the file."""

    def sync(self) -> None:
        """Nothing: there is no file."""

    def close(self) -> None:
        """Nothing either."""
