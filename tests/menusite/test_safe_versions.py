"""Nothing with a known hole is installed. Tools that look advisories up skip what they cannot look up and say all is
well; a list in the repository says what it knows."""

from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LEAST = Path(__file__).with_name("least_safe_versions.txt")


def least_safe() -> list[Requirement]:
    lines = LEAST.read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def unsafe(installed: Mapping[str, str]) -> Iterator[str]:
    """What is older than the list allows, or is on the list and not there."""
    for wanted in least_safe():
        version = installed.get(canonicalize_name(wanted.name))
        if version is None or not wanted.specifier.contains(version, prereleases=True):
            yield f"{wanted} (installed: {version})"


def installed_now() -> dict[str, str]:
    return {str(canonicalize_name(found.name)): found.version for found in distributions()}


def test_what_is_installed_is_safe() -> None:
    assert list(unsafe(installed_now())) == []


def test_control_an_old_version_is_seen() -> None:
    old = installed_now() | {"django": "5.2.8", "wagtail": "7.4.3"}
    del old["pillow"]

    assert [line.split(">")[0] for line in unsafe(old)] == ["Django", "wagtail", "Pillow"]
