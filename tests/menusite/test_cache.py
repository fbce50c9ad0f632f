"""The Redis cache with no Redis behind it: a port nobody listens on."""

import logging
import socket

import pytest

from menusite.cache import PatientRedisCache


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def lonely_cache(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> PatientRedisCache:
    monkeypatch.setattr(PatientRedisCache, "_asleep_until", 0.0)
    return PatientRedisCache(f"redis://127.0.0.1:{closed_port}/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})


def test_without_redis_everything_is_a_miss(lonely_cache: PatientRedisCache) -> None:
    lonely_cache.set("dish", "soup")

    assert lonely_cache.get("dish", "nothing") == "nothing"
    assert lonely_cache.get_many(["dish"]) == {}
    assert lonely_cache.set_many({"dish": "soup"}) == ["dish"]
    assert lonely_cache.has_key("dish") is False
    assert lonely_cache.delete("dish") is False
    assert lonely_cache.get_or_set("dish", "computed") == "computed"


def test_a_counter_does_not_exist_without_redis(lonely_cache: PatientRedisCache) -> None:
    with pytest.raises(ValueError, match="not in the cache"):
        lonely_cache.incr("visits")


def test_the_failure_is_logged_once_and_not_asked_for_again(
    lonely_cache: PatientRedisCache, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="menusite.cache"):
        for _ in range(5):
            lonely_cache.get("dish")

    assert [record.levelname for record in caplog.records] == ["WARNING"]
