import pytest
from django.core.exceptions import ValidationError
from django.db import models

from menu_pages.fields import ChoiceListField
from menu_pages.models import CategoryPage, DishPage
from menu_pages.vocabulary import Allergen, Weekday, allergen_titles, labels
from tests.factories.menus import make_dish


def field() -> ChoiceListField:
    made = ChoiceListField("days", of=Weekday)
    made.set_attributes_from_name("days")
    return made


@pytest.mark.parametrize("value", [[], [1], [7, 1]])
def test_known_values_are_accepted(value: list[int]) -> None:
    assert field().clean(value, None) == value


@pytest.mark.parametrize("value", [[8], [1, 8], ["monday"], {"1": 2}, "1"])
def test_unknown_values_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        field().clean(value, None)


def test_the_form_reads_values_in_the_lists_order() -> None:
    assert field().formfield().clean(["5", "1", "3"]) == [1, 3, 5]


def test_the_form_refuses_a_stranger() -> None:
    with pytest.raises(ValidationError):
        field().formfield().clean(["8"])


def test_the_form_may_be_left_empty() -> None:
    assert field().formfield().clean([]) == []


def test_a_new_value_makes_no_migration() -> None:
    _name, path, _args, kwargs = field().deconstruct()

    assert path == "django.db.models.JSONField"
    assert "of" not in kwargs
    assert issubclass(ChoiceListField, models.JSONField)


def test_values_come_back_from_the_database(soups: CategoryPage) -> None:
    dish = make_dish(soups, "Ukha", allergens=["fish", "celery"], tags=["spicy"])

    stored = DishPage.objects.get(pk=dish.pk)

    assert stored.allergens == ["fish", "celery"]
    assert stored.tags == ["spicy"]


def test_a_dish_with_an_unknown_allergen_is_refused(soups: CategoryPage) -> None:
    with pytest.raises(ValidationError) as refused:
        make_dish(soups, "Ukha", allergens=["sadness"])

    assert "allergens" in refused.value.message_dict


def test_words_follow_the_vocabularys_order() -> None:
    assert allergen_titles(["milk", "gluten", "unknown"]) == ["gluten", "milk"]
    assert [(label.key, label.symbol) for label in labels(["spicy", "vegan"])] == [("vegan", "●"), ("spicy", "▲")]
    assert len(Allergen) == 14
