"""What is installed is what is pinned, and under licences that the product may be given away with."""

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

from menusite.run import BASE_DIR

# Part of the tools that make an environment, not of the product.
INSTALLERS = {"pip", "setuptools", "wheel"}
# Used as a library through its public interface, unchanged; see docs/dependencies.md.
ACCEPTED_LGPL = {"psycopg2-binary"}


def name_of(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def pins(path: Path) -> dict[str, str]:
    """Name → version of the lines that hold for every Python version."""
    lines = [line for line in path.read_text().splitlines() if "==" in line and ";" not in line]
    return {name_of(name): version for name, version in (line.split("==") for line in lines)}


def licence_of(distribution: Distribution) -> str:
    metadata = distribution.metadata
    classifiers = [text for text in metadata.get_all("Classifier", []) if text.startswith("License")]
    return " ".join([metadata.get("License-Expression", ""), (metadata.get("License") or "")[:100], *classifiers])


INSTALLED = {name_of(found.name): found for found in distributions() if name_of(found.name) not in INSTALLERS}
RUNNING = pins(BASE_DIR / "requirements.txt")
TESTING = pins(BASE_DIR / "requirements-dev.txt")


def test_everything_installed_is_pinned_to_its_version() -> None:
    pinned = {**RUNNING, **TESTING}

    assert {name: found.version for name, found in INSTALLED.items() if name != "async-timeout"} == pinned


def test_nothing_installed_is_under_the_gpl() -> None:
    copyleft = {name for name, found in INSTALLED.items() if re.search(r"GPL|Affero", licence_of(found))}

    assert copyleft == ACCEPTED_LGPL


def test_every_choice_of_ours_has_its_reason() -> None:
    text = (BASE_DIR / "requirements.txt").read_text()
    chosen = text.partition("# Chosen by us")[2].partition("# What those need")[0]
    names = re.findall(r"^([\w-]+)==(.+)$", chosen, re.MULTILINE)
    table = (BASE_DIR / "docs" / "dependencies.md").read_text()

    assert len(names) > 10
    assert [name for name, version in names if f"| {name} | {version} |" not in table] == []
