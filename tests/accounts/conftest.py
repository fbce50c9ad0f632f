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
from tests.factories.letters import post_office  # noqa: F401
from tests.factories.registering import post, sign_up  # noqa: F401
