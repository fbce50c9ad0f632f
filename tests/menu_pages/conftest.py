from tests.factories.cast import (  # noqa: F401  (fixtures)
    alice,
    bob,
    borshch,
    charlie,
    english,
    guest,
    organisation_a,
    pizza,
    place_a,
    place_b,
    soups,
    table_7,
    tea,
    ukha,
)
from tests.factories.themes import other_theme  # noqa: F401
