"""Hostile and strange texts: kept exactly or refused in words, shown as text, run by nobody."""

import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry, User
from menu_pages.menu_files.exporting import export_menu
from menu_pages.menu_files.texts import clean_text, one_line
from menu_pages.models import DishPage, PlacePage, Table
from orders.models import Order, Rating, WaiterCall
from tests.attacks.naughty import BROKEN, FORMULAS, INVISIBLE, LETTERS, MARKUP, NAUGHTY, QUERIES, TOO_LONG, kept
from tests.factories.guests import Guest
from tests.factories.menu_files import dish_row, import_file
from tests.factories.people import signed_in

pytestmark = pytest.mark.attacks

# A guest rates once, with up to a thousand letters.
RATED = (*MARKUP, *QUERIES[:8], *LETTERS[:12], *INVISIBLE)
EXECUTED = ("<script>alert(1)", "<img src=x", "<svg/onload", "5332114", "<a href=javascript:")


def run_by(page: str) -> list[str]:
    """What of the texts the page would run."""
    return [f"runs {sign}" for sign in EXECUTED if sign in page]


def test_what_guests_write(guest: Guest, borshch: DishPage, charlie: User) -> None:
    """A note, a comment, a call, a rating: as it stands in the database, and as guest, desk and printer get it."""
    guest.add(borshch)
    changed, refused = [], []
    for text in NAUGHTY:
        answer = guest.change(guest.only_line(), note=text, quantity="1")
        if answer.status_code == 400:
            refused.append(text)
        elif guest.lines[0]["note"] != kept(text):
            changed.append((text, guest.lines[0]["note"]))
    assert (changed, refused) == ([], [])
    guest.change(guest.only_line(), note=" ".join(MARKUP[:4]))
    guest.send(comment=" ".join(MARKUP[4:14]))
    guest.call("come", note=MARKUP[0])
    guest.rate(5, text="\n".join(RATED))
    order = Order.objects.get()
    assert (order.comment, order.lines.get().note) == (" ".join(MARKUP[4:14]), " ".join(MARKUP[:4]))
    assert WaiterCall.objects.get().note == MARKUP[0]
    assert Rating.objects.get().text == "\n".join(RATED)
    desk = signed_in(charlie)
    pages = [
        guest.status(order),
        guest.table_screen(),
        desk.get(reverse("desk:board", args=[guest.place.slug])),
        desk.get(reverse("desk:ticket", args=[guest.place.slug, order.public_id])),
    ]
    paper = desk.get(reverse("desk:ticket_pdf", args=[guest.place.slug, order.public_id]))
    assert [page.status_code for page in (*pages, paper)] == [200] * 5
    assert [sign for page in pages for sign in run_by(page.content.decode())] == []


def test_what_is_no_text_is_refused(guest: Guest, borshch: DishPage, alice: User) -> None:
    """NUL, halves of characters, bytes of no encoding, a million letters: by guests, by strangers, by owners."""
    guest.add(borshch)
    line = guest.only_line()
    owner = signed_in(alice)
    place = guest.place.href
    forms = {
        (guest.client, f"{place}basket/update/"): f"line={line}&quantity=1&note=",
        (guest.client, f"{place}order/"): f"idempotency_key={guest.state.order_key}&comment=",
        (guest.client, f"{place}call/"): "kind=come&note=",
        (guest.client, f"{place}rate/"): "score=5&text=",
        (Client(headers={"origin": "http://testserver"}), "/accounts/login/"): "password=x&login=",
        (owner, "/accounts/profile/"): "last_name=x&language=en&first_name=",
        (owner, reverse("qr:label", args=[guest.place.slug, 7])): "label=",
    }

    answers = {
        f"{url} {text[:12]}": browser.post(url, start + text, content_type="application/x-www-form-urlencoded")
        for (browser, url), start in forms.items()
        for text in (*BROKEN, TOO_LONG)
    }

    # A form of the admin is shown again with what is wrong with it.
    assert {name: one.status_code for name, one in answers.items() if one.status_code not in (200, 302, 400, 422)} == {}
    ours = {name: one.status_code for name, one in answers.items() if place in name and "/admin/" not in name}
    assert set(ours.values()) == {400}
    assert (Order.objects.count(), WaiterCall.objects.count(), Rating.objects.count()) == (0, 0, 0)
    alice.refresh_from_db()
    assert (alice.first_name, Table.objects.get(place=guest.place, number=7).label) == ("", "")


def test_a_menu_of_them_comes_back_as_it_went(place_a: PlacePage, alice: User) -> None:
    """One import of dishes so described; then the pages, the three kinds of file, and the same import again."""
    texts = [text for text in NAUGHTY if clean_text(text)]
    rows = [dish_row(f"Dish {n}", description=text) for n, text in enumerate(texts)]
    rows += [dish_row(f"{one_line(text)[:60]} {n}") for n, text in enumerate((*MARKUP, *FORMULAS))]

    import_file(place_a, json.dumps(rows).encode(), name="menu.json", by=alice)

    stored = {dish.title: dish.description for dish in DishPage.objects.descendant_of(place_a)}
    assert {f"Dish {n}": stored[f"Dish {n}"] for n in range(len(texts))} == {
        f"Dish {n}": clean_text(text) for n, text in enumerate(texts)
    }
    assert {one_line(text)[:60] + f" {n}" for n, text in enumerate((*MARKUP, *FORMULAS))} <= set(stored)
    screens = [Client().get(place_a.href), signed_in(alice).get(reverse("board:index", args=[place_a.slug]))]
    assert [sign for screen in screens for sign in run_by(screen.content.decode())] == []
    files = {kind: export_menu(place_a, kind) for kind in ("json", "csv", "xlsx")}
    for kind, content in files.items():
        again = import_file(place_a, content, name=f"menu.{kind}", by=alice)
        assert (kind, again.counts().get("changed", 0)) == (kind, 0)
    assert {dish.title: dish.description for dish in DishPage.objects.descendant_of(place_a)} == stored
    cells = [cell for row in load_workbook(io.BytesIO(files["xlsx"])).active.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("'=1+1") for cell in cells)
    text = files["csv"].decode("utf-8-sig")
    assert [line for line in text.splitlines() if line.startswith(("=", "+", "@", '"=', '"+', '"@'))] == []


def test_exports_of_people_and_figures_run_no_formula(alice: User, place_a: PlacePage) -> None:
    """The audit log and the table labels in it."""
    browser = signed_in(alice)
    organisation = place_a.record.organisation
    for formula in FORMULAS[:6]:
        AuditEntry.objects.create(
            organisation=organisation, action="price_changed", by_name=formula, place_title=formula, subject=formula
        )

    answer = browser.get(reverse("organisation_log:export", args=[organisation.slug]))

    cells = [cell.strip('"') for line in answer.content.decode("utf-8-sig").splitlines() for cell in line.split(",")]
    assert any(cell.startswith("'=1+1") for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_texts_of_owners(alice: User, place_a: PlacePage) -> None:
    """A table's name, the person's own, the organisation's: kept or refused, and shown as text."""
    browser = signed_in(alice)
    changed = []
    for text in NAUGHTY:
        short = kept(text)[:40]
        browser.post(reverse("qr:label", args=[place_a.slug, 7]), {"label": short})
        label = Table.objects.get(place=place_a, number=7).label
        changed += [] if label in (kept(short), "", " ".join(short.split())) else [(short, label)]
    browser.post("/accounts/profile/", {"first_name": MARKUP[0], "last_name": MARKUP[3][:30], "language": "en"})

    pages = [browser.get(url) for url in ("/accounts/profile/", "/admin/", reverse("qr:index", args=[place_a.slug]))]

    assert changed == []
    assert [sign for page in pages for sign in run_by(page.content.decode())] == []


def test_headers_of_strange_texts(place_a: PlacePage) -> None:
    """What a browser says of itself is read, and breaks nothing."""
    names = ("accept-language", "user-agent", "referer", "accept-encoding", "if-none-match", "x-fragment", "cookie")
    texts = [text.encode("utf-8", "replace").decode("latin-1") for text in NAUGHTY]

    statuses = {
        (name, Client(raise_request_exception=False).get(place_a.href, headers={name: text}).status_code)
        for name in names
        for text in (*texts[::7], "x" * 60_000, ",".join(["ru"] * 10_000))
    }

    assert {status for _name, status in statuses} == {200}
