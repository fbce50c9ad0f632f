"""What a place lacks before guests can use it, and where each thing is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Substr
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from menu_pages.models import CategoryPage, DishPage, PlacePage, Table, ThemeInstallation


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there of one place, counted."""

    place: PlacePage
    on_sale: int  # dishes guests see
    unpriced: int  # published without a price, so that guests do not see them
    unpublished: int  # dishes whose last changes, or all of them, guests do not see
    theme_chosen: bool
    tables: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do before opening; `note` says how it stands, `url` is where it is done."""

    title: str
    note: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Start:
    """How far a place has come."""

    place: PlacePage
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def ready(self) -> bool:
        return self.done == len(self.steps)

    @property
    def menu_url(self) -> str:
        return menu_url(self.place)


def starts(places: Iterable[PlacePage]) -> list[Start]:
    """How far each of these places has come. Three queries for any number of them; the places bring their records."""
    return [Start(facts.place, steps(facts)) for facts in read_facts(list(places))]


def steps(facts: Facts) -> list[Step]:
    """What there is to do, in the order an owner does it. No queries."""
    place = facts.place
    edit = reverse("wagtailadmin_pages:edit", args=[place.pk])
    found = [
        Step(gettext("Menu"), _menu_note(facts), menu_url(place), bool(facts.on_sale) and not facts.unpriced),
        Step(
            gettext("Theme"),
            gettext("Chosen.") if facts.theme_chosen else gettext("See your own menu in each of them and choose one."),
            reverse("themes:index", args=[place.slug]),
            facts.theme_chosen,
        ),
        Step(
            gettext("Tables"),
            _tables_note(facts.tables),
            reverse("qr:index", args=[place.slug]),
            facts.tables > 0,
        ),
        Step(
            gettext("Opening hours"),
            gettext("Given.") if place.hours else gettext("Guests ask a search engine for them first of all."),
            f"{edit}#panel-child-content-hours-section",
            bool(place.hours),
        ),
    ]
    if place.live:
        return found
    note = gettext("The place is not published: guests find nothing at its address.")
    return [Step(gettext("Publishing"), note, edit, done=False), *found]


def menu_url(place: PlacePage) -> str:
    """Where the menu is edited: its board, or the pages themselves."""
    try:
        return reverse("board:index", args=[place.slug])
    except NoReverseMatch:
        return reverse("wagtailadmin_explore", args=[place.pk])


def read_facts(places: list[PlacePage]) -> list[Facts]:
    """Three queries for any number of places."""
    if not places:
        return []
    ids = [place.pk for place in places]
    dishes = _dish_counts(places)
    themed = set(ThemeInstallation.objects.filter(place_id__in=ids).values_list("place_id", flat=True).distinct())
    tables = Table.objects.in_use().filter(place_id__in=ids).order_by().values("place_id").annotate(count=Count("pk"))
    by_place = {row["place_id"]: row["count"] for row in tables}
    return [
        Facts(
            place=place,
            **dishes.get(place.path, {"on_sale": 0, "unpriced": 0, "unpublished": 0}),
            theme_chosen=place.pk in themed,
            tables=by_place.get(place.pk, 0),
        )
        for place in places
    ]


def _dish_counts(places: list[PlacePage]) -> dict[str, dict[str, Any]]:
    """Counts of dishes by the path of their place."""
    below = Q()
    for place in places:
        below |= Q(path__startswith=place.path)
    # A dish in a category that is hidden, or in one below it, is seen by nobody.
    above = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    hidden = CategoryPage.objects.filter(below, live=False).alias(dish=above).filter(dish__startswith=F("path"))
    priced, unpriced = Q(price__isnull=False), Q(price__isnull=True)
    rows = (
        DishPage.objects.filter(below)
        # Places are all on one level of the tree, so their paths are of one length.
        .annotate(place_path=Substr("path", 1, len(places[0].path)), hidden=Exists(hidden))
        .order_by()
        .values("place_path")
        .annotate(
            on_sale=Count("pk", filter=Q(live=True, hidden=False) & priced),
            unpriced=Count("pk", filter=Q(live=True) & unpriced),
            unpublished=Count("pk", filter=Q(has_unpublished_changes=True) | Q(live=False)),
        )
    )
    return {row.pop("place_path"): row for row in rows}


def _menu_note(facts: Facts) -> str:
    notes = []
    if facts.on_sale:
        notes.append(
            ngettext("%(count)d dish on sale.", "%(count)d dishes on sale.", facts.on_sale) % {"count": facts.on_sale}
        )
    else:
        notes.append(gettext("Guests see no dish yet: add them or import a file."))
    if facts.unpriced:
        notes.append(
            ngettext(
                "%(count)d dish has no price, so guests do not see it.",
                "%(count)d dishes have no price, so guests do not see them.",
                facts.unpriced,
            )
            % {"count": facts.unpriced}
        )
    if facts.unpublished:
        notes.append(
            ngettext(
                "%(count)d dish waits to be published.",
                "%(count)d dishes wait to be published.",
                facts.unpublished,
            )
            % {"count": facts.unpublished}
        )
    return " ".join(notes)


def _tables_note(count: int) -> str:
    if not count:
        return gettext("Say how many there are, and print a code for each.")
    return ngettext("%(count)d table has its code.", "%(count)d tables have their codes.", count) % {"count": count}
