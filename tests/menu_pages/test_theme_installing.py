"""Putting up a theme, changing its settings, taking the last change back."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.scope import organisations
from menu_pages.models import DishPage, PlacePage, PlaceRecord, ThemeInstallation
from menu_pages.themes.installing import change_settings, history, install_theme, undo
from menu_pages.themes.registry import ThemeError
from tests.factories.people import signed_in

OTHER = "other"
CARD = {"card": ["weight"]}
COMPACT = {"density": "compact"}


@pytest.fixture(autouse=True)
def two_themes(other_theme: str) -> str:
    return other_theme


def state(place: PlacePage) -> tuple[str, dict[str, object]]:
    record = PlaceRecord.objects.get(place=place)
    return record.theme, record.theme_settings


def test_installing_acts_at_once_and_is_recorded(place_a: PlacePage, alice: User) -> None:
    version = place_a.record.menu_version
    revisions = place_a.revisions.count()

    change = install_theme(place=place_a, theme=OTHER, by=alice)

    record = PlaceRecord.objects.get(place=place_a)
    assert (record.theme, record.menu_version) == (OTHER, version + 1)
    assert (change.theme_before, change.theme_after, change.by) == ("showcase", OTHER, alice)
    assert place_a.revisions.count() == revisions


def test_installing_publishes_no_draft(place_a: PlacePage, alice: User) -> None:
    place_a.tagline = "Not yet for guests"
    place_a.save_revision()

    install_theme(place=place_a, theme=OTHER, by=alice)

    assert PlacePage.objects.get(pk=place_a.pk).tagline == ""
    assert place_a.get_latest_revision_as_object().tagline == "Not yet for guests"


def test_publishing_an_old_draft_brings_no_old_theme_back(place_a: PlacePage, alice: User) -> None:
    draft = place_a.save_revision()
    install_theme(place=place_a, theme=OTHER, by=alice)

    draft.publish()

    assert state(place_a)[0] == OTHER


def test_the_installed_theme_again_changes_nothing(place_a: PlacePage, alice: User) -> None:
    assert install_theme(place=place_a, theme="showcase", by=alice) is None
    assert not ThemeInstallation.objects.exists()


def test_a_theme_that_is_not_there_is_refused(place_a: PlacePage, alice: User) -> None:
    with pytest.raises(ThemeError):
        install_theme(place=place_a, theme="../showcase", by=alice)
    assert state(place_a) == ("showcase", {})


def test_each_theme_keeps_its_settings(place_a: PlacePage, alice: User) -> None:
    change_settings(place=place_a, theme="showcase", settings=COMPACT, by=alice)
    install_theme(place=place_a, theme=OTHER, by=alice)
    change_settings(place=place_a, theme=OTHER, settings=CARD, by=alice)

    install_theme(place=place_a, theme="showcase", by=alice)

    assert state(place_a) == ("showcase", {"showcase": COMPACT, OTHER: CARD})


def test_undo_restores_theme_and_settings_and_is_recorded(place_a: PlacePage, alice: User) -> None:
    change_settings(place=place_a, theme="showcase", settings=COMPACT, by=alice)
    change = install_theme(place=place_a, theme=OTHER, by=None)

    undone = undo(place=place_a, seen=change.pk, by=alice)

    assert state(place_a) == ("showcase", {"showcase": COMPACT})
    assert (undone.is_undo, undone.theme_after, undone.by) == (True, "showcase", alice)
    assert [row.pk for row in history(place_a)][:2] == [undone.pk, change.pk]


def test_undo_of_settings_brings_back_the_former_ones(place_a: PlacePage, alice: User) -> None:
    change_settings(place=place_a, theme="showcase", settings=COMPACT, by=alice)
    change_settings(place=place_a, theme="showcase", settings={}, by=alice)
    last = history(place_a)[0]

    undo(place=place_a, seen=last.pk, by=alice)
    assert state(place_a) == ("showcase", {"showcase": COMPACT})

    undo(place=place_a, seen=history(place_a)[0].pk, by=alice)
    assert state(place_a) == ("showcase", {})


def test_undo_of_a_change_that_is_not_the_last_does_nothing(place_a: PlacePage, alice: User) -> None:
    first = install_theme(place=place_a, theme=OTHER, by=alice)
    change_settings(place=place_a, theme=OTHER, settings=CARD, by=None)

    assert undo(place=place_a, seen=first.pk, by=alice) is None
    assert state(place_a) == (OTHER, {OTHER: CARD})


def test_settings_of_a_theme_no_longer_installed_are_not_saved(place_a: PlacePage, alice: User) -> None:
    assert change_settings(place=place_a, theme=OTHER, settings=CARD, by=alice) is False
    assert state(place_a) == ("showcase", {})


def test_the_same_settings_again_are_no_change(place_a: PlacePage, alice: User) -> None:
    assert change_settings(place=place_a, theme="showcase", settings={}, by=alice) is True
    assert not ThemeInstallation.objects.exists()


def test_history_is_the_organisations_own(place_a: PlacePage, place_b: PlacePage, alice: User, bob: User) -> None:
    install_theme(place=place_a, theme=OTHER, by=alice)

    with organisations([place_b.record.organisation_id]):
        assert list(ThemeInstallation.objects.all()) == []
    with organisations([place_a.record.organisation_id]):
        assert ThemeInstallation.objects.count() == 1


def test_guests_see_an_installed_theme_at_once(borshch: DishPage, place_a: PlacePage, alice: User) -> None:
    browser = signed_in(alice)
    assert "themes/other/" not in browser.get("/teahouse/").content.decode()

    response = browser.post(reverse("themes:install", args=["teahouse", OTHER]))

    assert (response.status_code, response.url) == (302, "/admin/places/teahouse/themes/")
    assert "themes/other/place.css" in browser.get("/teahouse/").content.decode()


def test_one_press_takes_it_back(place_a: PlacePage, alice: User) -> None:
    browser = signed_in(alice)
    browser.post(reverse("themes:install", args=["teahouse", OTHER]))
    page = browser.get("/admin/places/teahouse/themes/").content.decode()
    seen = ThemeInstallation.objects.get().pk
    assert f'name="seen" value="{seen}"' in page
    assert "alice@example.com" in page

    browser.post(reverse("themes:undo", args=["teahouse"]), {"seen": seen})
    again = browser.post(reverse("themes:undo", args=["teahouse"]), {"seen": seen}, follow=True)

    assert state(place_a)[0] == "showcase"
    assert "changed the theme meanwhile" in again.content.decode()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "١"])
def test_undo_of_nonsense_does_nothing(place_a: PlacePage, alice: User, seen: str) -> None:
    install_theme(place=place_a, theme=OTHER, by=alice)

    response = signed_in(alice).post(reverse("themes:undo", args=["teahouse"]), {"seen": seen})

    assert response.status_code == 302
    assert state(place_a)[0] == OTHER


def test_getting_installs_nothing(place_a: PlacePage, alice: User) -> None:
    for name, args in (("install", ["teahouse", OTHER]), ("undo", ["teahouse"])):
        assert signed_in(alice).get(reverse(f"themes:{name}", args=args)).status_code == 405
    assert state(place_a)[0] == "showcase"
