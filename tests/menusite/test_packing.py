"""Text travels packed; pictures and parts of files travel as they are."""

import gzip

import pytest
from django.test import Client

PACKED = {"accept-encoding": "gzip"}


@pytest.mark.django_db
def test_a_page_for_one_reader_is_packed() -> None:
    response = Client().get("/accounts/login/", headers=PACKED)

    assert response["Content-Encoding"] == "gzip"
    assert b"<form" in gzip.decompress(response.content)


def test_a_font_is_left_alone() -> None:
    response = Client().get("/static/fonts/lora-400.woff2", headers=PACKED)

    assert response.status_code == 200
    assert "Content-Encoding" not in response


def test_a_part_of_a_file_stays_that_part() -> None:
    whole = b"".join(Client().get("/static/css/base.css"))
    part = Client().get("/static/css/base.css", headers={**PACKED, "range": "bytes=0-999"})

    assert (part.status_code, b"".join(part)) == (206, whole[:1000])
