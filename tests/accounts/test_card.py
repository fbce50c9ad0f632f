"""The organisation card: who keeps it, what is refused, and two owners at once."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.card.logos import redraw
from accounts.card.saving import CardChangedError, mark_of, save_card
from accounts.models import AuditAction, AuditEntry, Organisation, User
from accounts.roles import Role
from menu_pages.models import PlacePage
from tests.accounts.test_card_logos import picture
from tests.factories.people import make_member, signed_in

TEXTS = {
    "name": "Teahouse Ltd",
    "legal_name": "ООО «Чайная»",
    "tax_number": "7707083893",
    "address": "Москва, Чайный переулок, 8",
    "phone": "+7 495 123-45-67",
    "email": "tea@example.com",
}


def url(organisation: Organisation) -> str:
    return f"/admin/organisations/{organisation.slug}/card/"


def typed(organisation: Organisation, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it back."""
    return {**TEXTS, "seen": mark_of(organisation), **changes}


def logo_file(name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture())


def stored(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def test_the_owner_fills_the_card(alice: User, organisation_a: Organisation) -> None:
    response = signed_in(alice).post(url(organisation_a), typed(organisation_a, phone=" +7 495  123-45-67 "))

    assert (response.status_code, response["Location"]) == (302, url(organisation_a))
    organisation_a.refresh_from_db()
    assert {name: getattr(organisation_a, name) for name in TEXTS} == TEXTS


def test_the_audit_log_tells_what_changed(alice: User, organisation_a: Organisation) -> None:
    client = signed_in(alice)

    client.post(url(organisation_a), typed(organisation_a))
    organisation_a.refresh_from_db()
    client.post(url(organisation_a), typed(organisation_a))

    (entry,) = AuditEntry.objects.filter(action=AuditAction.ORGANISATION_CHANGED)
    assert (entry.organisation_id, entry.by, entry.subject) == (organisation_a.pk, alice, "Teahouse Ltd")
    changed = {name: text for name, text in TEXTS.items() if name != "name"}
    assert entry.details == {"before": dict.fromkeys(changed, ""), "after": changed}


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("tax_number", "7707083894", "check digits"),
        ("name", "", "required"),
        ("email", "tea", "valid email"),
        ("phone", "call me", "with its code"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    alice: User, organisation_a: Organisation, field: str, text: str, words: str
) -> None:
    response = signed_in(alice).post(url(organisation_a), typed(organisation_a, **{field: text}))

    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    others = {name: form[name].value() for name in TEXTS if name != field}
    assert others == {name: value for name, value in TEXTS.items() if name != field}
    assert form[field].value() == text
    assert Organisation.objects.get(pk=organisation_a.pk).legal_name == ""


def test_a_logo_is_kept_redrawn_and_shown(alice: User, organisation_a: Organisation, media: Path) -> None:
    client = signed_in(alice)

    client.post(url(organisation_a), typed(organisation_a, logo=logo_file("secret-name.png")))

    organisation_a.refresh_from_db()
    assert re.fullmatch(r"organisations/[0-9a-f]{32}\.png", organisation_a.logo.name)
    assert stored(media) == [Path(organisation_a.logo.name).name]
    assert organisation_a.logo.url in client.get(url(organisation_a)).content.decode()


@pytest.mark.parametrize("change", [{"logo": "another"}, {"remove_logo": "on"}])
def test_the_file_of_a_former_logo_goes_after_the_commit(
    alice: User,
    organisation_a: Organisation,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    change: dict[str, Any],
) -> None:
    client = signed_in(alice)
    client.post(url(organisation_a), typed(organisation_a, logo=logo_file()))
    organisation_a.refresh_from_db()
    former = Path(organisation_a.logo.name).name
    if "logo" in change:
        change = {"logo": logo_file()}

    with django_capture_on_commit_callbacks() as callbacks:
        client.post(url(organisation_a), typed(organisation_a, **change))
    assert former in stored(media)
    for callback in callbacks:
        callback()

    organisation_a.refresh_from_db()
    kept = [Path(organisation_a.logo.name).name] if organisation_a.logo else []
    assert stored(media) == kept
    assert former not in kept


def test_a_refused_logo_leaves_the_old_one(alice: User, organisation_a: Organisation, media: Path) -> None:
    client = signed_in(alice)
    client.post(url(organisation_a), typed(organisation_a, logo=logo_file()))
    organisation_a.refresh_from_db()
    before = organisation_a.logo.name

    svg = SimpleUploadedFile("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
    response = client.post(url(organisation_a), typed(organisation_a, logo=svg))

    assert response.status_code == 422
    assert "not a JPEG, PNG or WebP picture" in response.context["form"].errors["logo"][0]
    organisation_a.refresh_from_db()
    assert organisation_a.logo.name == before
    assert stored(media) == [Path(before).name]


def test_a_card_changed_meanwhile_is_shown_and_not_overwritten(
    alice: User, organisation_a: Organisation, media: Path
) -> None:
    seen_by_alice = typed(organisation_a, address="Alice's street", logo=logo_file())
    anna = make_member("anna@example.com", organisation_a, Role.OWNER)
    signed_in(anna).post(url(organisation_a), typed(organisation_a, phone="+7 812 000-00-00"))

    response = signed_in(alice).post(url(organisation_a), seen_by_alice)

    assert response.status_code == 409
    organisation_a.refresh_from_db()
    assert (organisation_a.address, organisation_a.phone) == (TEXTS["address"], "+7 812 000-00-00")
    form = response.context["form"]
    assert (form["phone"].value(), form["seen"].value()) == ("+7 812 000-00-00", mark_of(organisation_a))
    assert "Alice&#x27;s street" in response.content.decode()
    assert stored(media) == []


def test_a_failing_transaction_takes_the_new_file_along(alice: User, organisation_a: Organisation, media: Path) -> None:
    with pytest.raises(CardChangedError), transaction.atomic():
        save_card(organisation=organisation_a, texts=TEXTS, seen="old", by=alice, logo=redraw(logo_file()))

    assert stored(media) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_bob_finds_no_such_page(bob: User, place_b: PlacePage, organisation_a: Organisation, method: str) -> None:
    response = getattr(signed_in(bob), method)(url(organisation_a), typed(organisation_a, name="Bob's now"))

    assert response.status_code == 404
    assert "Teahouse Ltd" not in response.content.decode()
    organisation_a.refresh_from_db()
    assert organisation_a.name == "Teahouse Ltd"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_open_it(organisation_a: Organisation, role: Role) -> None:
    client = signed_in(make_member("dana@example.com", organisation_a, role))

    assert client.get(url(organisation_a)).status_code == 404
    assert client.post(url(organisation_a), typed(organisation_a, name="Dana's now")).status_code == 404
    organisation_a.refresh_from_db()
    assert organisation_a.name == "Teahouse Ltd"


def test_the_menu_leads_owners_there(alice: User, organisation_a: Organisation) -> None:
    editor = make_member("dana@example.com", organisation_a, Role.EDITOR)

    assert url(organisation_a) in signed_in(alice).get("/admin/").content.decode()
    assert url(organisation_a) not in signed_in(editor).get("/admin/").content.decode()


def test_keeping_the_card_costs_three_queries(
    alice: User, organisation_a: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The card locked, the card written, the audit log's line; two more say where the test's own savepoint is.
    with django_assert_num_queries(5):
        save_card(organisation=organisation_a, texts=TEXTS, seen=mark_of(organisation_a), by=alice)
