"""Wagtail's lists of pages and pictures, without what would name other organisations' people and tags."""

from typing import Any

from django.db.models import QuerySet
from taggit.models import Tag
from wagtail.admin import filters as admin_filters
from wagtail.admin.views.pages.listing import GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.images.views import chooser as image_chooser
from wagtail.images.views.bulk_actions import AddTagsBulkAction
from wagtail.models import Page


def no_tags(model: type[Any], count: int = 10) -> QuerySet[Any]:
    return Tag.objects.none()


# Wagtail counts popular tags over the whole installation and offers them to everyone, so pictures get none, and none
# are offered. It has no setting for this; the canaries in tests/isolation tell when an upgrade moves these.
AddTagsBulkAction.models = []
admin_filters.popular_tags_for_model = no_tags
image_chooser.popular_tags_for_model = no_tags


class OwnPageFilterSet(GenericPageFilterSet):
    """No filter by owner, editor and site: their choices are all the people and sites there are."""

    owner = None
    edited_by = None
    site = None


class MenuPageViewSet(PageViewSet):
    """Wagtail's screens of pages, with these filters."""

    model = Page
    filterset_class = OwnPageFilterSet
