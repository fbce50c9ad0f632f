"""The images and their composition: what is copied, run and watched is there, and may do little.

Read, not built: what only a builder can show is said in docs/deployment.md.
"""

import fnmatch
import re
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from menusite.run import BASE_DIR

DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((BASE_DIR / "compose.yaml").read_text())
WORKDIR = "/opt/menusite"


def stages() -> dict[str, list[str]]:
    """The Dockerfile's stages: name → instructions."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    found: dict[str, list[str]] = {}
    for line in filter(None, joined.splitlines()):
        if line.startswith("FROM "):
            found[line.rpartition(" AS ")[2]] = [line]
        elif found:
            list(found.values())[-1].append(line)
    return found


def test_images_copy_what_there_is() -> None:
    for line in [line for stage in stages().values() for line in stage if line.startswith("COPY ")]:
        words = line.split()[1:]
        if words[0].startswith("--from="):
            assert words[0].removeprefix("--from=") in stages()
        else:
            assert [name for name in words[:-1] if not (BASE_DIR / name).exists()] == []


@pytest.mark.parametrize("stage", ["service", "front"])
def test_an_image_that_runs_has_no_root_and_says_whether_it_is_well(stage: str) -> None:
    lines = stages()[stage]

    assert [line for line in lines if line.startswith("USER ")][-1] in ("USER 10001:10001", "USER www-data")
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert ":latest" not in DOCKERFILE
    assert all(
        "--no-install-recommends" in line and "rm -rf /var/lib/apt/lists" in line
        for line in lines
        if "apt-get install" in line
    )


def test_containers_may_do_little() -> None:
    wrong = [
        name
        for name, service in COMPOSE["services"].items()
        if not (
            service["read_only"]
            and service["cap_drop"] == ["ALL"]
            and service["security_opt"] == ["no-new-privileges:true"]
        )
    ]

    assert wrong == []
    assert {service["build"]["target"] for service in COMPOSE["services"].values() if "build" in service} <= set(
        stages()
    )
    assert set(COMPOSE["volumes"]) == {"database", "broker", "data", "metrics"}


def files_of(stage: str) -> set[str]:
    """What `COPY` brings into a stage, as whole paths; folders of this repository end with their own name."""
    found: set[str] = set()
    for line in stages()[stage]:
        if not line.startswith("COPY "):
            continue
        *sources, target = [word for word in line.split()[1:] if not word.startswith("--")]
        into = PurePosixPath(WORKDIR) / target
        if "--from=" in line:
            found.add(str(into))
            continue
        for source in sources:
            several = target.endswith("/") or len(sources) > 1
            found.add(str(into / PurePosixPath(source).name) if several else str(into))
    return found


def test_what_is_copied_is_given_to_the_builder() -> None:
    """`.dockerignore` keeps everything back but what it names."""
    lines = (BASE_DIR / ".dockerignore").read_text().splitlines()
    given = [line.removeprefix("!") for line in lines if line.startswith("!")]
    copied = [
        word
        for stage in stages().values()
        for line in stage
        if line.startswith("COPY ") and "--from=" not in line
        for word in line.split()[1:-1]
    ]

    assert "*" in lines
    assert [path for path in copied if not any(path == name or path.startswith(f"{name}/") for name in given)] == []
    # Nothing of a developer's own goes along.
    assert [name for name in (".git", ".venv", "var", "tests", ".env") if name in given] == []


def test_packages_are_installed_from_files_that_are_there() -> None:
    named = re.findall(r"--requirement (\S+)", "".join(stages()["packages"]))

    assert named == ["requirements.txt", "requirements-s3.txt"]
    assert {f"{WORKDIR}/{name}" for name in named} <= files_of("packages")


def commands() -> list[list[str]]:
    """Of the image and of each service that runs it: the words of the command."""
    own = re.findall(r"^CMD (\[.+\])$", "\n".join(stages()["service"]), re.MULTILINE)
    checks = re.findall(r"HEALTHCHECK .*?CMD (\[.+\])", "\n".join(stages()["service"]))
    of_services = [
        one["command"] for one in COMPOSE["services"].values() if one.get("image") == "menusite" and "command" in one
    ]
    return [yaml.safe_load(words) for words in (*own, *checks)] + of_services


def test_commands_run_what_is_in_the_image() -> None:
    files = files_of("code")

    assert len(commands()) == 5
    for words in commands():
        assert words[0] == f"{WORKDIR}/.venv/bin/python"
        for word in words[1:]:
            module = re.fullmatch(r"(menusite(?:\.\w+)*)(?::\w+)?", word)
            if module:
                assert (BASE_DIR / f"{module[1].replace('.', '/')}.py").exists(), word
                assert f"{WORKDIR}/menusite" in files
            if word.endswith(".py"):
                assert f"{WORKDIR}/{word}" in files


def test_health_is_asked_where_the_server_listens() -> None:
    server, check = commands()[0], commands()[1]

    assert check[1:] == ["-m", "menusite.answering", server[server.index("--port") + 1]]
    assert f"EXPOSE {check[-1]}" in stages()["service"]
    assert f"server web:{check[-1]} " in "".join(stages()["front"])


def test_services_name_what_there_is() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for name, service in services.items():
        assert [other for other in service.get("depends_on", {}) if other not in services] == [], name
        for volume in service.get("volumes", []):
            source = volume["source"] if isinstance(volume, dict) else volume.partition(":")[0]
            if source.startswith("./"):
                assert (BASE_DIR / source).exists(), source
            elif not source.startswith("$"):
                assert source in volumes, source
        # Who is waited for says whether it is well.
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[other] or other == "web"
    hosts = re.findall(r"(?:@|//)(\w+):\d+", " ".join(map(str, services["web"]["environment"].values())))
    assert [host for host in hosts if host not in (*services, "mail")] == []


def test_services_write_only_where_they_may() -> None:
    """Under a read-only root: every folder that the settings name is a volume or memory."""
    told = dict(re.findall(r"(\w+)=(\S+)", " ".join(line for line in stages()["service"] if line.startswith("ENV "))))
    for name in ("web", "worker", "beat", "migrate"):
        service = COMPOSE["services"][name]
        targets = [volume.split(":")[1] for volume in service["volumes"]]
        targets += [folder.partition(":")[0] for folder in service["tmpfs"]]
        folders = [told["VAR_DIR"], told["MEDIA_ROOT"], service["environment"].get("PROMETHEUS_MULTIPROC_DIR", "/tmp")]
        assert [folder for folder in folders if not any(folder.startswith(target) for target in targets)] == [], name


def test_static_files_are_where_nginx_looks() -> None:
    nginx = (BASE_DIR / "deploy/nginx/nginx.conf").read_text()
    front = stages()["front"]

    assert "COPY --from=code /opt/static /var/lib/menusite/static" in front
    assert re.search(r"location \^~ /static/ {\s+root /var/lib/menusite;", nginx)
    assert any(fnmatch.fnmatch(line, "CMD *s/menu*example*org/$DOMAIN/g*") for line in front)
    media = next(one for one in COMPOSE["services"]["nginx"]["volumes"] if isinstance(one, dict))
    assert (media["target"], media["read_only"]) == ("/var/lib/menusite/media", True)
