"""The Big List of Naughty Strings and our own list, in every field that takes words: kept exactly, or refused there."""

import csv
import io
import json
import logging
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from accounts.card.forms import CardForm
from accounts.card.saving import mark_of
from accounts.letters.writing import write
from accounts.models import Organisation, User
from accounts.people.forms import InviteForm, NewPersonForm
from accounts.profile.forms import ProfileForm
from accounts.roles import Role
from menu_pages.menu_files.exporting import export_menu
from menu_pages.menu_files.texts import clean_text, one_line
from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.qr.forms import LabelForm
from menusite.logs import JsonLines, PlainLines
from orders.forms import AddForm, CallForm, OrderForm, RatingForm
from orders.models import BasketLine, Order
from orders.service_admin.forms import StationForm, WebhookForm
from tests.attacks.every_text import EVERY, OTHERS, together
from tests.attacks.naughty import kept
from tests.attacks.test_texts import run_by
from tests.factories.guests import Guest, ordered
from tests.factories.menus import make_dish, option_group
from tests.factories.people import PASSWORD, signed_in
from tests.factories.stations import make_station
from tests.factories.tills import import_orders, till_file, till_row
from tests.isolation.bodies import dish_form

pytestmark = pytest.mark.attacks

Filled = Callable[[str], forms.Form]


def fields_of(place: PlacePage, person: User) -> dict[str, tuple[str, Filled]]:
    """Of each form the field that takes words, and the form filled in with some."""
    organisation: Organisation = place.record.organisation
    table = Table.objects.get(place=place, number=7)
    station = make_station(place, "Bar")
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    card = {"name": "Teahouse", "seen": mark_of(organisation)}

    def of_card(name: str) -> Filled:
        return lambda text: CardForm({**card, name: text}, instance=organisation)

    return {
        "note of a dish": ("note", lambda text: AddForm({"dish": "soups/borshch", "note": text})),
        "comment": ("comment", lambda text: OrderForm({"comment": text})),
        "note of a call": ("note", lambda text: CallForm({"kind": "come", "note": text})),
        "words of a rating": ("text", lambda text: RatingForm({"score": "5", "text": text})),
        "label of a table": ("label", lambda text: LabelForm({"label": text}, instance=table)),
        "zone of a table": ("zone", lambda text: LabelForm({"zone": text}, instance=table)),
        "first name": ("first_name", lambda text: ProfileForm({"first_name": text}, instance=person)),
        "last name": ("last_name", lambda text: ProfileForm({"last_name": text}, instance=person)),
        "name of somebody invited": (
            "first_name",
            lambda text: NewPersonForm({"first_name": text, **passwords}, email="dana@example.com"),
        ),
        "organisation": ("name", of_card("name")),
        "legal name": ("legal_name", of_card("legal_name")),
        "address": ("address", of_card("address")),
        "phone": ("phone", of_card("phone")),
        "tax number": ("tax_number", of_card("tax_number")),
        "title of a station": (
            "title",
            lambda text: StationForm({"title": text, "printer_port": "9100"}, instance=station, place=place),
        ),
        "address of a webhook": ("url", lambda text: WebhookForm({"url": text}, place=place)),
        "address of somebody invited": ("email", lambda text: InviteForm({"email": text, "role": "waiter"})),
    }


# What these hold is no words: whatever they do not take they refuse.
NO_WORDS = ("phone", "tax number", "address of a webhook", "address of somebody invited")


def test_every_field_keeps_them_or_refuses_them(place_a: PlacePage, alice: User) -> None:
    """Several at once, as many as the field takes; where no words belong, each by itself."""
    changed = []
    for name, (field, filled) in fields_of(place_a, alice).items():
        most = filled("").fields[field].max_length
        for text in EVERY if name in NO_WORDS else together(EVERY, most):
            form = filled(text)
            if not form.is_valid():
                assert field in form.errors, (name, text, form.errors)
                changed += [] if name in NO_WORDS or not kept(text) else [(name, "refused", text)]
                continue
            said = form.cleaned_data[field]
            wrong = said not in (kept(text), " ".join(text.split())) and name not in NO_WORDS
            wrong |= name == "address of a webhook" and not said.startswith("https://")
            changed += [(name, said, text)] if wrong else []

    assert changed == []


def test_the_dish_editor_keeps_them(alice: User, borshch: DishPage) -> None:
    """Title, description and options, as its form sends them; then the page of the menu, its card, and JSON."""
    browser, address = signed_in(alice), reverse("wagtailadmin_pages:edit", args=[borshch.pk])
    titles, words = [*together(EVERY, 255)], [*together(EVERY, 1000)]
    options = iter([kept(text)[:80] for text in together(EVERY, 80) if kept(text)])
    changed = []
    for number, text in enumerate(words):
        group = [
            {"value": {"title": title, "price": "", "default": ""}, "deleted": "", "order": str(place), "id": ""}
            for place, title in enumerate(option for _count, option in zip(range(20), options, strict=False))
        ]
        chosen = {"title": titles[number][:80], "minimum": "0", "maximum": "1", "options": as_list(group)}
        data = dish_form(title=titles[number], slug="borshch", description=text)
        data |= nested_form_data({"option_groups": streamfield([("group", chosen)] if group else [])})
        answer = browser.post(address, data)
        stored = DishPage.objects.get(pk=borshch.pk)
        said = [option["value"]["title"] for raw in stored.option_groups.raw_data for option in options_in(raw)]
        wanted = [option["value"]["title"] for option in group]
        if (stored.title, stored.description, said) != (kept(titles[number]), kept(text), wanted):
            changed.append((answer.status_code, text[:40], stored.title[:40]))
        page = Client().get(stored.href).content.decode()
        changed += [] if kept(text).splitlines()[0][:60] in unescape(page) else [("not shown", text[:60])]
        assert run_by(page) == []

    assert changed == []
    (row,) = json.loads(export_menu(borshch.place, "json"))
    assert row["description"] == clean_text(kept(words[-1]))


def as_list(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": str(len(items)), **{str(number): item for number, item in enumerate(items)}}


def options_in(raw: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = raw["value"]["options"]
    return found


def test_a_tills_file_of_them(place_a: PlacePage) -> None:
    """Dishes, categories, waiters and ways of paying of an old till, as they stand in the tables afterwards."""
    texts = [text[:255] for text in OTHERS if one_line(text)]
    rows = [till_row(str(n), text, category=text, waiter=text[:60], payment=text[:30]) for n, text in enumerate(texts)]

    import_orders(place_a, till_file(rows))

    lines = {line.order.till_id: line for line in BasketLine.objects.select_related("order")}
    assert len(lines) == len(texts)
    found = {n: (lines[str(n)].title, lines[str(n)].category) for n in range(len(texts))}
    assert found == {n: (one_line(text), one_line(text)) for n, text in enumerate(texts)}


def test_letters_say_them_as_they_are(place_a: PlacePage, alice: User) -> None:
    """The letter of an invitation, with a name of an organisation made of them: plain, HTML, and the subject."""
    organisation = place_a.record.organisation
    wrong = []
    for text in together(EVERY, 120):
        organisation.name = alice.first_name = kept(text)
        context = {"organisation": organisation, "inviter": alice, "role": Role.WAITER, "url": "https://x.example/"}
        letter = write("accounts/people/letter.html", "en", context)
        words = " ".join(text.split())
        wrong += [] if words in " ".join(letter.text.split()) else [text]
        wrong += run_by(letter.html)
        wrong += [] if "\n" not in letter.subject and "\r" not in letter.subject else [letter.subject]

    assert wrong == []


def test_no_line_of_the_log_is_made_two(caplog: pytest.LogCaptureFixture) -> None:
    for text in EVERY:
        record = logging.LogRecord("orders.x", logging.WARNING, __file__, 1, "Said: %s", (text,), None)
        line, plain = JsonLines().format(record), PlainLines().format(record)
        assert line.isascii()
        assert json.loads(line)["message"].startswith("Said: ")
        assert [sign for sign in line + plain if ord(sign) < 32 or sign in "\x7f\x85\u2028\u2029\u202e"] == []


def test_paper_is_printed_whatever_is_said(guest: Guest, borshch: DishPage, charlie: User) -> None:
    order = ordered(guest, borshch)
    browser, address = signed_in(charlie), reverse("desk:ticket_pdf", args=[guest.place.slug, order.public_id])
    for text in [*together(EVERY, 280)][::8]:
        Order.objects.filter(pk=order.pk).update(comment=text)
        paper = browser.get(address)
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")


def test_control_a_field_that_changes_them_is_seen(
    place_a: PlacePage, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that drops what it does not like, as a cleaner of markup would, is told from one that keeps it."""
    monkeypatch.setattr(OrderForm, "clean_comment", lambda form: form.cleaned_data["comment"].replace("<", ""), False)

    with pytest.raises(AssertionError, match="comment"):
        test_every_field_keeps_them_or_refuses_them(place_a, alice)


def test_rows_of_a_spreadsheet_file_are_not_made_by_texts(place_a: PlacePage, borshch: DishPage) -> None:
    make_dish(borshch.get_parent().specific, "Tea", options=[option_group("Size", {"a,b;c": "1"})])
    DishPage.objects.filter(pk=borshch.pk).update(description='a";=1+1\r\n=2+2,"=3')

    rows = list(csv.DictReader(io.StringIO(export_menu(borshch.place, "csv").decode("utf-8-sig"), newline="")))

    assert len(rows) == 2
