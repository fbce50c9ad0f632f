"""Apart from the rest: two whole organisations stand in the database while these tests run."""

from tests.attacks.conftest import https  # noqa: F401  (a fixture)
from tests.factories.cast import english  # noqa: F401
from tests.isolation.conftest import made_world, world  # noqa: F401
