"""From the form through the letter to a place of one's own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from accounts.models import Letter, Membership, PlaceKind, Registration, User
from accounts.registration import registering
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from menu_pages.provisioning import menu_group
from tests.factories.hashing import count_hashings
from tests.factories.letters import html, links, path_of, plain
from tests.factories.people import PASSWORD
from tests.factories.registering import FORM, Post, browser, made, sign_in, text_of
from tests.factories.smtp import PostOffice

pytestmark = pytest.mark.django_db

SignUp = Callable[..., str]
SENT = "/accounts/confirm-email/"


def test_signing_up_sends_a_letter_and_makes_no_place_yet(post: Post, post_office: PostOffice) -> None:
    client = browser()

    response = post(client, "/accounts/signup/", **FORM)

    assert response["Location"] == SENT
    (letter,) = post_office.letters
    assert (letter["To"], letter["Subject"]) == ("dana@example.com", "Confirm your e-mail")
    assert "The link works for 48 hours." in plain(letter)
    assert "src=" not in html(letter)
    registration = Registration.objects.get()
    assert (registration.organisation_name, registration.kind, registration.language) == ("Teahouse Ltd", "cafe", "en")
    assert registration.consent_version == registering.CONSENT_VERSION
    assert timezone.now() - registration.consented_at < timedelta(minutes=1)
    assert registration.confirmed_at is None
    assert made() == [0, 0, 0, 0, 0]
    assert "dana@example.com" in text_of(client.get(SENT))
    assert sign_in(browser())["Location"] == SENT


@pytest.mark.parametrize("missing", ["organisation", "kind", "email", "password1", "password2", "consent"])
def test_everything_is_asked_for(missing: str) -> None:
    response = browser().post("/accounts/signup/", {**FORM, missing: ""})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [missing]
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password2": "another-long-password"}, "password2"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"kind": "casino"}, "kind"),
        ({"organisation": "x" * 121}, "organisation"),
        ({"email": "dana"}, "email"),
    ],
)
def test_what_does_not_fit_is_said_where_it_is(change: dict[str, str], field: str) -> None:
    response = browser().post("/accounts/signup/", {**FORM, **change})

    assert list(response.context["form"].errors) == [field]
    assert User.objects.count() == 0


def test_the_link_opens_a_place_and_signs_in_where_one_signed_up(sign_up: SignUp) -> None:
    client = browser()
    link = sign_up(client)

    response = client.get(link)

    assert response["Location"] == "/admin/"
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (user, Role.OWNER)
    assert (membership.organisation.name, membership.organisation.kind) == ("Teahouse Ltd", "cafe")
    place = PlacePage.objects.get()
    assert (place.title, place.live, place.record.language, place.record.currency) == (
        "Teahouse Ltd",
        True,
        "en",
        "GBP",
    )
    group = menu_group(membership.organisation)
    assert set(GroupPagePermission.objects.filter(group=group).values_list("page_id", flat=True)) == {place.pk}
    pictures = GroupCollectionPermission.objects.filter(group=group).values_list("collection_id", flat=True)
    assert set(pictures) == {place.record.collection_id}
    category = CategoryPage.objects.get()
    dishes = DishPage.objects.child_of(category)
    assert (category.title, category.live, category.slug) == ("Coffee and desserts", False, "coffee-and-desserts")
    assert [(dish.title, str(dish.price), dish.live) for dish in dishes] == [
        ("Cappuccino", "5.20", False),
        ("Espresso", "3.20", False),
        ("Cheesecake", "7.00", False),
    ]
    assert Registration.objects.get().confirmed_at is not None
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("kind", PlaceKind.values)
def test_every_kind_of_place_gets_dishes_to_begin_with(sign_up: SignUp, kind: str) -> None:
    client = browser("ru")

    client.get(sign_up(client, kind=kind))

    assert PlaceRecord.objects.get().language == "ru"
    assert (CategoryPage.objects.filter(live=True).count(), DishPage.objects.count()) == (0, 3)


def test_a_starter_dish_is_published_as_it_stands(sign_up: SignUp) -> None:
    client = browser()
    client.get(sign_up(client))
    category, dish = CategoryPage.objects.get(), DishPage.objects.all()[0]

    category.get_latest_revision().publish()
    dish.get_latest_revision().publish()

    guest = browser().get("/teahouse-ltd/")
    assert dish.title in text_of(guest)


def test_a_known_address_gets_the_same_answer_and_another_letter(
    alice: User, post: Post, post_office: PostOffice
) -> None:
    unknown, known = browser(), browser()

    answers = [
        post(unknown, "/accounts/signup/", **FORM),
        post(known, "/accounts/signup/", **{**FORM, "email": "Alice@example.com"}),
    ]

    pages = [
        text_of(unknown.get(SENT)).replace("dana", "…"),
        text_of(known.get(SENT)).replace("alice", "…"),
    ]
    tokenless = [page.split("csrfmiddlewaretoken")[0] for page in pages]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, SENT)}
    assert tokenless[0] == tokenless[1]
    assert [letter["Subject"] for letter in post_office.letters] == [
        "Confirm your e-mail",
        "You have an account already",
    ]
    assert path_of(links(post_office.letters[1])[1]) == "/accounts/password/reset/"
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_signing_up_hashes_once_whether_or_not_the_address_is_known(
    alice: User, post: Post, post_office: PostOffice, settings: LazySettings
) -> None:
    with count_hashings(settings) as unknown:
        post(browser(), "/accounts/signup/", **FORM)
    with count_hashings(settings) as known:
        post(browser(), "/accounts/signup/", **{**FORM, "email": alice.email})

    assert (len(unknown), len(known)) == (1, 1)


def test_signing_up_writes_as_much_whether_or_not_the_address_is_known(
    alice: User, post: Post, post_office: PostOffice
) -> None:
    written = []
    for email in (alice.email, "dana@example.com"):
        with CaptureQueriesContext(connection) as queries:
            post(browser(), "/accounts/signup/", **{**FORM, "email": email})
        written.append(sorted(query["sql"].split()[2] for query in queries if query["sql"].startswith("INSERT")))

    assert written[0] == written[1]
    assert list(User.objects.values_list("email", flat=True).order_by("email")) == [alice.email, "dana@example.com"]
    assert Registration.objects.count() == 1


def test_the_letter_comes_again_on_request_and_not_at_once_once_more(
    sign_up: SignUp, post: Post, post_office: PostOffice
) -> None:
    client = browser()
    first = sign_up(client)

    post(client, SENT, email="dana@example.com")
    post(client, SENT, email="dana@example.com")

    assert [letter["Subject"] for letter in post_office.letters] == ["Confirm your e-mail"] * 2
    assert "less than a minute ago" in text_of(client.get(SENT))
    browser().post(first)
    assert made() == [1, 1, 1, 1, 3]


def test_asking_again_tells_nothing_of_an_address(
    alice: User, sign_up: SignUp, post: Post, post_office: PostOffice
) -> None:
    sign_up(browser())
    pages = []
    for email in ("dana@example.com", "alice@example.com", "nobody@example.com"):
        client = browser()
        assert post(client, SENT, email=email)["Location"] == SENT
        pages.append(text_of(client.get(SENT)).replace(email, "…").split("csrfmiddlewaretoken")[0])

    assert pages[0] == pages[1] == pages[2]
    assert [letter["Subject"] for letter in post_office.letters[1:]] == [
        "Confirm your e-mail",
        "You have an account already",
        "This address has no account",
    ]


def test_a_mail_server_that_is_down_loses_no_sign_up(
    post: Post, post_office: PostOffice, settings: LazySettings
) -> None:
    settings.EMAIL_PORT = 1
    response = post(browser(), "/accounts/signup/", **FORM)
    waiting = Letter.objects.get()
    Letter.objects.update(next_try_at=timezone.now())
    settings.EMAIL_PORT = post_office.port

    from accounts.tasks import send_waiting_letters

    send_waiting_letters()

    assert response["Location"] == SENT
    assert waiting.tries == 1
    assert Letter.objects.count() == 0
    (letter,) = post_office.letters
    browser().post(path_of(links(letter)[0]))
    assert made() == [1, 1, 1, 1, 3]


def test_the_letter_speaks_the_language_of_the_page(sign_up: SignUp) -> None:
    client = browser("ru")

    sign_up(client)

    assert (User.objects.get().language, Registration.objects.get().language) == ("ru", "ru")


def test_an_organisation_of_several_words_is_no_part_of_a_letter_to_a_stranger(
    sign_up: SignUp, post_office: PostOffice
) -> None:
    sign_up(browser(), organisation="Cheap pills at evil.example")

    assert "evil.example" not in post_office.letters[0].as_string()


def test_sign_ups_nobody_confirmed_are_forgotten_and_confirmed_ones_stay(sign_up: SignUp, bob: User) -> None:
    confirmed = browser()
    confirmed.get(sign_up(confirmed, email="owner@example.com"))
    sign_up(browser(), email="late@example.com")
    Registration.objects.update(consented_at=timezone.now() - timedelta(days=10))
    sign_up(browser(), email="fresh@example.com")

    assert registering.forget_old() == 1

    assert set(User.objects.values_list("email", flat=True)) == {
        "bob@example.com",
        "owner@example.com",
        "fresh@example.com",
    }


def test_the_operator_made_on_the_console_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="operator@example.com", interactive=False, verbosity=0)

    response = sign_in(browser(), "operator@example.com")

    assert response["Location"] == "/admin/"


def test_the_front_page_leads_to_the_form() -> None:
    assert 'href="/accounts/signup/"' in text_of(browser().get("/"))


def test_an_operator_made_without_a_confirmed_address_is_let_in_by_letter(post: Post, post_office: PostOffice) -> None:
    operator = User.objects.create_user("operator@example.com", PASSWORD, is_superuser=True)
    client = browser()
    assert post(client, "/accounts/login/", login=operator.email, password=PASSWORD)["Location"] == SENT

    post(browser(), SENT, email=operator.email)

    first, again = (path_of(links(letter)[0]) for letter in post_office.letters)
    assert [letter["To"] for letter in post_office.letters] == [operator.email] * 2
    assert browser().post(again)["Location"] == "/accounts/login/"
    assert sign_in(client, operator.email)["Location"] == "/admin/"
    assert browser().post(first).status_code == 410


def test_an_address_somebody_wants_to_change_to_is_no_account(alice: User, post: Post, post_office: PostOffice) -> None:
    alice.emailaddress_set.create(email="new@example.com", verified=False)

    post(browser(), SENT, email="new@example.com")

    assert [letter["Subject"] for letter in post_office.letters] == ["This address has no account"]
