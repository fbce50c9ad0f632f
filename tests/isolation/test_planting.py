import pytest

from tests.isolation.canaries import unplanted
from tests.isolation.world import World

pytestmark = pytest.mark.isolation


@pytest.mark.parametrize("side", ["a", "b"])
def test_every_text_of_an_organisation_holds_its_word(world: World, side: str) -> None:
    """A text without a word in it could leak and nobody would see. A new model is filled in by itself; where that does
    not succeed, say how in `world.py`; a field that holds no words goes to `canaries.NOT_WORDS`."""
    planted = getattr(world, side)

    assert unplanted(planted.word, planted.rows) == []
