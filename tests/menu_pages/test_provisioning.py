"""An organisation's first place is made whole or not at all."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from accounts.scope import no_scope
from accounts.signals import organisation_activated
from menu_pages.addresses import keep
from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.provisioning import create_organisation, create_place, menu_group
from tests.factories.people import make_user

RECORD = {"currency": "RUB", "time_zone": "Europe/Moscow", "language": "ru"}


def counts() -> list[int]:
    models = (Organisation, PlacePage, PlaceRecord, Membership, Collection, Group, GroupPagePermission)
    return [model.objects.count() for model in models]


def test_an_organisation_comes_with_its_place_and_owner(alice: User) -> None:
    place = create_organisation(name="Чайная №1", owner=alice, **RECORD)

    stored = PlacePage.objects.get()
    membership = Membership.objects.get()
    assert stored == place
    assert (stored.title, stored.slug, stored.live, stored.href) == (
        "Чайная №1",
        "chaynaya-no1",
        True,
        "/chaynaya-no1/",
    )
    assert (stored.record.organisation.name, stored.record.currency) == ("Чайная №1", "RUB")
    assert (membership.user, membership.organisation, membership.role) == (
        alice,
        stored.record.organisation,
        Role.OWNER,
    )
    assert stored.record.collection.name == f"Чайная №1 ({stored.record.organisation.slug})"


def test_the_group_may_edit_its_own_pages_and_pictures_only(alice: User) -> None:
    place = create_organisation(name="Teahouse", owner=alice, **RECORD)

    group = menu_group(place.record.organisation)
    pages = GroupPagePermission.objects.filter(group=group)
    pictures = GroupCollectionPermission.objects.filter(group=group)
    assert {row.page_id for row in pages} == {place.pk}
    assert {row.permission.codename for row in pages} == {
        "add_page",
        "change_page",
        "publish_page",
        "bulk_delete_page",
        "lock_page",
        "unlock_page",
    }
    assert {row.collection_id for row in pictures} == {place.record.collection_id}
    assert {row.permission.codename for row in pictures} == {"add_image", "change_image", "choose_image"}
    assert set(group.permissions.values_list("codename", flat=True)) == {"access_admin"}


def test_the_news_is_told(alice: User) -> None:
    told: list[Any] = []

    def listen(sender: Any, **news: Any) -> None:
        told.append((news["organisation"], news["owner"], news["place"]))

    organisation_activated.connect(listen)
    try:
        place = create_organisation(name="Teahouse", owner=alice, **RECORD)
    finally:
        organisation_activated.disconnect(listen)

    assert told == [(place.record.organisation, alice, place)]


def test_it_needs_no_scope_of_its_caller(alice: User) -> None:
    with no_scope():
        create_organisation(name="Teahouse", owner=alice, **RECORD)

    assert PlacePage.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place_slug": "teahouse"}, "slug"),
        ({"place_slug": "admin"}, "slug"),
        ({"place_slug": "Not an address!"}, "slug"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"time_zone": "Moscow"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"language": "xx"}, "language"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_what_does_not_fit_leaves_nothing_behind(place_a: PlacePage, change: dict[str, str], field: str) -> None:
    dana = make_user("dana@example.com")
    before = counts()

    with pytest.raises(ValidationError) as refused:
        create_organisation(**{"name": "Second", "owner": dana, **RECORD, **change})

    assert field in refused.value.message_dict
    assert counts() == before
    assert dana.groups.count() == 0


def test_equal_titles_get_addresses_of_their_own(alice: User, bob: User) -> None:
    slugs = [create_organisation(name="Чайная", owner=owner, **RECORD).slug for owner in (alice, bob, alice)]

    assert slugs == ["chaynaya", "chaynaya-2", "chaynaya-3"]


def test_a_title_that_is_a_service_word_gets_a_number(alice: User) -> None:
    assert create_organisation(name="Admin", owner=alice, **RECORD).slug == "admin-2"


def test_an_address_another_place_once_had_stays_its_own(alice: User, place_a: PlacePage) -> None:
    keep(place=place_a, old_slug="chaynaya")

    made = create_organisation(name="Чайная", owner=alice, **RECORD)
    with pytest.raises(ValidationError) as refused:
        create_organisation(name="Other", owner=alice, place_slug="chaynaya", **RECORD)

    assert made.slug == "chaynaya-2"
    assert refused.value.message_dict == {"slug": ["This address belonged to another place and still leads there."]}


def test_a_second_place_shares_people_and_pictures(place_a: PlacePage) -> None:
    second = create_place(organisation=place_a.record.organisation, title="Bakery", **RECORD)

    assert second.record.collection == place_a.record.collection
    pages = GroupPagePermission.objects.filter(group=menu_group(place_a.record.organisation))
    assert {row.page_id for row in pages} == {place_a.pk, second.pk}
    assert Membership.objects.count() == 1


def test_two_organisations_share_nothing(place_a: PlacePage, place_b: PlacePage) -> None:
    assert place_a.record.collection != place_b.record.collection
    assert menu_group(place_a.record.organisation) != menu_group(place_b.record.organisation)
