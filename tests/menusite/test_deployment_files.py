"""What stands in `deploy/`, the images and the composition names only what there is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import HttpRequest
from django.utils import translation

from menusite.run import BASE_DIR

NGINX = (BASE_DIR / "deploy/nginx/nginx.conf").read_text()
UNITS = sorted((BASE_DIR / "deploy/systemd").glob("menusite-*.service"))
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((BASE_DIR / "compose.yaml").read_text())
# Read by the servers themselves, not by our settings.
OF_OTHERS = {
    "GRANIAN_WORKERS",
    "GRANIAN_BLOCKING_THREADS",
    "REMAP_SIGTERM",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PROMETHEUS_MULTIPROC_DIR",
}
ENVIRONMENT = "".join(path.read_text() for path in (BASE_DIR / "menusite").glob("*environment.py"))


def names_of_map(name: str) -> list[tuple[str, str]]:
    """The lines of an nginx map: pattern, value."""
    body = re.search(rf"map \S+ \${name} {{(.*?)\n    }}", NGINX, re.DOTALL)
    assert body is not None
    lines = re.findall(r'^ +("[^"]*"|\S+) (.+);$', body[1], re.MULTILINE)
    return [(pattern.strip('"'), value.strip('"')) for pattern, value in lines]


def mapped(name: str, value: str) -> str | None:
    """What nginx makes of the value; None is its default."""
    for pattern, result in names_of_map(name):
        if pattern.startswith("~"):
            ignore_case = re.IGNORECASE if pattern.startswith("~*") else 0
            if re.search(pattern.lstrip("~*"), value, ignore_case):
                return result
        elif pattern == value:
            return result
    return None


@pytest.mark.parametrize(
    "said",
    [
        "ru", "ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "RU-ru,en", "en-GB,en;q=0.9,ru;q=0.8", "en", "EN-us,ru", "ru,en",
        "ru;q=0.1,en", "en;q=0.5,ru;q=0.9", "de,ru;q=0.9", "de-DE", "*", "", "rus", "run-ru,en", "en_US,ru",
        "ru-Cyrl-RU,en", "x-ru,en", "ru-RUS,en", "ru-,en", ",ru", "ru ,en", " ru,en", "en-12,ru",
    ],
)  # fmt: skip
def test_a_kept_page_is_in_the_language_python_would_choose(said: str) -> None:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = said

    kept = mapped("language", said)

    # What nginx does not put among others is kept for this wish alone, and right by itself.
    assert kept in (None, translation.get_language_from_request(request))
    assert mapped("language", "ru-RU,ru;q=0.9") == "ru"


@pytest.mark.parametrize(
    ("said", "passed_on"),
    [
        ("gzip, deflate, br, zstd", "br, gzip"),
        ("gzip,br", "br, gzip"),
        ("gzip, deflate", "gzip"),
        ("br", None),
        ("identity", None),
        ("gzip;q=0, br", None),
        ("gzip, br;q=0", "gzip"),
        ("x-gzip", None),
    ],
)
def test_nobody_gets_what_they_cannot_unpack(said: str, passed_on: str | None) -> None:
    found = mapped("packed", said)

    assert (found or None) == passed_on


@pytest.mark.parametrize(
    ("cookie", "visit"), [("__Host-sessionid=x", "1"), ("a=1; sessionid=x", "1"), ("django_language=en", None)]
)
def test_whoever_has_a_session_passes_by_the_kept_pages(cookie: str, visit: str | None) -> None:
    assert mapped("visit", cookie) == visit


def test_only_what_python_says_is_for_everyone_is_kept() -> None:
    kept = [
        value
        for value in (
            "no-cache",
            "private, no-store",
            "",
            "max-age=0, no-cache, no-store, must-revalidate, private",
            "public, max-age=60",
        )
        if mapped("not_for_all", value) == ""
    ]

    assert kept == ["no-cache"]


def test_units_start_what_there_is() -> None:
    for unit in UNITS:
        command = re.search(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
        assert command is not None
        modules = re.findall(r"\b(menusite(?:\.\w+)+)", command[1])
        assert [module for module in modules if not (BASE_DIR / f"{module.replace('.', '/')}.py").exists()] == []
        assert modules


def test_every_variable_that_is_set_is_read() -> None:
    told = set(re.findall(r"^([A-Z_]+)=", (BASE_DIR / "deploy/configure").read_text(), re.MULTILINE))
    for unit in UNITS:
        told |= set(
            re.findall(
                r"\b([A-Z][A-Z_]+)=", " ".join(re.findall(r"^Environment=(.*)$", unit.read_text(), re.MULTILINE))
            )
        )
    for service in ("migrate", "web", "worker", "beat"):
        told |= set(COMPOSE["services"][service]["environment"])
    told |= set(
        re.findall(r"\b([A-Z_]{4,})=", "".join(re.findall(r"^(?:ENV|RUN) (?:.*\\\n)*.*$", DOCKERFILE, re.MULTILINE)))
    )
    told -= {"DOMAIN", "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"}

    assert sorted(name for name in told - OF_OTHERS if f'"{name}"' not in ENVIRONMENT) == []
    assert {"SECRET_KEY", "VAR_DIR", "STATEMENT_SECONDS"} <= told


def test_the_bucket_s_packages_are_pinned_and_explained() -> None:
    pins = re.findall(r"^([\w-]+)==(\S+)$", (BASE_DIR / "deploy" / "requirements-s3.txt").read_text(), re.MULTILINE)
    reasons = (BASE_DIR / "docs/dependencies.md").read_text()

    assert [name for name, version in pins if name not in reasons or version not in reasons] == []
    assert len(pins) == 5


def test_migrations_give_way_to_guests() -> None:
    """What tests/faults/test_migrations.py shows to be enough."""
    said = (BASE_DIR / "deploy" / "prepare").read_text()

    assert "STATEMENT_SECONDS=0 LOCK_SECONDS=1 " in said
    assert "grep -q LockNotAvailable" in said


def test_the_recipe_has_ten_commands() -> None:
    page = (BASE_DIR / "docs/deployment.md").read_text()
    recipe = re.search(r"```sh name=recipe\n(.*?)```", page, re.DOTALL)

    assert recipe is not None
    commands = [line for line in recipe[1].splitlines() if not line.startswith("#")]
    assert len(commands) == 10
    assert [line.split()[1] for line in recipe[1].splitlines() if line.startswith("#")] == [
        f"{n}." for n in range(1, 11)
    ]
    named = set(
        re.findall(
            r"/opt/menusite/(deploy/[\w./-]+)", page + (BASE_DIR / "deploy/postgresql/menusite.conf").read_text()
        )
    )
    assert [path for path in named if not Path(BASE_DIR / path).exists()] == []
