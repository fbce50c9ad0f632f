from celery import shared_task

from accounts.scope import everyone
from menu_pages import pictures
from menu_pages.menu_files import imports
from menu_pages.models import MenuImage


@shared_task
def make_renditions(image_id: int) -> None:
    """Make a picture's renditions; a picture deleted meanwhile needs none."""
    with everyone():
        image = MenuImage.objects.filter(pk=image_id).first()
        if image:
            pictures.make_renditions(image)


@shared_task
def import_menu(menu_import_id: int) -> None:
    """Import a checked menu file, or the next part of it."""
    imports.run_turn(menu_import_id)
