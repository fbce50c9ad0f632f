from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from menu_pages.editor_forms import CategoryForm, translation_panels
from menu_pages.fields import ChoiceListField
from menu_pages.menu import read_menu
from menu_pages.models.themed import ThemedPage
from menu_pages.slugs import RESERVED_CATEGORY_SLUGS, refuse_reserved
from menu_pages.vocabulary import Weekday


class CategoryPage(ThemedPage, Page):
    """A part of the menu; may hold parts of its own («Drinks / Tea»)."""

    description = models.TextField(_("description"), max_length=400, blank=True)
    picture = models.ForeignKey(
        "menu_pages.MenuImage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    served_from = models.TimeField(_("served from"), null=True, blank=True)
    served_until = models.TimeField(
        _("served until"), null=True, blank=True, help_text=_("Earlier than the first time means after midnight.")
    )
    served_weekdays = ChoiceListField(_("served on"), of=Weekday, help_text=_("Nothing marked means every day."))

    content_panels: ClassVar[list[Any]] = [
        FieldPanel("title", help_text=_("As guests read it.")),
        FieldPanel("description"),
        FieldPanel("picture"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("served_from"), FieldPanel("served_until")]), FieldPanel("served_weekdays")],
            heading=_("When served"),
            help_text=_("Outside these hours the dishes are shown but cannot be ordered."),
        ),
        *translation_panels("title", "description"),
    ]
    promote_panels: ClassVar[list[Any]] = [
        FieldPanel(
            "slug",
            heading=_("Address of the page"),
            help_text=_("Latin letters, figures and hyphens; made from the title by itself."),
        )
    ]
    base_form_class = CategoryForm

    parent_page_types: ClassVar[list[str]] = ["menu_pages.PlacePage", "menu_pages.CategoryPage"]
    subpage_types: ClassVar[list[str]] = ["menu_pages.CategoryPage", "menu_pages.DishPage"]
    screen = "category"
    slug_fallback = "category"

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        menu = read_menu(self.place, at=self.place.record.local_now())
        return {
            **super().get_context(request, *args, **kwargs),
            "menu": menu,
            "sections": [section for section in menu.sections if section.category.path.startswith(self.path)],
        }

    def clean(self) -> None:
        super().clean()
        refuse_reserved(self.slug, RESERVED_CATEGORY_SLUGS)
