"""Pictures that weigh what photographs weigh: broad colours, shapes, and a texture that does not compress away."""

import random

from PIL import Image

# How many spots across, and how strongly they show: a table and its light, plates, food, crumbs.
LAYERS = ((24, 0.45), (96, 0.3), (300, 0.15))
BROAD = 6


def photograph(width: int = 1600, height: int = 1200, *, seed: int = 7) -> Image.Image:
    """The same picture for the same seed. As JPEG of a usual quality it takes 1–2 bits a pixel, as photographs do."""
    chance = random.Random(seed)

    def spots(across: int) -> Image.Image:
        size = (across, max(1, across * height // width))
        small = Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
        return small.resize((width, height), Image.Resampling.BICUBIC)

    picture = spots(BROAD)
    for across, share in LAYERS:
        picture = Image.blend(picture, spots(across), share / (1 + share))
    return picture
