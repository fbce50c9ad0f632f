"""Pictures are made in every size ahead of the first guest who would wait for them."""

import logging
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from menu_pages.models import MenuImage
from menu_pages.renditions import specs

logger = logging.getLogger(__name__)


def prepare_later(image: MenuImage) -> None:
    """Ask the worker for the renditions once the picture is stored."""
    transaction.on_commit(partial(_ask_worker, image.pk))


def make_renditions(image: MenuImage, *sizes: str) -> int:
    """Make the listed renditions (or those of `sizes`) that are missing; returns how many of them there are then."""
    return len(image.get_renditions(*specs(*sizes)))


def _ask_worker(image_id: int) -> None:
    from menu_pages.tasks import make_renditions as task

    try:
        task.delay(image_id)
    except OperationalError:
        # Uploading goes on without the queue: what is missing is made when a page first shows it.
        logger.warning("The queue is away; renditions of picture %s will be made when shown.", image_id)
