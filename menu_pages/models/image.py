import secrets
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet

from accounts.room_for_files import refuse_without_room
from accounts.scope import ScopedManager


def _collections_of(organisation_ids: frozenset[int]) -> models.QuerySet[Any]:
    from menu_pages.models.record import PlaceRecord

    return PlaceRecord.base_objects.filter(organisation_id__in=organisation_ids).values("collection_id")


class MenuImage(AbstractImage):
    """A picture in an organisation's collection; seen by that organisation's people only."""

    # No tags: Wagtail's popular tags are shared by everyone on the installation.
    admin_form_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "file",
        "description",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    objects = ScopedManager.from_queryset(ImageQuerySet)("collection_id", _collections_of)

    def clean(self) -> None:
        super().clean()
        file: Any = self.file
        if file and not file._committed:
            try:
                refuse_without_room(file.storage, file.size)
            except ValidationError as no_room:
                raise ValidationError({"file": no_room.messages}) from no_room

    def get_upload_to(self, filename: str) -> str:
        """A folder of its own for each picture, that nobody guesses: a name another organisation uses already changes
        nothing, and the pictures of drafts are found by nobody who was not shown them."""
        name = PurePosixPath(super().get_upload_to(filename)).name
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix[:8]
        # One ending and no more: some servers run what has `.php` anywhere in its name.
        return f"pictures/{secrets.token_urlsafe(16)}/{stem.replace('.', '-')[:50]}{suffix}"

    def _set_image_file_metadata(self) -> None:
        """Wagtail's own, but that the same file uploaded again is known by what came, not by what was drawn of it."""
        super()._set_image_file_metadata()
        source = getattr(self.file.file, "source_sha1", "")
        if source:
            self.file_hash: str = source

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class MenuRendition(AbstractRendition):
    image = models.ForeignKey(MenuImage, models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename: str) -> str:
        """Beside the picture's own folder, named by what was made of it."""
        folder = PurePosixPath(self.image.file.name).parent.name
        stem = PurePosixPath(self.image.file.name).stem
        return f"images/{folder}/{stem[:12]}{filename.removeprefix(stem)[-55:]}"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="rendition_once"),
        )
