"""Two organisations, A and B, each with everything an organisation can have; every text of theirs holds their word."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.utils import timezone
from taggit.models import Tag, TaggedItem
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, UploadedFile
from wagtail.users.models import UserProfile

from accounts.audit import record
from accounts.billing.invoices import invoice_to_pay
from accounts.billing.payments import new_payment
from accounts.billing.subscriptions import start_trial
from accounts.memberships import remove_member, set_role
from accounts.models import AuditAction, Organisation, User
from accounts.people.invitations import invite
from accounts.roles import Role
from menu_pages.addresses import keep
from menu_pages.menu_files.imports import prepare_import
from menu_pages.models import BulkChange, CategoryPage, DishPage, DishPicture, MenuImport, PlacePage
from menu_pages.provisioning import create_place, menu_group
from menu_pages.stopping import stop_dish
from menu_pages.themes.installing import install_theme
from orders.history.imports import prepare_import as prepare_orders
from orders.models import Order, Seating
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menu_files import csv_file, dish_row, picture_file, zip_file
from tests.factories.menus import make_category, make_dish, make_picture, make_place, option_group, table_of
from tests.factories.people import make_member, make_user, signed_in
from tests.factories.statistics import make_organisation_statistics, make_statistics
from tests.factories.tills import till_file, till_row
from tests.isolation.canaries import Rows, all_rows, make_missing_rows, plant, rows_since, secrets_of

STAFF = (Role.EDITOR, Role.MANAGER, Role.ANALYST, Role.WAITER, Role.KITCHEN)
# Numbers and words nothing has.
MISSING_ID = 987_654_321
MISSING_SLUG = "nothing-of-that-name"
MISSING_UUID = "00000000-0000-4000-8000-000000000000"


@dataclass
class Side:
    """What one organisation has."""

    word: str
    owner: User
    organisation: Organisation
    place: PlacePage
    second: PlacePage
    category: CategoryPage
    dish: DishPage
    draft: DishPage
    picture: Any
    guest: Guest
    order: Order
    staff: dict[str, User] = field(default_factory=dict)
    known: dict[type[models.Model], Any] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    # What must not be in anything the other side gets: the word, and ids that open something to who knows them.
    canaries: tuple[str, ...] = ()
    # The rows' fingerprint as the test found them, once it was needed.
    before: dict[str, str] | None = None

    def one(self, model: type[models.Model]) -> Any:
        """A row of the model that is this organisation's."""
        return model._base_manager.filter(pk__in=self.rows[model]).order_by("pk").first()

    @property
    def revision(self) -> Revision:
        return self.dish.latest_revision

    @property
    def menu_import(self) -> MenuImport:
        return self.one(MenuImport)


@dataclass
class World:
    a: Side
    b: Side
    operator: User
    former: User
    # Owns A and works in the kitchen of B: sees B's rows, and has no say in B's menu, people or money.
    double: User

    def user(self, role: str) -> User | None:
        """The person of A, or beside A, that a role of the tables stands for."""
        people = {
            "owner": self.a.owner,
            "other": self.b.owner,
            "former": self.former,
            "double": self.double,
            "operator": self.operator,
        }
        return people.get(role) or self.a.staff.get(role)

    def browser(self, role: str) -> Client:
        """Somebody's browser; who signs in changes rows of their own."""
        self.a.before = self.b.before = None
        if role == "guest":
            return self.a.guest.client
        user = self.user(role)
        return signed_in(user) if user else Client(headers={"origin": "http://testserver", "accept-language": "en"})


def make_world() -> World:
    operator = User.objects.create_superuser("operator@installation.example")
    before = all_rows()
    a = make_side("axolotl")
    former = make_member("former@axolotl.example", a.organisation, Role.EDITOR)
    remove_member(organisation=a.organisation, user=former)
    finish(a, before)
    before = all_rows()
    b = make_side("quokka")
    finish(b, before)
    double = make_member("double@elsewhere.example", a.organisation, Role.OWNER)
    set_role(organisation=b.organisation, user=double, role=Role.KITCHEN)
    return World(a, b, operator, former, double)


def make_side(word: str) -> Side:
    """The organisation as its people make it, through the product's own functions."""
    owner = make_user(f"owner@{word}.example", first_name=word.title())
    place = make_place(owner, f"{word.title()} House", tables=3)
    organisation = place.record.organisation
    group = menu_group(organisation)
    organisation.slug = f"{word}-organisation"
    organisation.save()
    Group.objects.filter(pk=group.pk).update(name=f"menu {organisation.slug}")
    second = create_place(organisation=organisation, title=f"{word.title()} Garden", currency="RUB")
    category = make_category(place, f"{word.title()} soups", description=f"{word} description")
    category.save_revision(user=owner).publish(user=owner)
    picture = make_picture(place, f"{word}-picture")
    options = [option_group(f"{word} size", {f"{word} small": "0", f"{word} large": "50"})]
    words = {"en": {"title": f"{word} translated", "options": {f"{word} size": f"{word} measure"}}}
    dish = make_dish(category, f"{word.title()} broth", options=options, picture=picture, translations=words)
    dish.pictures.add(DishPicture(picture=picture))
    dish.save_revision(user=owner, clean=False).publish(user=owner)
    draft = make_dish(category, f"{word.title()} secret", live=False)
    draft.save_revision(user=owner)
    draft.locked, draft.locked_by, draft.locked_at = True, owner, timezone.now()
    draft.save()
    picture.get_rendition("max-165x165")
    keep(place=place, old_slug=f"{word}-former-address")
    stop_dish(dish=draft, by=owner, reason=f"{word} reason")
    install_theme(place=place, theme="classic", by=owner)
    content = zip_file(
        {"menu.csv": csv_file([dish_row(f"{word} dish", photo=f"{word}.png")]), f"{word}.png": picture_file()}
    )
    prepare_import(place=place, name=f"{word}.zip", content=content, replace=False, by=owner)
    prepare_orders(place=place, name=f"{word}.csv", content=till_file([till_row(dish=f"{word} dish")]), by=owner)
    guest = guest_at(table_of(place, 2))
    order = _ordered(guest, dish, word)
    make_statistics(place, days=3, tables=(f"{word} terrace",))
    make_organisation_statistics([place, second], days=3)
    side = Side(word, owner, organisation, place, second, category, dish, draft, picture, guest, order)
    side.staff = {role: make_member(f"{role}@{word}.example", organisation, role) for role in STAFF}
    _belongings(side)
    return side


def _ordered(guest: Guest, dish: DishPage, word: str) -> Order:
    guest.add(dish, note=f"{word} note", options=[])
    order = ordered(guest, dish)
    Order.objects.filter(pk=order.pk).update(comment=f"{word} comment")
    guest.call("bill", payment="card", note=f"{word} call")
    guest.rate(4, text=f"{word} rating", up=dish.menu_path)
    guest.add(dish)
    guest.post("leave", {})
    return order


def _belongings(side: Side) -> None:
    """What Wagtail and the floors keep beside, which the functions above do not make."""
    word, owner, dish = side.word, side.owner, side.dish
    tag = Tag.objects.create(name=f"{word} tag", slug=f"{word}-tag")
    TaggedItem.objects.create(tag=tag, content_object=side.picture)
    UserProfile.get_for_user(owner)
    UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(side.picture),
        file=f"wagtail_uploads/{word}.png",
        uploaded_by_user=owner,
    )
    EditingSession.objects.create(
        user=owner,
        content_type=ContentType.objects.get_for_model(Page),
        object_id=str(dish.pk),
        last_seen_at=timezone.now(),
    )
    FormState.objects.create(
        user=owner,
        object_id=str(side.draft.pk),
        content_type=dish.cached_content_type,
        data=f"title={word}",
        last_updated_at=timezone.now(),
    )
    ModelLogEntry.objects.log_action(side.picture, "wagtail.edit", user=owner, title=f"{word} picture")
    PageLogEntry.objects.log_action(dish, "wagtail.edit", user=owner, title=f"{word} broth")
    record(
        AuditAction.PRICE_CHANGED, organisation_id=side.organisation.pk, by=owner, subject=word, place=word, note=word
    )
    invite(organisation=side.organisation, email=f"invited@{word}.example", role=Role.WAITER, by=owner)
    subscription = getattr(side.organisation, "subscription", None) or start_trial(organisation=side.organisation)
    type(subscription).objects.filter(pk=subscription.pk).update(
        plan=subscription.plan._meta.model.objects.exclude(pk=subscription.plan_id).exclude(price=0).first()
    )
    item = {
        "page": dish.pk,
        "title": f"{word} broth",
        "category": f"{word} soups",
        "before": "390.00",
        "after": "400.00",
        "options": [],
    }
    BulkChange.objects.create(
        place=side.place,
        action="prices",
        params={"percent": "5", "rounding": "1", "options": False},
        items=[item],
        total=1,
        by=owner,
    )
    invoice = invoice_to_pay(subscription_id=subscription.pk)
    payment = new_payment(invoice, provider="manual")
    side.known[type(invoice)], side.known[type(payment)] = invoice, payment


def finish(side: Side, before: Rows) -> None:
    """Fill in a row of every model that has none yet, and write the word wherever it does not stand."""
    side.rows = rows_since(before)
    for model, pks in side.rows.items():
        if pks and model not in side.known:
            side.known[model] = model._base_manager.get(pk=min(pks, key=str))
    side.known |= {PlacePage: side.place, DishPage: side.dish, Organisation: side.organisation, User: side.owner}
    side.known |= {CategoryPage: side.category, Order: side.order, Seating: side.order.seating}
    make_missing_rows(side.rows, side.word, side.known)
    side.rows = rows_since(before)
    plant(side.word, side.rows)
    side.canaries = (side.word, *secrets_of(side.rows))
    for row in (side.organisation, side.owner, *side.staff.values()):
        row.refresh_from_db()
    for page in (side.place, side.second, side.category, side.dish, side.draft):
        page.refresh_from_db()
