"""How long the codes of a large place take: `pytest tests/benchmarks/test_qr.py`."""

import io
import time

import qrcode

from menu_pages.qr.codes import Code
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target

SECONDS = 1.5

LINK = "https://menus.example/teahouse/?table={}&key=0123456789abcdefghijkl"


def test_200_pictures(table: Table) -> None:
    # The processor's time: one thread's work, whatever else the machine is doing.
    start = time.process_time()

    pictures = [Code(LINK.format(number)).png() for number in range(1, 201)]

    taken = time.process_time() - start
    assert len(set(pictures)) == 200
    began = time.process_time()
    for number in range(1, 201):
        plain = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
        plain.add_data(LINK.format(number))
        plain.make_image().save(io.BytesIO())
    reference = time.process_time() - began
    table.add(
        Target.CODES,
        "200 codes as PNG",
        f"{taken:.2f} s of the processor",
        reference=f"the qrcode package alone: {reference:.2f} s",
        ratio=taken / reference,
        wanted=f"≤ {SECONDS} s",
        holds=taken <= SECONDS,
    )
