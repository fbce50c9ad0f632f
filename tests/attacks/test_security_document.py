"""docs/security.md says of each requirement what is true: the tests it names exist, its figures are the code's."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.attempts import counting
from accounts.card import logos
from accounts.known_words import KNOWN_WORDS
from accounts.people.invitations import MOST_OPEN
from accounts.roles import CAPABILITIES, Capability, Role
from menu_pages.menu_files import archives, excel_files, files, tables, unpacking
from menu_pages.models import PlaceRecord
from menusite.run import BASE_DIR
from orders.history import reading

pytestmark = pytest.mark.attacks

DOCUMENT = BASE_DIR / "docs" / "security.md"
TABLES = sorted((BASE_DIR / "docs" / "security").glob("*.md"))
# OWASP ASVS 5.0.0: the levels of each section's requirements in their order, without those of level 3, which come
# last. Chapters 10 and 17 are about what the service has not.
LEVELS = {
    "1.1": "22", "1.2": "111112222", "1.3": "11222222222", "1.4": "222", "1.5": "12",
    "2.1": "122", "2.2": "112", "2.3": "1222", "2.4": "2",
    "3.2": "11", "3.3": "1222", "3.4": "112222", "3.5": "11122", "3.7": "22",
    "4.1": "122", "4.2": "2", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112", "5.3": "11", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "1122", "6.4": "1122", "6.5": "22222", "6.6": "222", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "22", "7.6": "22",
    "8.1": "12", "8.2": "112", "8.3": "1", "8.4": "2",
    "9.1": "111", "9.2": "1222",
    "11.1": "22", "11.2": "222", "11.3": "112", "11.4": "1222", "11.5": "2", "11.6": "2",
    "12.1": "122", "12.2": "11", "12.3": "2222",
    "13.1": "2", "13.2": "22222", "13.3": "22", "13.4": "12222",
    "14.1": "22", "14.2": "1222", "14.3": "122",
    "15.1": "122", "15.2": "122", "15.3": "1222222",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "222",
}  # fmt: skip
STATES = ("met", "not applicable", "open")
ROW = re.compile(r"^\| ([\d.]+) \| (\d) \| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


class Requirement(NamedTuple):
    number: str
    level: str
    asked: str
    state: str
    text: str


def requirements() -> list[Requirement]:
    return [Requirement(*found) for path in TABLES for found in ROW.findall(path.read_text())]


def by_number(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


@cache
def defined_in(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def text_of(title: str) -> str:
    """What stands under a title of the document."""
    return DOCUMENT.read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0].strip()


def table(title: str) -> dict[str, list[str]]:
    """The first table under a title, by its first column."""
    lines = [line for line in text_of(title).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return {row[0]: row[1:] for row in rows if not row[0] or set(row[0]) != {"-"}}


def test_every_requirement_stands_there_once() -> None:
    expected = [
        (f"{section}.{place}", level) for section, levels in LEVELS.items() for place, level in enumerate(levels, 1)
    ]
    found = [(row.number, row.level) for row in requirements()]
    in_order = sorted(found, key=lambda row: by_number(row[0]))

    assert len(expected) == 217
    assert in_order == expected
    for path in TABLES:
        numbers = [row[0] for row in ROW.findall(path.read_text())]
        assert numbers == sorted(numbers, key=by_number)


def test_every_state_is_one_of_three_and_says_why() -> None:
    rows = requirements()

    assert {row.state for row in rows} <= set(STATES)
    assert [row.number for row in rows if row.state == "met" and not TEST.search(row.text)] == []
    assert [row.number for row in rows if row.state != "met" and len(row.text) < len("there is none")] == []
    assert [row.number for row in rows if len(row.asked) > 70] == []


def test_every_test_it_names_exists() -> None:
    named = {found for path in (DOCUMENT, *TABLES) for found in TEST.findall(path.read_text())}

    assert len(named) > 150
    assert sorted(f"{path}::{name}" for path, name in named if name not in defined_in(BASE_DIR / path)) == []


def test_it_counts_right_and_names_first_what_is_open() -> None:
    rows = requirements()
    counted = {
        chapter: [
            str(sum(row.state == state for row in rows if row.number.partition(".")[0] == chapter)) for state in STATES
        ]
        for chapter in dict.fromkeys(section.partition(".")[0] for section in LEVELS)
    }

    said = {title.partition(" ")[0]: cells[:3] for title, cells in table("The count").items() if title[0].isdigit()}

    assert said == counted
    assert table("The count")["together"] == [
        *(str(sum(row.state == state for row in rows)) for state in STATES),
        "217",
    ]
    assert re.findall(r"^\* \*\*([\d.]+)\*\*", text_of("What is open"), re.MULTILINE) == [
        row.number for row in sorted(rows, key=lambda row: by_number(row.number)) if row.state == "open"
    ]


def test_what_is_asked_to_be_written_is_written() -> None:
    titles = (
        *("What input looks like", "Limits", "Files", "Signing in", "Sessions", "Who may what", "Keys and algorithms"),
        *(
            "Whom the service talks to",
            "Data",
            "Packages",
            "What costs much",
            "Logs",
            "Advisories of Wagtail and Django",
        ),
    )

    assert [title for title in titles if len(text_of(title)) < 400] == []


def test_its_figures_are_the_codes() -> None:
    record = {field.name: field.default for field in PlaceRecord._meta.concrete_fields}
    limits, uploads, sessions = table("Limits"), table("Files"), table("Sessions")
    signing_in = text_of("Signing in")

    assert {name: cells[0] for name, cells in limits.items() if cells[1] == "the place"} == {
        "pieces of one dish in an order": str(record["max_line_quantity"]),
        "pieces in an order": str(record["max_order_items"]),
        "orders of one guest nobody has answered": str(record["max_unconfirmed_by_visit"]),
        "orders of one table nobody has answered": str(record["max_unconfirmed_by_table"]),
        "calls from one table in ten minutes": str(record["max_calls_by_table"]),
    }
    assert limits["open invitations of an organisation"][0] == str(MOST_OPEN)
    assert f"{limits['letters to one mail address in ten minutes'][0]}/10m/key" in settings.ACCOUNT_RATE_LIMITS[
        "reset_password"
    ].split(",")
    assert settings.ACCOUNT_RATE_LIMITS["signup"] == "60/m/ip"
    mega = 1024**2
    assert uploads["pictures of the menu"][1] == f"{settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // mega} MB"
    assert uploads["pictures of the menu"][2] == f"{settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 10**6} megapixels"
    assert uploads["logo of an organisation"][1] == f"{logos.MOST_BYTES // mega} MB"
    assert uploads["menu"][1:] == [
        f"{files.MOST_BYTES['.xlsx'] // mega} MB",
        f"{excel_files.MOST_UNPACKED // mega} MB, {tables.MOST_ROWS:,} rows",
    ]
    assert uploads["menu with pictures"][1:] == [
        f"{files.MOST_BYTES['.zip'] // mega} MB",
        f"{archives.MOST_UNPACKED // mega} MB, {unpacking.MOST_ENTRIES:,} files, {unpacking.MOST_RATIO} times",
    ]
    assert uploads["order history"][1:] == [f"{reading.MOST_BYTES // mega} MB", f"{reading.MOST_ROWS:,} rows"]
    assert sessions["a session nobody uses ends after"] == [f"{settings.SESSION_COOKIE_AGE // 86400} days"]
    assert sessions["a sign-in ends, however busy, after"] == [f"{settings.SIGN_IN_LASTS.days} days"]
    assert f"{counting.FREE_TRIES} tries are free" in signing_in
    assert f"locks for {counting.FIRST_LOCK.seconds // 60} minute" in signing_in
    assert f"up to {counting.LONGEST_LOCK.seconds // 60} minutes" in signing_in
    assert f"{settings.EMAIL_CONFIRMATION_HOURS} hours" in signing_in
    assert PBKDF2PasswordHasher.iterations == 1_000_000


def test_its_words_are_the_codes() -> None:
    (line,) = [line for line in text_of("Signing in").splitlines() if line.startswith("`menusite`")]

    assert tuple(re.findall(r"`(\w+)`", line)) == KNOWN_WORDS


def test_its_roles_are_the_codes() -> None:
    said = table("Who may what")
    roles = said.pop("")

    assert roles == [role.value for role in Role]
    assert {words.split("`")[1]: cells for words, cells in said.items()} == {
        capability.value: ["✓" if capability in CAPABILITIES[Role(role)] else "" for role in roles]
        for capability in Capability
    }
