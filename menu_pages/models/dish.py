from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager

from menu_pages.availability import availability_of
from menu_pages.blocks import OPTION_GROUPS
from menu_pages.editor_forms import DishForm, translation_panels
from menu_pages.fields import ChoiceListField
from menu_pages.models.themed import ThemedPage
from menu_pages.option_groups import OptionGroup, active_language, read_groups
from menu_pages.querysets import DishQuerySet
from menu_pages.shown_pictures import show_pictures
from menu_pages.vocabulary import Allergen, DietTag, Label, Unit, allergen_titles, labels


def money_field(title: Any, **kwargs: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(title, max_digits=10, decimal_places=2, validators=[MinValueValidator(0)], **kwargs)


def nutrient_field(title: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(
        title, max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )


class DishPage(ThemedPage, Page):
    """A dish, a drink or goods: anything on the menu with a price."""

    description = models.TextField(_("composition and description"), max_length=1000, blank=True)
    # A draft may wait for its price; publishing asks for it.
    price = money_field(_("price"), null=True)
    cost = money_field(_("cost"), null=True, blank=True, help_text=_("What it costs you; guests never see it."))
    weight = models.DecimalField(
        _("weight or volume"), max_digits=7, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(_("unit"), max_length=4, choices=Unit.choices, default=Unit.GRAM)
    calories = nutrient_field(_("calories, kcal"))
    proteins = nutrient_field(_("proteins, g"))
    fats = nutrient_field(_("fats, g"))
    carbohydrates = nutrient_field(_("carbohydrates, g"))
    allergens = ChoiceListField(_("allergens"), of=Allergen)
    tags = ChoiceListField(_("labels"), of=DietTag)
    picture = models.ForeignKey(
        "menu_pages.MenuImage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    option_groups = StreamField(OPTION_GROUPS, verbose_name=_("options"), blank=True, max_num=10)

    content_panels: ClassVar[list[Any]] = [
        FieldPanel("title", help_text=_("As guests read it.")),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("price"), FieldPanel("cost")]),
        FieldRowPanel([FieldPanel("weight"), FieldPanel("unit")]),
        FieldPanel("picture"),
        InlinePanel("pictures", heading=_("More pictures"), label=_("picture"), max_num=8),
        FieldPanel("option_groups"),
        FieldPanel("tags"),
        FieldPanel("allergens"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("calories"), FieldPanel("proteins")]),
                FieldRowPanel([FieldPanel("fats"), FieldPanel("carbohydrates")]),
            ],
            heading=_("Nutrition of a portion"),
        ),
        *translation_panels("title", "description", "options"),
    ]
    promote_panels: ClassVar[list[Any]] = [
        FieldPanel(
            "slug",
            heading=_("Address of the page"),
            help_text=_("Latin letters, figures and hyphens; made from the title by itself."),
        )
    ]
    base_form_class = DishForm

    parent_page_types: ClassVar[list[str]] = ["menu_pages.CategoryPage"]
    subpage_types: ClassVar[list[str]] = []
    screen = "dish"
    slug_fallback = "dish"

    objects = PageManager.from_queryset(DishQuerySet)()

    class Meta:
        verbose_name = _("dish")
        verbose_name_plural = _("dishes")

    @cached_property
    def groups(self) -> tuple[OptionGroup, ...]:
        """Option groups in the reader's language."""
        words = self.translations.get(active_language(), {}).get("options", {})
        return read_groups(self.option_groups.raw_data, words)

    @property
    def has_options(self) -> bool:
        return bool(self.option_groups.raw_data)

    @property
    def labels(self) -> list[Label]:
        return labels(self.tags)

    @property
    def allergen_titles(self) -> list[str]:
        return allergen_titles(self.allergens)

    @property
    def has_nutrition(self) -> bool:
        return any(value is not None for value in (self.calories, self.proteins, self.fats, self.carbohydrates))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        pictures = [row.picture for row in self.pictures.select_related("picture")] if self.pk else []
        show_pictures(self.picture, *pictures)
        return {
            **super().get_context(request, *args, **kwargs),
            "category": self.get_parent().specific,
            "availability": availability_of(self),
            "pictures": pictures,
        }


class DishPicture(Orderable):
    """One more picture on the dish page."""

    dish = ParentalKey(DishPage, on_delete=models.CASCADE, related_name="pictures")
    picture = models.ForeignKey("menu_pages.MenuImage", models.CASCADE, related_name="+", verbose_name=_("picture"))

    panels: ClassVar[list[Any]] = [FieldPanel("picture")]
