"""What costs the service much and the sender little: every such thing has an end."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import get_language_from_request

from accounts.models import User
from menu_pages.models import DishPage, MenuRendition, PlacePage
from menu_pages.renditions import specs
from tests.factories.guests import Guest
from tests.factories.menus import make_picture
from tests.factories.people import signed_in

pytestmark = pytest.mark.attacks

LONG = "борщ" * 25_000
# Wagtail's own screens draw these of a picture; nobody names them in an address.
ADMINS_OWN = {"max-165x165", "max-800x600", "max-400x400", "original"}


def test_long_questions_and_far_pages(alice: User, borshch: DishPage) -> None:
    browser, place = signed_in(alice), borshch.place
    questions = {
        place.href: {"q": LONG},
        f"{place.href}soups/": {"without": [LONG], "q": "x" * 100_000},
        "/admin/pages/search/": {"q": LONG},
        reverse("wagtailimages:index"): {"q": LONG, "p": "1000000"},
        reverse("wagtailadmin_explore", args=[place.pk]): {"p": "1000000", "ordering": LONG},
        "/admin/orders/order/": {"q": LONG, "p": "1000000", "o": "1." * 5000},
        "/admin/orders/rating/": {"p": "-1", "score": LONG},
        reverse("organisation_log:index", args=[place.record.organisation.slug]): {"page": "1000000", "who": LONG},
        reverse("statistics:index", args=[place.slug]): {"period": LONG, "from": "9999-99-99"},
        reverse("board:index", args=[place.slug]): {"q": LONG},
        reverse("desk:board", args=[place.slug]): {"view": LONG, "station": "9" * 5000},
    }

    costs = {}
    for address, question in questions.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = browser.get(address, question)
        costs[address] = (answer.status_code, len(queries) < 100)

    assert {cost for cost in costs.values() if cost[0] >= 500 or not cost[1]} == set(), costs


@pytest.mark.parametrize(
    "languages",
    [",".join(["ru-RU"] * 10_000), "x-" * 20_000, "en;q=" + "0" * 50_000, "-" * 50_000, "ru;q=1e400,*;q=nan"],
    ids=lambda languages: languages[:10],
)
def test_languages_without_end(place_a: PlacePage, languages: str) -> None:
    header = Client().get(place_a.href, headers={"accept-language": languages})
    cookie = Client(headers={"cookie": f"django_language={languages}"}).get(place_a.href)
    chosen = Client(headers={"origin": "http://testserver"}).post("/i18n/setlang/", {"language": languages})

    assert (header.status_code, cookie.status_code) == (200, 200)
    assert "django_language" not in chosen.cookies
    assert get_language_from_request(header.wsgi_request) in ("en", "ru")


def test_more_fields_than_any_form_has(guest: Guest, borshch: DishPage) -> None:
    many_options = guest.add(borshch, options=[f"option-{n}" for n in range(9_000)])
    many_fields = guest.post("basket/add", {f"field{n}": "x" for n in range(11_000)})

    assert (many_options.status_code, many_fields.status_code) == (400, 400)
    assert guest.lines == []


def test_no_address_names_a_size(alice: User, place_a: PlacePage, media: Path) -> None:
    """Whatever is asked for, pictures are made in the listed sizes and no others."""
    picture = make_picture(place_a)
    browser = signed_in(alice)
    asked = (
        f"/admin/images/{picture.pk}/preview/width-5000/",
        f"/admin/images/{picture.pk}/generate_url/",
        f"/admin/images/{picture.pk}/generate_url/fill/5000/5000/",
        f"/images/signature/{picture.pk}/width-5000/",
        f"/images/{picture.pk}/width-5000/",
        f"/admin/images/chooser/{picture.pk}/select_format/",
    )

    answers = [browser.get(address).status_code for address in asked]
    for address in (
        reverse("wagtailimages:index"),
        reverse("wagtailimages:edit", args=[picture.pk]),
        reverse("wagtailimages_chooser:chosen", args=[picture.pk]),
    ):
        browser.get(address, dict.fromkeys(("filter", "filter_spec", "spec", "rendition"), "width-5000"))

    assert set(answers) == {404}
    made = set(MenuRendition.objects.values_list("filter_spec", flat=True))
    assert made
    assert made <= {*specs(), *ADMINS_OWN}
    assert arguments_of(get_resolver()).isdisjoint({"filter_spec", "filter_method", "width", "height", "signature"})


def arguments_of(resolver: URLResolver) -> set[str]:
    """The names of every argument an address of the service has."""
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        found |= set(pattern.pattern.regex.groupindex)
        found |= arguments_of(pattern) if isinstance(pattern, URLResolver) else set()
        assert isinstance(pattern, URLPattern | URLResolver)
    return found
