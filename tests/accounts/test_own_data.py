"""A person's copy of their data, and leaving for good: nothing of them is found anywhere afterwards."""

import json
from io import StringIO
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.admin.models import FormState
from wagtail.models import ModelLogEntry, PageLogEntry

from accounts.attempts import counting
from accounts.audit import record
from accounts.letters.models import Letter
from accounts.memberships import set_role
from accounts.models import AuditAction, AuditEntry, Invitation, Membership, Organisation, User
from accounts.own_data.erasing import OnlyOwnerError, erase_person
from accounts.own_data.words import Words
from accounts.people import invitations
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage
from orders.models import Consumer, Delivery, Order, OrderStatusChange, OutboxEvent, OutboxKind, Session
from tests.factories.guests import Guest, ordered, served
from tests.factories.leftovers import places_with
from tests.factories.people import PASSWORD, make_user, signed_in

# Nobody else is called so; the name is one that JSON and SQL may write differently.
NAME, FAMILY, PHONE = "Канарейка", "O'Ganary-Quux", "+7 495 765-43-21"
ADDRESS, SECOND = "canary@quux.example", "old-canary@quux.example"
WORDS = (NAME, "O'Ganary", "Ganary-Quux", "765-43-21", "canary@quux", "old-canary")


@pytest.fixture
def dana(organisation_a: Organisation, alice: User) -> User:
    """An editor of A who has left her name wherever the product writes names."""
    invitations.invite(organisation=organisation_a, email=ADDRESS, role=Role.EDITOR, by=alice)
    user = make_user(ADDRESS, first_name=NAME, last_name=FAMILY, phone=PHONE, language="ru")
    user.emailaddress_set.create(email=SECOND, verified=True, primary=False)
    invitations.accept(invitation=Invitation.objects.get(email=ADDRESS), user=user)
    set_role(organisation=organisation_a, user=user, role=Role.OWNER, by=alice)
    invitations.invite(organisation=organisation_a, email="erin@example.com", role=Role.WAITER, by=user)
    return user


@pytest.fixture
def busy(dana: User, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, guest: Guest) -> User:
    """…and who has worked: in the admin, at the desk, with letters on their way and wrong passwords typed."""
    browser = signed_in(dana)
    browser.get("/admin/")
    browser.get("/admin/account/")
    borshch.title = "Borshch of the house"
    borshch.save_revision(user=dana, log_action=True).publish(user=dana)
    order = served(ordered(guest, borshch), dana)
    event = OutboxEvent.objects.create(place=place_a, kind=OutboxKind.ORDER_UNANSWERED, order=order)
    Delivery.objects.create(place=place_a, event=event, consumer=Consumer.LETTER, target=ADDRESS)
    Letter.objects.create(to=SECOND, subject="To you", text="…", html="…")
    Letter.objects.create(
        to="erin@example.com", subject=f"{dana} invites you", text=f"{dana} <{ADDRESS}>", html=f"<b>{dana}</b>"
    )
    counting.begin(account=counting.account_key(ADDRESS), browser="")
    FormState.objects.create(user=dana, content_object=borshch, data=f"title={NAME}", last_updated_at=timezone.now())
    ModelLogEntry.objects.log_action(dana, "wagtail.edit", user=dana, title=str(dana))
    record(
        AuditAction.ROLE_CHANGED,
        organisation_id=place_a.record.organisation_id,
        by=None,
        subject=f"{dana} (earlier@quux.example)",
        before=ADDRESS.upper(),
        after=["x", {"who": f"{NAME} {FAMILY}"}],
    )
    return dana


def confirm(browser: Client) -> None:
    answer = browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def test_the_copy_holds_what_is_kept(busy: User, organisation_a: Organisation, alice: User) -> None:
    browser = signed_in(busy)
    asked = browser.get("/accounts/own-data/download/")
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    confirm(browser)

    answer = browser.get("/accounts/own-data/download/")

    assert answer["Content-Disposition"] == 'attachment; filename="menusite-my-data.json"'
    assert "no-store" in answer["Cache-Control"]
    data = json.loads(answer.content)
    assert data["person"] | {"registered_at": "", "last_signed_in_at": ""} == {
        "email": ADDRESS,
        "first_name": NAME,
        "last_name": FAMILY,
        "phone": PHONE,
        "language": "ru",
        "registered_at": "",
        "last_signed_in_at": "",
    }
    assert [row["email"] for row in data["addresses"]] == [ADDRESS, SECOND]
    assert [row["organisation_name"] for row in data["organisations"]] == [organisation_a.name]
    assert [row["email"] for row in data["invitations"]] == [ADDRESS]
    assert [row["email"] for row in data["invitations_sent"]] == ["erin@example.com"]
    assert [row["after"] for row in data["orders_moved"]] == ["accepted", "ready", "served"]
    assert "Borshch of the house" in {row["label"] for row in data["edits_of_pages"]}
    assert len(data["sign_ins_that_hold"]) == 2
    # What others did, and what opens doors, is in nobody's copy.
    text = answer.content.decode()
    assert alice.email not in json.dumps(data["audit_log"])
    assert not [secret for secret in (busy.password, *Session.objects.values_list("pk", flat=True)) if secret in text]

    printed = StringIO()
    call_command("export_person", ADDRESS.upper(), stdout=printed)
    assert json.loads(printed.getvalue())["person"]["phone"] == PHONE


def test_nothing_of_the_person_is_found_afterwards(
    busy: User, organisation_a: Organisation, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    assert len({place.split(":")[0] for place in places_with(WORDS)}) >= 8
    facts = (Order.objects.count(), OrderStatusChange.objects.count(), PageLogEntry.objects.count())
    told = list(AuditEntry.objects.values_list("pk", "action", "by", "created_at"))
    browser = signed_in(busy)
    confirm(browser)
    page = browser.get("/accounts/own-data/")
    assert 'action="/accounts/own-data/erase/"' in page.content.decode()
    assert browser.post("/accounts/own-data/erase/").status_code == 422

    answer = browser.post("/accounts/own-data/erase/", {"sure": "1"})

    assert answer.status_code == 200
    assert "/admin/" not in answer.content.decode()
    # The home screen is kept for some seconds under what is on it; the next one is not theirs to see.
    assert {place.split(":")[0] for place in places_with(WORDS)} <= {"cache"}
    cache.clear()
    assert places_with(WORDS) == set()
    assert not [line for line in caplog.messages for word in WORDS if word in line]
    busy.refresh_from_db()
    # In the language of whoever left.
    stand_in = "удалённый пользователь"
    with translation.override("ru"):
        assert str(busy) == stand_in
    assert (busy.is_erased, busy.is_active, busy.has_usable_password()) == (True, False, False)
    assert (Membership.objects.filter(user=busy).count(), Session.objects.filter(user=busy).count()) == (0, 0)
    # What was done stays told.
    assert (Order.objects.count(), OrderStatusChange.objects.count(), PageLogEntry.objects.count()) == facts
    assert list(AuditEntry.objects.values_list("pk", "action", "by", "created_at")[1:]) == told
    assert set(OrderStatusChange.objects.exclude(by=None).values_list("by", flat=True)) == {busy.pk}
    assert stand_in in str(AuditEntry.objects.get(subject__contains=stand_in, by=None).details)
    assert signed_in(alice).get("/admin/").status_code == 200
    assert Client().post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}).status_code == 200


def test_the_only_owner_is_shown_the_way_out(alice: User, organisation_a: Organisation, charlie: User) -> None:
    browser = signed_in(alice)
    confirm(browser)

    page = browser.get("/accounts/own-data/").content.decode()

    assert organisation_a.name in page
    assert f'href="{reverse("organisation_people:index", args=[organisation_a.slug])}"' in page
    assert "own-data/erase" not in page
    assert browser.post("/accounts/own-data/erase/", {"sure": "1"}).status_code == 409
    with pytest.raises(CommandError, match="the only owner of"):
        call_command("erase_person", alice.email, "--yes")
    assert User.objects.get(pk=alice.pk).email == "alice@example.com"

    set_role(organisation=organisation_a, user=charlie, role=Role.OWNER, by=alice)
    assert browser.post("/accounts/own-data/erase/", {"sure": "1"}).status_code == 200
    assert list(Membership.objects.values_list("user", flat=True)) == [charlie.pk]


def test_erasing_asks_who_one_is(charlie: User) -> None:
    browser = signed_in(charlie)

    answer = browser.post("/accounts/own-data/erase/", {"sure": "1"})

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert browser.get("/accounts/own-data/erase/")["Location"] == "/accounts/own-data/"
    assert not User.objects.get(pk=charlie.pk).is_erased


def test_an_address_that_never_came_is_forgotten_too(organisation_a: Organisation, alice: User) -> None:
    invitations.invite(organisation=organisation_a, email=ADDRESS, role=Role.WAITER, by=alice)
    assert places_with([ADDRESS])

    with mock.patch("builtins.input", return_value="no"), pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", ADDRESS)
    call_command("erase_person", ADDRESS, "--yes", stdout=StringIO())

    assert places_with([ADDRESS]) == set()
    assert AuditEntry.objects.get(action=AuditAction.MEMBER_INVITED).by == alice
    with pytest.raises(CommandError, match="Nothing is kept"):
        call_command("erase_person", ADDRESS, "--yes")


def test_words_are_taken_out_whole_and_nobody_elses() -> None:
    words = Words(frozenset({"ann@example.com"}), "Ann Lee")
    kept: Any = ["Joann Lee", "Ann Leeds", "joann@example.com", "ann@example.com.au", "Annabel", 7, None]

    assert words.taken_out(kept, "—") == kept
    assert words.taken_out({"a": ["Ann Lee (old@example.com): ANN@example.com", "by ann lee."]}, "—") == {
        "a": ["—: —", "by —."]
    }


def test_erasing_opens_the_audit_log_to_nobody_else(alice: User, organisation_a: Organisation, charlie: User) -> None:
    record(AuditAction.MEMBER_JOINED, organisation_id=organisation_a.pk, by=charlie, subject="x")
    erase_person(user=charlie)
    if connection.vendor != "postgresql":
        return
    facts = ("action = 'price_changed'", "by_id = NULL", "created_at = now()", "organisation_id = 0")
    erasing = "SELECT set_config('menusite.erasing_a_person', 'on', true); "
    statements = ["UPDATE accounts_auditentry SET by_name = 'x'", f"{erasing} DELETE FROM accounts_auditentry"]
    for statement in statements + [f"{erasing} UPDATE accounts_auditentry SET {fact}" for fact in facts]:
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_only_owner_is_found_in_each_organisation(alice: User, organisation_a: Organisation, bob: User) -> None:
    set_role(organisation=organisation_a, user=bob, role=Role.OWNER, by=alice)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    with pytest.raises(OnlyOwnerError, match=organisation_a.name):
        erase_person(user=alice)
