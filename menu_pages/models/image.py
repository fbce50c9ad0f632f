from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet

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

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class MenuRendition(AbstractRendition):
    image = models.ForeignKey(MenuImage, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="rendition_once"),
        )
