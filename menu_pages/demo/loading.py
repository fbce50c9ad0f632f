"""The demo's organisation, places, menus, tables and people. Safe to repeat: what is there stays."""

import datetime
import json
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.images import ImageFile
from django.utils import timezone
from django.utils.text import capfirst

from accounts.billing.subscriptions import give_access
from accounts.memberships import set_role
from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from menu_pages import provisioning
from menu_pages.menu_rows import add_dishes, write_categories
from menu_pages.models import MenuImage, PlacePage, PlaceRecord, Table
from menu_pages.pictures import make_renditions
from menu_pages.renditions import CARD_SIZES
from menu_pages.tables import set_table_count

MENUS = Path(__file__).parent
PICTURES = Path(settings.BASE_DIR) / "static" / "demo"

OWNER = "owner@menusite.example"
WAITER = "waiter@menusite.example"
PASSWORD = "samovar-and-olives"  # noqa: S105  (the demo's, printed at every start; `load_demo` runs in DEBUG only)
ORGANISATION = "Самовар и Олива"
PLACES = ("samovar", "oliva")
TABLES = 12
PAID_FOR = datetime.timedelta(days=3650)
LABELS = {1: "у окна", 2: "у окна", 12: "веранда"}


def load_places() -> list[PlacePage]:
    """Make what is missing of the demo and return its places, the Russian one first."""
    owner = _person(OWNER, "Анна", "Кузнецова")
    organisation = _organisation(owner)
    set_role(organisation=organisation, user=_person(WAITER, "Илья", "Соколов"), role=Role.WAITER)
    # The demo shows ordering for ever: nobody pays for it, and it never rests.
    give_access(organisation=organisation, until=timezone.now() + PAID_FOR, renewed_below=PAID_FOR / 2)
    loaded = PlaceRecord.objects.filter(organisation=organisation, is_demo=True).order_by("pk")
    for slug in PLACES[loaded.count() :]:
        _load(organisation, json.loads((MENUS / f"{slug}.json").read_text("utf-8")))
    return [record.place for record in loaded.select_related("place__record")]


def _person(email: str, first_name: str, last_name: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, first_name=first_name, last_name=last_name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _organisation(owner: User) -> Organisation:
    membership = Membership.objects.filter(user=owner, role=Role.OWNER).select_related("organisation").first()
    if membership:
        return membership.organisation
    organisation = Organisation.objects.create(
        name=ORGANISATION, legal_name="ООО «Самовар и Олива»", address="Москва, Чайный переулок, 8", email=OWNER
    )
    set_role(organisation=organisation, user=owner, role=Role.OWNER)
    return organisation


def _load(organisation: Organisation, menu: dict[str, Any]) -> None:
    """One place, whole: only then is it marked as the demo's, so that a load cut short goes on at the next start."""
    words = menu["place"]
    place = PlacePage.objects.filter(slug=words["slug"]).select_related("record").first()
    if place is None:
        place = provisioning.create_place(
            organisation=organisation,
            title=words["title"],
            slug=words["slug"],
            currency=words["currency"],
            time_zone=words["time_zone"],
            language=words["language"],
        )
        _describe(place, words)
        set_table_count(place=place, count=TABLES)
        for number, label in LABELS.items():
            Table.objects.filter(place=place, number=number).update(label=label if words["language"] == "ru" else "")
    categories = words.get("categories") or menu["categories"]
    pictures = _pictures(place, {row["photo"] for row in [*menu["rows"], *categories] if row.get("photo")})
    write_categories(place=place, rows=categories, pictures=pictures)
    add_dishes(place=place, rows=menu["rows"])
    PlaceRecord.objects.filter(pk=place.pk).update(is_demo=True)


def _describe(place: PlacePage, words: dict[str, Any]) -> None:
    place.tagline = words["tagline"]
    place.description = words["introduction"]
    for name in ("address", "phone", "wifi_network", "wifi_password"):
        setattr(place, name, words[name])
    hours = [{**row, "weekdays": [str(day) for day in row["weekdays"]]} for row in words["hours"]]
    place.hours = json.dumps([{"type": "hours", "value": row} for row in hours])
    for code, _title in settings.LANGUAGES:
        if f"tagline_{code}" in words:
            place.translations[code] = {
                "tagline": words[f"tagline_{code}"],
                "description": words[f"introduction_{code}"],
            }
    place.save_revision().publish()


def _pictures(place: PlacePage, names: set[str]) -> dict[str, MenuImage]:
    """The demo's pictures in the place's collection, by file name; each with the renditions that cards show."""
    pictures = {
        Path(image.file.name).name: image for image in MenuImage.objects.filter(collection=place.record.collection)
    }
    for name in sorted(names - pictures.keys()):
        with (PICTURES / name).open("rb") as source:
            image = MenuImage(
                title=capfirst(Path(name).stem.replace("-", " ")),
                collection=place.record.collection,
                file=ImageFile(source, name=name),
            )
            image.save()
        make_renditions(image, *CARD_SIZES)
        pictures[name] = image
    return pictures
