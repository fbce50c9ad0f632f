from celery import shared_task

from accounts.scope import everyone
from menu_pages import pictures, stale_work
from menu_pages.bulk import changes
from menu_pages.menu_files import imports
from menu_pages.models import MenuImage


@shared_task
def make_renditions(image_id: int) -> None:
    """Make a picture's renditions; a picture deleted meanwhile needs none."""
    with everyone():
        image = MenuImage.objects.filter(pk=image_id).first()
        if image:
            pictures.make_ahead(image)


@shared_task
def ask_for_missing_renditions() -> None:
    """Ask again for renditions whose first message was lost."""
    with everyone():
        pictures.ask_for_missing()


@shared_task
def import_menu(menu_import_id: int) -> None:
    """Import a checked menu file, or the next part of it."""
    imports.run_turn(menu_import_id)


@shared_task
def apply_bulk_change(change_id: int) -> None:
    """Apply a bulk change that was looked at, or the next part of it."""
    changes.run_turn(change_id)


@shared_task
def forget_stale_imports() -> None:
    """Delete menu files and bulk changes that were looked at or begun and then left."""
    with everyone():
        stale_work.forget_stale()
