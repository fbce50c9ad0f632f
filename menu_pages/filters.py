"""The guest's own narrowing of the menu: words, diets, allergens to avoid."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from menu_pages.menu import MenuSection
from menu_pages.vocabulary import DIETS, IMPLIED_DIETS, Allergen, DietTag

if TYPE_CHECKING:
    from menu_pages.models import DishPage


class MenuFilterForm(forms.Form):
    """Read from the page's address; what it does not know it leaves out, so that a mangled link still shows a menu."""

    q = forms.CharField(label=_("Search the menu"), max_length=60, required=False)
    diet = forms.MultipleChoiceField(
        label=_("Only"),
        choices=[(diet.value, diet.label) for diet in DIETS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    without = forms.MultipleChoiceField(
        label=_("Without my allergens"), choices=Allergen.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.is_valid()
        self.words = [word.casefold() for word in str(data.get("q", ""))[:60].replace("\0", "").split()]
        self.diets = [diet for diet in DIETS if diet.value in data.getlist("diet")]
        self.avoided = {allergen.value for allergen in Allergen} & set(data.getlist("without"))

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.diets or self.avoided)

    def narrow(self, sections: list[MenuSection]) -> list[MenuSection]:
        if not self.narrows:
            return sections
        narrowed = [replace(section, dishes=[d for d in section.dishes if self._fits(d)]) for section in sections]
        return [section for section in narrowed if section.dishes]

    def _fits(self, dish: "DishPage") -> bool:
        if self.avoided & set(dish.allergens):
            return False
        if not all(IMPLIED_DIETS.get(diet, {diet}) & {DietTag(tag) for tag in dish.tags} for diet in self.diets):
            return False
        text = f"{dish.title} {dish.translated_title} {dish.description} {dish.translated_description}".casefold()
        return all(_yo(word) in _yo(text) for word in self.words)


def _yo(text: str) -> str:
    """Readers type «е» where menus write «ё»."""
    return text.replace("ё", "е")
