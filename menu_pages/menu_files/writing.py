"""Writing a plan's steps as pages: one step is one page."""

import json
from typing import Any

from accounts.models import User
from menu_pages.editing import edit_page, with_words
from menu_pages.menu_files.option_cells import raw_of
from menu_pages.menu_files.pictures_shelf import PicturesShelf
from menu_pages.menu_files.planning import CategoryStep, DishStep
from menu_pages.menu_files.present import PathKey, PresentDish, PresentMenu, path_key
from menu_pages.models import CategoryPage, DishPage, MenuImage, MenuImport, PlacePage
from menu_pages.publishing import publish_new
from menu_pages.stopping import return_dish, stop_dish


class Writer:
    """Writes steps of a plan made from `menu`. Each call changes one page and belongs in a transaction.

    Raises what the pages raise when the menu has moved since it was read: `ValidationError`, `IntegrityError`,
    `ObjectDoesNotExist`.
    """

    def __init__(
        self,
        *,
        place: PlacePage,
        menu: PresentMenu,
        shelf: PicturesShelf,
        by: User | None,
        source: MenuImport | None = None,
    ) -> None:
        self.place = place
        self.shelf = shelf
        self.by = by
        self.source = source
        self.category_ids: dict[PathKey, int] = {key: category.id for key, category in menu.categories.items()}

    def write_category(self, step: CategoryStep) -> None:
        words = {code: {"title": title} for code, title in step.titles.items()}
        if step.id is None:
            key = path_key(step.path)
            parent: Any = self._category(key[:-1]) if key[:-1] else PlacePage.objects.get(pk=self.place.pk)
            page = CategoryPage(title=step.path[-1], slug=step.slug, translations=with_words({}, words), owner=self.by)
            publish_new(parent=parent, page=page, by=self.by)
            self.category_ids[key] = page.pk
        else:
            page = CategoryPage.objects.get(pk=step.id)
            edit_page(page, {"translations": words} if words else {}, self.by, publish=step.publish)

    def write_dish(self, step: DishStep) -> None:
        if step.dish is None:
            self._add(step)
        else:
            self._change(step, step.dish)

    def withdraw(self, dish: PresentDish) -> None:
        """Take the dish off the menu; its page, its history and its orders stay."""
        DishPage.objects.get(pk=dish.id).unpublish(user=self.by)

    def _add(self, step: DishStep) -> None:
        fields = self._fields(step.values, [])
        fields["slug"] = step.slug
        dish = DishPage(**fields, translations=with_words({}, step.words), owner=self.by)
        publish_new(parent=self._category(path_key(step.row.path)), page=dish, by=self.by)
        if not step.values.get("available", True):
            stop_dish(dish=dish, by=self.by)

    def _change(self, step: DishStep, present: PresentDish) -> None:
        dish = DishPage.objects.get(pk=present.id)
        fields = self._fields(step.values, dish.option_groups.raw_data if "options" in step.values else [])
        if step.slug and step.slug != dish.slug:
            fields["slug"] = step.slug
        if step.words:
            fields["translations"] = step.words
        if step.moves:
            # The address first, or the move may meet a page that has it.
            if "slug" in fields:
                dish = edit_page(dish, {"slug": fields.pop("slug")}, self.by)
            dish.move(self._category(path_key(step.row.path)), pos="last-child", user=self.by)
            dish = DishPage.objects.get(pk=present.id)
        if fields or not dish.live:
            # The import as a whole is one line of the audit log.
            dish = edit_page(dish, fields, self.by, publish=True, audit=False)
        if "available" in step.values:
            if step.values["available"]:
                return_dish(dish=dish)
            else:
                stop_dish(dish=dish, by=self.by)

    def _fields(self, values: dict[str, Any], options_before: Any) -> dict[str, Any]:
        """The values as fields of the page."""
        fields = {name: value for name, value in values.items() if name not in ("options", "photo", "available")}
        if "options" in values:
            fields["option_groups"] = json.dumps(raw_of(values["options"], options_before))
        if "photo" in values:
            image_id = self.shelf.image_id(values["photo"], self.source, self.by)
            fields["picture"] = MenuImage.objects.get(pk=image_id) if image_id else None
        return fields

    def _category(self, key: PathKey) -> CategoryPage:
        # Fresh and locked: a page is put behind the last one there is at this moment.
        return CategoryPage.objects.select_for_update(of=("self",)).get(pk=self.category_ids[key])
