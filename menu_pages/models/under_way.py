"""What long work on a place's menu (an import, a bulk change) knows about itself."""

import secrets
from typing import Any

from django.utils import timezone

# Work under way that has said nothing for so long has lost its worker.
SILENT_SECONDS = 90

READY = "ready"
WAITING = "waiting"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
UNDER_WAY = (WAITING, RUNNING)
STARTABLE = (READY, FAILED)


def runner_token() -> str:
    return secrets.token_hex(8)


class UnderWay:
    """A model with `status`, `done`, `total`, `problem`, `runner` and `moved_at`, carried on by `menu_pages.turns`."""

    status: Any
    done: Any
    total: Any
    moved_at: Any

    @property
    def in_progress(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def silent(self) -> bool:
        """Whether work under way has lost its worker, or never found one."""
        return self.in_progress and (timezone.now() - self.moved_at).total_seconds() > SILENT_SECONDS

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
