"""How long the codes of a large place take: `pytest tests/benchmarks/test_qr.py`."""

import time

from menu_pages.qr.codes import Code

LINK = "https://menus.example/teahouse/?table={}&key=0123456789abcdefghijkl"


def test_200_pictures_in_a_second_and_a_half() -> None:
    # The processor's time: one thread's work, whatever else the machine is doing.
    start = time.process_time()

    pictures = [Code(LINK.format(number)).png() for number in range(1, 201)]

    assert time.process_time() - start < 1.5
    assert len(set(pictures)) == 200
