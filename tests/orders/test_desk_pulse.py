"""A desk's question of each second: what it costs, what it tells, whom."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.memberships import remove_member, set_role
from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from orders.calls import move_call
from orders.models import CallStatus, Order, OrderStatus, Session
from orders.order_states import acknowledge_order, move_order
from orders.seatings import open_by_staff
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in
from tests.factories.service import called

DESK = "/staff/teahouse/"
PULSE = f"{DESK}pulse/"


@pytest.fixture
def browser(charlie: User, guest: Guest) -> Client:
    """The waiter's, with something on the desk."""
    return signed_in(charlie)


def version_shown(browser: Client) -> int:
    return browser.get(DESK).context["version"]


def member(organisation: Organisation, role: str) -> User:
    if role == "operator":
        return User.objects.create_superuser("operator@example.com")
    return make_member(f"{role}@example.com", organisation, Role(role))


@pytest.mark.parametrize("role", ["waiter", "kitchen", "manager", "owner", "operator"])
@pytest.mark.parametrize("fresh", [True, False])
def test_it_costs_one_query(
    organisation_a: Organisation,
    guest: Guest,
    django_assert_num_queries: DjangoAssertNumQueries,
    role: str,
    fresh: bool,
) -> None:
    browser = signed_in(member(organisation_a, role))
    since = version_shown(browser) if fresh else 0

    with django_assert_num_queries(1):
        response = browser.get(PULSE, {"since": since})

    assert response.status_code == (204 if fresh else 200)


@pytest.mark.parametrize("role", ["editor", "analyst"])
def test_roles_without_a_desk_hear_nothing(organisation_a: Organisation, guest: Guest, role: str) -> None:
    response = signed_in(member(organisation_a, role)).get(PULSE)

    assert (response.status_code, response.content) == (404, b"")


def test_it_says_no_more_than_the_version(browser: Client) -> None:
    version = version_shown(browser)

    same, other = browser.get(PULSE, {"since": version}), browser.get(PULSE, {"since": version - 1})

    assert (same.status_code, same.content) == (204, b"")
    assert (other.status_code, other.content) == (200, str(version).encode())
    assert ["no-store" in answer["Cache-Control"] for answer in (same, other)] == [True, True]
    assert [answer.cookies for answer in (same, other)] == [{}, {}]


def test_a_place_where_nothing_has_happened_yet(charlie: User, place_a: PlacePage) -> None:
    browser = signed_in(charlie)

    assert browser.get(PULSE, {"since": "0"}).status_code == 204


@pytest.mark.parametrize("since", ["", "abc", "-1", "\0", "9" * 40])
def test_a_version_nobody_gave_is_answered_with_the_true_one(browser: Client, since: str) -> None:
    assert browser.get(PULSE, {"since": since}).status_code == 200


HAPPENINGS = ("order", "step", "seen", "scan", "call", "call step", "open", "close", "sharing")


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_news_change_the_version(
    browser: Client, charlie: User, guest: Guest, borshch: DishPage, happening: str
) -> None:
    order, call = ordered(guest, borshch), called(guest)
    other = guest_at(table_of(guest.place, 7))
    Order.objects.update(status="served" if happening == "close" else "sent")
    version = version_shown(browser)

    match happening:
        case "order":
            ordered(guest, borshch)
        case "step":
            move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=None)
        case "seen":
            acknowledge_order(order_id=order.pk)
        case "scan":
            guest_at(table_of(guest.place, 8))
        case "call":
            called(guest_at(table_of(guest.place, 7)), "bill")
        case "call step":
            move_call(call_id=call.pk, to=CallStatus.SEEN, by=charlie)
        case "open":
            open_by_staff(table=table_of(guest.place, 9), by=charlie)
        case "close":
            browser.post(f"{DESK}tables/7/close/")
        case "sharing":
            browser.post(f"{DESK}guests/{other.visit.public_id}/", {"to": "granted"})

    assert browser.get(PULSE, {"since": version}).status_code == 200


def test_showing_the_desk_is_no_news(browser: Client, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    version = version_shown(browser)

    assert browser.get(PULSE, {"since": version}).status_code == 204


def test_whoever_is_removed_is_told_at_the_next_question(
    browser: Client, charlie: User, organisation_a: Organisation
) -> None:
    version = version_shown(browser)

    remove_member(organisation=organisation_a, user=charlie)

    assert browser.get(PULSE, {"since": version}).status_code == 404
    assert browser.get(DESK).status_code == 404


@pytest.mark.parametrize("change", ["role", "closed account", "password", "signed out", "expired", "deleted"])
def test_a_sign_in_that_holds_no_longer(
    browser: Client, charlie: User, organisation_a: Organisation, change: str
) -> None:
    version, key = version_shown(browser), browser.session.session_key

    match change:
        case "role":
            set_role(organisation=organisation_a, user=charlie, role=Role.ANALYST)
        case "closed account":
            User.objects.filter(pk=charlie.pk).update(is_active=False)
        case "password":
            charlie.set_password("another-long-password")
            charlie.save()
        case "signed out":
            Session.objects.filter(pk=key).delete()
        case "expired":
            Session.objects.update(expire_date=timezone.now())
        case "deleted":
            charlie.delete()

    assert browser.get(PULSE, {"since": version}).status_code == 404


def test_a_rotated_secret_ends_no_desk(browser: Client, settings: object) -> None:
    version = version_shown(browser)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new key"
    settings.SECRET_KEY_FALLBACKS = [old]

    assert browser.get(PULSE, {"since": version}).status_code == 204


@pytest.mark.parametrize("key", ["", "nonsense", "a\0b", "x" * 4000])
def test_strangers_hear_nothing(guest: Guest, key: str) -> None:
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = key

    assert [client.get(PULSE).status_code for client in (Client(), guest.client, stranger)] == [404] * 3


def test_anothers_place_is_as_if_it_did_not_exist(bob: User, place_b: PlacePage, guest: Guest) -> None:
    browser = signed_in(bob)

    foreign, missing = browser.get(PULSE), browser.get("/staff/nothing/pulse/")

    assert (foreign.status_code, foreign.content) == (404, b"")
    assert (missing.status_code, missing.content) == (404, b"")
    assert browser.get("/staff/pizzeria/pulse/", {"since": "0"}).status_code == 204


def test_a_session_that_names_somebody_else_in_its_column_is_not_believed(
    browser: Client, bob: User, place_b: PlacePage, charlie: User
) -> None:
    browser.get(DESK)
    Session.objects.filter(pk=browser.session.session_key).update(user=bob)

    assert browser.get(PULSE).status_code == 404
    assert browser.get("/staff/pizzeria/pulse/").status_code == 404


def test_a_session_from_before_the_column_gets_it(browser: Client, charlie: User) -> None:
    version = version_shown(browser)
    Session.objects.update(user=None)

    answers = [browser.get(PULSE, {"since": version}).status_code for _ in range(2)]

    assert answers == [200, 204]
    assert Session.objects.get(pk=browser.session.session_key).user == charlie


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_it_is_only_read(browser: Client, method: str) -> None:
    assert getattr(browser, method)(PULSE).status_code == 405
