"""Orders and baskets in the moderators' admin: one's own, to read."""

import pytest

from accounts.memberships import set_role
from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from orders.models import BasketLine, Order
from orders.saving import save_visit
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import make_category, make_dish, table_of
from tests.factories.people import make_member, signed_in

LISTS = {"order": "/admin/orders/order/", "basket": "/admin/orders/basketline/"}
CANARY = "Canary pie of Bob"


@pytest.fixture
def own(guest: Guest, borshch: DishPage) -> Order:
    return ordered(guest, borshch)


@pytest.fixture
def foreign(place_b: PlacePage) -> Order:
    """An order of Bob's place and a basket that was not sent."""
    guest = guest_at(table_of(place_b, 9))
    pie = make_dish(make_category(place_b, "Pies"), CANARY, "7.77")
    order = ordered(guest, pie)
    Order.objects.filter(pk=order.pk).update(comment=CANARY)
    guest.add(pie, note=CANARY)
    save_visit(state=guest.state, visit=guest.visit)
    return order


@pytest.mark.parametrize("address", LISTS.values())
def test_owners_see_their_own_rows_alone(alice: User, own: Order, foreign: Order, address: str) -> None:
    body = signed_in(alice).get(address).content.decode()

    assert "Borshch" in body or "390" in body
    assert CANARY not in body
    assert "Pizzeria" not in body
    assert "7.77" not in body
    assert "7,77" not in body


@pytest.mark.parametrize(
    "query", [f"?q={CANARY}", "?status__exact=sent", "?o=-1", "?p=99", "?place__id__exact={place_b}"]
)
@pytest.mark.parametrize("address", LISTS.values())
def test_searching_and_filtering_finds_no_stranger(
    alice: User, own: Order, foreign: Order, address: str, query: str
) -> None:
    response = signed_in(alice).get(address + query.format(place_b=foreign.place_id), follow=True)

    body = response.content.decode().replace(f'value="{CANARY}"', "")
    assert response.status_code == 200
    model = Order if address == LISTS["order"] else BasketLine
    strangers = [f"{address}inspect/{row.pk}/" for row in model.objects.filter(place_id=foreign.place_id)]
    assert strangers
    assert [link for link in strangers if link in body] == []
    assert "Pizzeria" not in body
    assert "7.77" not in body


def test_an_owner_reads_an_order_and_its_lines(alice: User, own: Order) -> None:
    body = signed_in(alice).get(f"/admin/orders/order/inspect/{own.pk}/").content.decode()

    assert "Borshch" in body
    assert "390" in body


def test_anothers_rows_are_not_there(alice: User, own: Order, foreign: Order) -> None:
    browser = signed_in(alice)
    lines = [line.pk for line in BasketLine.objects.filter(place_id=foreign.place_id)]
    addresses = [f"/admin/orders/order/{verb}/{foreign.pk}/" for verb in ("inspect", "edit", "delete", "history")]
    addresses += [f"/admin/orders/basketline/inspect/{pk}/" for pk in lines]

    answers = [browser.get(address) for address in addresses]

    assert len(lines) == 2
    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not any(CANARY in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("verb", ["edit", "delete"])
@pytest.mark.parametrize("post", [False, True])
def test_nobody_changes_or_deletes_an_order(alice: User, own: Order, verb: str, post: bool) -> None:
    browser = signed_in(alice)
    ask = browser.post if post else browser.get

    response = ask(f"/admin/orders/order/{verb}/{own.pk}/", {"total": "1", "status": "served"})

    stored = Order.objects.get(pk=own.pk)
    assert response.status_code in (302, 403, 404)
    assert (stored.total, stored.status) == (own.total, "sent")


@pytest.mark.parametrize("address", LISTS.values())
def test_nobody_makes_a_row(alice: User, own: Order, address: str) -> None:
    before = (Order.objects.count(), BasketLine.objects.count())

    answers = [signed_in(alice).get(f"{address}create/"), signed_in(alice).post(f"{address}create/", {"total": "1"})]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert (Order.objects.count(), BasketLine.objects.count()) == before


@pytest.mark.parametrize(("role", "allowed"), [(Role.MANAGER, True), (Role.ANALYST, True), (Role.EDITOR, False)])
def test_roles_that_read_orders(organisation_a: Organisation, own: Order, role: Role, allowed: bool) -> None:
    browser = signed_in(make_member("dana@example.com", organisation_a, role))

    response = browser.get(f"/admin/orders/order/inspect/{own.pk}/")

    assert (response.status_code == 200) is allowed
    assert ("Borshch" in response.content.decode()) is allowed


def test_a_waiter_has_no_admin(charlie: User, own: Order) -> None:
    response = signed_in(charlie).get(LISTS["order"])

    assert response.status_code in (302, 403, 404)
    assert "Borshch" not in response.content.decode()


def test_an_editor_of_one_place_and_analyst_of_another_reads_the_other(
    organisation_a: Organisation, own: Order, foreign: Order
) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)
    set_role(organisation=foreign.place.record.organisation, user=dana, role=Role.ANALYST)

    body = signed_in(dana).get(LISTS["basket"]).content.decode()

    assert CANARY in body
    assert "Borshch" not in body


PROBES = [
    "history__by__email__startswith",
    "place__record__organisation__memberships__user__email__startswith",
    "place__content_type__pages__placepage__record__organisation__memberships__user__email__startswith",
    "place__content_type__pages__placepage__tables__key__startswith",
]


@pytest.mark.parametrize("address", LISTS.values())
@pytest.mark.parametrize("probe", PROBES)
def test_a_list_answers_no_question_it_does_not_offer(
    alice: User, own: Order, foreign: Order, address: str, probe: str
) -> None:
    """Otherwise the addresses of one's own list would tell, letter by letter, any row of the database."""
    browser = signed_in(alice)

    plain, narrowed = browser.get(address), browser.get(address, {probe: "no row begins so"})

    assert narrowed.status_code == 200
    assert narrowed.context["result_count"] == plain.context["result_count"] == 1


@pytest.mark.parametrize("query", ["nonsense=1", "sent_at__gte=nonsense", "status__exact__in=%00", "created_at__lt=x"])
@pytest.mark.parametrize("address", LISTS.values())
def test_a_mangled_address_shows_the_list(alice: User, own: Order, address: str, query: str) -> None:
    response = signed_in(alice).get(f"{address}?{query}", follow=True)

    assert response.status_code == 200
    assert response.context["result_count"] == 1


def test_reading_one_order_needs_the_role_in_its_own_organisation(
    organisation_a: Organisation, own: Order, foreign: Order
) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)
    set_role(organisation=foreign.place.record.organisation, user=dana, role=Role.ANALYST)

    response = signed_in(dana).get(f"/admin/orders/order/inspect/{own.pk}/")

    assert response.status_code in (302, 403, 404)
    assert "Borshch" not in response.content.decode()


def test_looking_at_a_row_leaves_users_removable(alice: User, charlie: User, own: Order) -> None:
    signed_in(alice).get(f"/admin/orders/order/inspect/{own.pk}/")

    charlie.delete()

    assert not User.objects.filter(email="charlie@example.com").exists()
