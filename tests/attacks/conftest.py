import pytest
from django.conf import LazySettings

from tests.factories.cast import (  # noqa: F401  (fixtures)
    alice,
    bob,
    borshch,
    charlie,
    english,
    guest,
    organisation_a,
    place_a,
    place_b,
    soups,
    table_7,
    tea,
)
from tests.factories.production import https_settings


@pytest.fixture
def https(settings: LazySettings) -> None:
    """The site as it is behind TLS; requests say so with `secure=True`."""
    for name, value in https_settings().items():
        setattr(settings, name, value)
