"""Where a page may load from, when pictures are kept in a bucket and when they are not."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from menusite import policies

KINDS = (policies.pages, policies.admin, policies.paying, policies.technical)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bucket_is_where_pictures_come_from_and_nothing_else(
    settings: LazySettings, kind: Callable[[], policies.Policy]
) -> None:
    settings.MEDIA_URL = "https://pictures.example.org/menus/"

    policy = kind()

    assert [name for name, sources in policy.items() if "https://pictures.example.org" in sources] == ["img-src"]


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_bucket_pictures_are_our_own(settings: LazySettings, kind: Callable[[], policies.Policy]) -> None:
    settings.MEDIA_URL = "/media/"

    elsewhere = {source for source in kind()["img-src"] if source not in ("'self'", "data:", "blob:")}

    assert elsewhere == set()
