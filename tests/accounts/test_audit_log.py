"""The audit log: only ever added to, read by owners alone, in words; a file of it runs no formulas."""

import csv
import datetime
import io
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.audit import record
from accounts.audit_log.csv_files import defused
from accounts.audit_log.sentences import sentence_of
from accounts.models import AuditAction, AuditEntry, Organisation, User
from accounts.models.audit import AppendOnlyError
from accounts.roles import Role
from menu_pages.models import PlacePage
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(alice: User, organisation_a: Organisation) -> Client:
    return signed_in(alice)


@pytest.fixture
def entry(alice: User, organisation_a: Organisation) -> AuditEntry:
    return price(organisation_a, alice)


def price(organisation: Organisation, by: User | None, dish: str = "Borshch") -> AuditEntry:
    return record(
        AuditAction.PRICE_CHANGED,
        organisation_id=organisation.pk,
        by=by,
        subject=dish,
        place="Teahouse",
        before="390.00",
        after="420.00",
        currency="RUB",
    )


def url(organisation: Organisation, name: str = "index") -> str:
    return reverse(f"organisation_log:{name}", args=[organisation.slug])


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def cells(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_an_entry_is_never_changed_or_removed(entry: AuditEntry) -> None:
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.update(by_name="Mallory")
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.all().delete()

    assert AuditEntry.objects.get().by_name == "alice@example.com"


@pytest.mark.isolation
@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditentry SET by_name = 'Mallory'", "DELETE FROM accounts_auditentry"]
)
def test_the_database_itself_refuses(entry: AuditEntry, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().by_name == "alice@example.com"


def test_who_did_something_cannot_be_deleted(entry: AuditEntry, alice: User) -> None:
    with pytest.raises(ProtectedError):
        alice.delete()

    assert AuditEntry.objects.get().by == alice


def test_the_page_reads_as_sentences(owner: Client, organisation_a: Organisation, entry: AuditEntry) -> None:
    page = text(owner.get(url(organisation_a)))

    assert "<b>Price: Borshch</b>" in page
    assert '<del>₽390</del> <span aria-hidden="true">→</span> <ins>₽420</ins>' in page
    assert "Times are those of Europe/Moscow." in page


def test_sentences_follow_the_readers_language(alice: User, organisation_a: Organisation, entry: AuditEntry) -> None:
    with translation.override("ru"):
        _text, changes = sentence_of(entry)

    assert [(change.before, change.after) for change in changes] == [("390\u202f₽", "420\u202f₽")]


@pytest.mark.parametrize("action", AuditAction)
@pytest.mark.parametrize("details", [{}, {"before": 1}, {"before": {"name": "A"}, "after": {"name": None}}, {"x": []}])
def test_every_action_has_words_whatever_its_details(
    organisation_a: Organisation, action: AuditAction, details: dict[str, Any]
) -> None:
    entry = record(action, organisation_id=organisation_a.pk, by=None, subject="", **details)

    assert sentence_of(entry).text.strip()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_entries(
    owner: Client, alice: User, organisation_a: Organisation, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        price(organisation_a, alice, f"Dish {number}")
    owner.get(url(organisation_a))

    with django_assert_num_queries(QUERIES):
        page = text(owner.get(url(organisation_a)))

    assert page.count("<b>Price: Dish") == count


QUERIES = 20


def test_the_newest_stands_first_and_pages_follow(owner: Client, alice: User, organisation_a: Organisation) -> None:
    for number in range(51):
        price(organisation_a, alice, f"Dish {number}.")

    first = text(owner.get(url(organisation_a), {"who": "alice@example.com"}))
    second = text(owner.get(url(organisation_a), {"p": "2"}))

    assert first.index("Dish 50.") < first.index("Dish 49.")
    assert "Dish 0." not in first
    assert "Dish 0." in second
    assert 'href="?who=alice%40example.com&amp;p=2"' in first


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"action": "price_changed"}, ["Price: Borshch"]),
        ({"action": "role_changed"}, []),
        ({"who": "alice@example.com"}, ["Price: Borshch"]),
        ({"who": "-"}, ["New code of table 7"]),
        ({"since": "2000-01-01", "until": "2100-01-01"}, ["New code of table 7", "Price: Borshch"]),
        ({"since": "9999-12-31"}, []),
        ({"until": "0001-01-01"}, []),
        ({"until": "9999-12-31"}, ["New code of table 7", "Price: Borshch"]),
        ({"action": "x", "who": "\0", "since": "soon", "p": "x"}, ["New code of table 7", "Price: Borshch"]),
    ],
)
def test_the_log_is_narrowed(
    owner: Client, organisation_a: Organisation, entry: AuditEntry, query: dict[str, str], shown: list[str]
) -> None:
    record(AuditAction.TABLE_KEY_REPLACED, organisation_id=organisation_a.pk, by=None, subject="7", place="Teahouse")

    page = text(owner.get(url(organisation_a), query))

    assert [words for words in ("New code of table 7", "Price: Borshch") if f"<b>{words}</b>" in page] == shown


def test_a_day_is_a_day_on_the_clock_of_the_first_place(
    owner: Client, organisation_a: Organisation, entry: AuditEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime.datetime(2026, 3, 1, 22, 30, tzinfo=datetime.UTC)  # half past one in Moscow, on the second
    monkeypatch.setattr(timezone, "now", lambda: late)
    price(organisation_a, None, "Ukha")

    second = text(owner.get(url(organisation_a), {"since": "2026-03-02", "until": "2026-03-02"}))

    assert "Price: Ukha" in second
    assert "Price: Borshch" not in second


def test_a_file_of_the_log_is_itself_an_entry_and_runs_nothing(
    owner: Client, alice: User, organisation_a: Organisation
) -> None:
    User.objects.filter(pk=alice.pk).update(first_name="=HYPERLINK(1)")
    alice.refresh_from_db()
    price(organisation_a, alice, "Ukha")

    response = owner.get(url(organisation_a, "export"))

    head, export, ukha = cells(response)
    assert head == ["When", "Who", "Place", "What", "Before", "After"]
    assert export[1:4] == ["'=HYPERLINK(1)", "", "Export of the audit log"]
    assert ukha[1:] == ["'=HYPERLINK(1)", "Teahouse", "Price: Ukha", "₽390", "₽420"]
    assert ukha[0].endswith("+03:00")
    assert AuditEntry.objects.filter(action="data_exported", by=alice).count() == 1


@pytest.mark.parametrize("cell", ["=1+1", "+7 900", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_formula_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert defused("Borshch - hot") == "Borshch - hot"


@pytest.mark.parametrize("name", ["index", "export"])
def test_only_owners_read_it(
    organisation_a: Organisation, entry: AuditEntry, place_b: PlacePage, bob: User, charlie: User, name: str
) -> None:
    editor = make_member("eve@example.com", organisation_a, Role.EDITOR)

    answers = [signed_in(user).get(url(organisation_a, name)).status_code for user in (bob, charlie, editor)]

    assert answers == [404, 404, 404]
    assert Client().get(url(organisation_a, name))["Location"].startswith("/accounts/login/")
    assert AuditEntry.objects.count() == 1


def test_a_foreign_log_shows_nothing_of_ours(bob: User, place_b: PlacePage, entry: AuditEntry) -> None:
    page = text(signed_in(bob).get(url(place_b.record.organisation)))

    assert "Borshch" not in page
    assert "alice@example.com" not in page
