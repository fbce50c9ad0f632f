"""The Celery application: its settings stand in `menusite.settings` under `CELERY_`."""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "menusite.settings")

app = Celery("menusite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def show_life(**kwargs: Any) -> None:
    """Let `/readyz` know that a worker runs, however it was started."""
    # Needs the settings, which are not loaded yet when this module is.
    from menusite.heartbeat import start_beating

    start_beating()
