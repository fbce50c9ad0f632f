"""Pictures are made in every size ahead of the first guest who sees them, by the worker.

Until it has made them pages show what stands in for a picture; a message to it that was lost is sent again within the
hour.
"""

import logging
from functools import partial

from django.db import transaction
from django.db.models import Count, Q
from kombu.exceptions import OperationalError

from menu_pages.menu_versions import menu_changed
from menu_pages.models import MenuImage, PlaceRecord
from menu_pages.renditions import specs
from menu_pages.shown_pictures import forget_shown

logger = logging.getLogger(__name__)
# More than the worker makes in an hour.
AT_ONCE = 1000


def prepare_later(image: MenuImage) -> None:
    """Ask the worker for the renditions once the picture is stored."""
    transaction.on_commit(partial(_ask_worker, image.pk))


def show_anew(image: MenuImage) -> None:
    """Draw the menu anew that shows pictures of the image's collection. Two queries."""
    menu_changed(*PlaceRecord.base_objects.filter(collection_id=image.collection_id).values_list("pk", flat=True))


def make_renditions(image: MenuImage, *sizes: str) -> int:
    """Make the listed renditions (or those of `sizes`) that are missing; returns how many of them there are then."""
    return len(image.get_renditions(*specs(*sizes)))


def make_ahead(image: MenuImage) -> None:
    """Make every listed rendition that is missing, and show them. One query more when there was nothing to do."""
    before = image.renditions.count()
    if make_renditions(image) != before:
        show_anew(image)


def ask_for_missing() -> int:
    """Ask the worker once more for pictures that lack a rendition, the newest first; returns for how many. One query
    over all pictures."""
    listed = specs()
    made = Count("renditions", filter=Q(renditions__filter_spec__in=listed))
    lacking = MenuImage.objects.annotate(made=made).filter(made__lt=len(listed)).order_by("-pk")
    ids = list(lacking.values_list("pk", flat=True)[:AT_ONCE])
    for image_id in ids:
        _ask_worker(image_id)
    return len(ids)


def make_shown(image: MenuImage, *sizes: str) -> None:
    """The same for somebody who has just chosen the picture and waits for it."""
    make_renditions(image, *sizes)
    forget_shown(image)


def _ask_worker(image_id: int) -> None:
    from menu_pages.tasks import make_renditions as task

    try:
        task.delay(image_id)
    except OperationalError:
        # Uploading goes on without the queue.
        logger.warning("The queue is away; the worker is asked for picture %s again within the hour.", image_id)
