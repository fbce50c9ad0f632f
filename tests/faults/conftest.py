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
from tests.factories.receivers import receiver  # noqa: F401  (fixture)
from tests.factories.sandbox import sandbox  # noqa: F401
from tests.factories.stations import printer  # noqa: F401  (fixture)
from tests.faults.own_redis import redis  # noqa: F401  (fixture)
