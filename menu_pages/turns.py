"""Long work on a place's menu, done by the worker in turns: who may begin, whose turn it is, how far it has come.

The work is a row of a model that is `UnderWay`. Any number of workers may be told to do it, and any of them may die.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.scope import everyone, organisations
from menu_pages.models import PlaceRecord
from menu_pages.models.under_way import FAILED, RUNNING, STARTABLE, UNDER_WAY, WAITING, runner_token

logger = logging.getLogger(__name__)

# A worker that does one thing at a time lets letters and pictures through after so long.
TURN_SECONDS = 15

Work = Any


class AnotherRunsError(Exception):
    """The place has other work of this kind under way."""


class QueueAwayError(Exception):
    """The queue of tasks cannot be reached; nothing was started."""


class TakenOver(Exception):
    """Another worker has taken this work over."""


def claim(work: Work) -> None:
    """Make it the place's work under way, waiting for a worker. Work that stopped goes on where it was.

    Raises `AnotherRunsError`; work that lost its worker is nobody's rival, and may itself be claimed again.
    """
    model = type(work)
    with transaction.atomic():
        PlaceRecord.objects.select_for_update().get(pk=work.place_id)
        work.refresh_from_db(fields=("status", "moved_at"))
        rivals = model.objects.filter(place_id=work.place_id, status__in=UNDER_WAY).exclude(pk=work.pk)
        if any(not rival.silent for rival in rivals.only("status", "moved_at")):
            raise AnotherRunsError
        if work.status in STARTABLE or work.silent:
            rivals.update(status=FAILED, runner=runner_token())
            work.status = WAITING
            work.moved_at = timezone.now()
            work.problem = ""
            work.save(update_fields=("status", "moved_at", "problem"))


def start(work: Work, task: Any) -> None:
    """Hand it to the worker; raises `AnotherRunsError` or `QueueAwayError`, and then nothing has changed."""
    before = work.status
    claim(work)
    try:
        _send(task, work.pk)
    except QueueAwayError:
        type(work).objects.filter(pk=work.pk, status=WAITING).update(status=before)
        raise


def run_turn(model: type[models.Model], pk: int, run: Callable[..., bool], task: Any) -> None:
    """Let `run(pk, seconds=…)` work for a while, and ask for another turn when it returns False: not finished.

    Sees the organisation of the work's place only.
    """
    rows = model._default_manager
    with everyone():
        organisation_id = rows.filter(pk=pk).values_list("place__record__organisation_id", flat=True).first()
    if organisation_id is None:
        return
    with organisations([organisation_id]):
        if run(pk, seconds=TURN_SECONDS):
            return
        try:
            _send(task, pk)
        except QueueAwayError:
            logger.warning("The queue is away; %s %s waits to be continued.", model._meta.label, pk)


def take_over(model: type[models.Model], pk: int) -> "models.QuerySet[Any] | None":
    """Become the runner of work under way: the row as long as it is ours, or None when there is nothing to do.

    The last to begin takes over; the others can write no more.
    """
    token = runner_token()
    rows = model._default_manager
    claimed = rows.filter(pk=pk, status__in=UNDER_WAY).update(runner=token, status=RUNNING, moved_at=timezone.now())
    return rows.filter(pk=pk, runner=token, status=RUNNING) if claimed else None


def keep(ours: "models.QuerySet[Any]", **progress: Any) -> None:
    """Write down how far the work has come; raises `TakenOver` when it is no longer ours."""
    if not ours.update(**progress, moved_at=timezone.now()):
        raise TakenOver


def fail(ours: "models.QuerySet[Any]", problem: str) -> None:
    """Stop half-way with words for the moderator; what is done stays, and it may be started again."""
    ours.update(status=FAILED, problem=problem, moved_at=timezone.now())


def _send(task: Any, pk: int) -> None:
    try:
        task.delay(pk)
    except (OperationalError, OSError) as error:
        raise QueueAwayError from error
