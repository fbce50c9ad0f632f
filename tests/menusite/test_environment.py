from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from menusite.environment import Environment, read_environment

SECRET = "s" * 50


def read(base: Path, **variables: str) -> Environment:
    return read_environment({"SECRET_KEY": SECRET, **variables}, base=base)


def test_defaults_are_one_machine_without_redis(tmp_path: Path) -> None:
    environment = read(tmp_path)

    assert environment.debug is False
    assert environment.site_url == "http://127.0.0.1:8000"
    assert environment.allowed_hosts == ["127.0.0.1"]
    assert environment.database["ENGINE"] == "django.db.backends.sqlite3"
    assert environment.database["NAME"] == str(tmp_path / "var" / "db.sqlite3")
    assert (environment.cache_url, environment.broker_url) == ("", "")
    assert environment.media_root == tmp_path / "var" / "media"
    assert (environment.statistics_hour, environment.language_code) == (2, "ru")


def test_an_empty_variable_is_an_absent_one(tmp_path: Path) -> None:
    assert read(tmp_path, STATISTICS_HOUR="", REDIS_URL=" ", LANGUAGE_CODE="") == read(tmp_path)


def test_redis_url_serves_as_cache_and_broker_unless_they_have_their_own(tmp_path: Path) -> None:
    shared = read(tmp_path, REDIS_URL="redis://one:6379/0")
    split = read(tmp_path, REDIS_URL="redis://one:6379/0", BROKER_URL="redis://two:6379/0")

    assert (shared.cache_url, shared.broker_url) == ("redis://one:6379/0", "redis://one:6379/0")
    assert (split.cache_url, split.broker_url) == ("redis://one:6379/0", "redis://two:6379/0")


def test_postgresql_is_read_in_full(tmp_path: Path) -> None:
    database = read(tmp_path, DATABASE_URL="postgres://menu:p%40ss@db:5433/menusite").database

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["PASSWORD"]) == ("menusite", "menu", "p@ss")
    assert (database["HOST"], database["PORT"]) == ("db", 5433)


def test_a_relative_sqlite_path_is_taken_from_the_checkout(tmp_path: Path) -> None:
    assert read(tmp_path, DATABASE_URL="sqlite:///var/other.sqlite3").database["NAME"] == str(
        tmp_path / "var" / "other.sqlite3"
    )


def test_debug_allows_this_machine_beside_the_site(tmp_path: Path) -> None:
    environment = read(tmp_path, DEBUG="1", SITE_URL="http://192.168.1.5:8000")

    assert environment.allowed_hosts == ["192.168.1.5", "localhost", "127.0.0.1", "[::1]"]


def test_a_missing_secret_stops_the_start_outside_debug(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        read_environment({}, base=tmp_path)


def test_a_short_secret_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is too short") as refusal:
        read(tmp_path, SECRET_KEY="hunter2")

    assert "hunter2" not in str(refusal.value)


def test_keys_of_before_are_named_beside_the_new_one(tmp_path: Path) -> None:
    former = ["a" * 40, "b" * 40]

    assert read(tmp_path).secret_key_fallbacks == []
    assert read(tmp_path, SECRET_KEY_FALLBACKS=", ".join(former)).secret_key_fallbacks == former
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS holds a key") as refusal:
        read(tmp_path, SECRET_KEY_FALLBACKS="hunter2")
    assert "hunter2" not in str(refusal.value)


def test_debug_makes_a_secret_once_and_keeps_it_from_others(tmp_path: Path) -> None:
    first = read_environment({"DEBUG": "1"}, base=tmp_path)
    second = read_environment({"DEBUG": "1"}, base=tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) > 50
    kept = list((tmp_path / "var").iterdir())
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "maybe", "1 or 0"),
        ("STATISTICS_HOUR", "25", "a whole number from 0 to 23"),
        ("STATISTICS_HOUR", "-1", "a whole number from 0 to 23"),
        ("STATISTICS_HOUR", "٢", "a whole number from 0 to 23"),
        ("VISIT_IDLE_MINUTES", "0", "a whole number from 1 to 1440"),
        ("EMAIL_CONFIRMATION_HOURS", "a day", "a whole number from 1 to 720"),
        ("SITE_URL", "menu.example.org", "with its scheme"),
        ("SITE_URL", "ftp://menu.example.org", "with its scheme"),
        ("SITE_URL", "https://menu.example.org/menu", "without a path"),
        ("SITE_URL", "https://menu.example.org:port", "with its scheme"),
        ("ALLOWED_HOSTS", "https://menu.example.org", "host names joined by commas"),
        ("LANGUAGE_CODE", "de", "one of en, ru"),
        ("DATABASE_URL", "mysql://127.0.0.1/menu", "sqlite://, postgres://"),
        ("DATABASE_URL", "menu.sqlite3", "sqlite://, postgres://"),
        ("DATABASE_URL", "postgres://127.0.0.1", "ends with the database's name"),
        ("DATABASE_URL", "postgres:///menu", "sqlite://, postgres://"),
        ("REDIS_URL", "http://127.0.0.1", "redis://"),
        ("CACHE_URL", "redis://", "redis://"),
        ("BROKER_URL", "kafka://127.0.0.1", "amqp://"),
        ("EMAIL_URL", "mail.example.org", "smtp://"),
        ("DEFAULT_FROM_EMAIL", "Menu", "an e-mail address"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str, expected: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path, **{name: value})

    message = str(refusal.value)
    assert message.startswith(f"{name} is {value!r}")
    assert expected in message


def test_a_password_is_not_shown_in_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path, DATABASE_URL="mysql://menu:hunter2@127.0.0.1/menu")

    assert "hunter2" not in str(refusal.value)


def test_a_file_is_no_media_folder(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("")

    with pytest.raises(ImproperlyConfigured, match=r"MEDIA_ROOT is .* should be a folder"):
        read(tmp_path, MEDIA_ROOT="media")


def test_printers_stand_in_no_network_unless_told(tmp_path: Path) -> None:
    assert read(tmp_path).printer_networks == []
    assert read(tmp_path, PRINTER_NETWORKS="192.168.10.0/24, 10.0.5.20").printer_networks == [
        "192.168.10.0/24",
        "10.0.5.20/32",
    ]


@pytest.mark.parametrize("wrong", ["kitchen", "192.168.10.7/24", "10.0.0.0/33"])
def test_a_network_that_is_none_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PRINTER_NETWORKS"):
        read(tmp_path, PRINTER_NETWORKS=wrong)
