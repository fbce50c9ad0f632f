"""A lock in the cache, set by a call whose answer nobody heard: it does not outlive the trouble."""

from collections.abc import Iterator

import pytest

from menusite.cache import PatientRedisCache
from tests.faults.own_redis import OwnRedis
from tests.faults.proxy import FaultProxy, Mode, fault_proxy

pytestmark = pytest.mark.faults


@pytest.fixture
def between(redis: OwnRedis) -> Iterator[FaultProxy]:
    with fault_proxy(redis.port) as proxy:
        yield proxy


@pytest.fixture
def cache(between: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> PatientRedisCache:
    monkeypatch.setattr(PatientRedisCache, "_asleep_until", 0.0)
    monkeypatch.setattr(PatientRedisCache, "_to_forget", set())
    monkeypatch.setattr("menusite.cache.PAUSE_SECONDS", 0.0)
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    return PatientRedisCache(f"redis://127.0.0.1:{between.port}/0", {"OPTIONS": options})


def lock_unheard(cache: PatientRedisCache, between: FaultProxy, redis: OwnRedis) -> None:
    """Redis takes the lock's key, and its answer does not come through."""
    # A connection that is there already, as in any process that has served for a while.
    cache.get("anything")
    with between.during(Mode.CUT):
        assert cache.add("lock", True, 60) is True
    assert redis.client.keys() != []


def test_it_is_free_when_redis_is_back(cache: PatientRedisCache, between: FaultProxy, redis: OwnRedis) -> None:
    lock_unheard(cache, between, redis)

    assert cache.add("lock", True, 60) is True


def test_control_otherwise_it_stays_shut(
    cache: PatientRedisCache, between: FaultProxy, redis: OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientRedisCache, "_forget_later", lambda _cache, _keys: None)
    lock_unheard(cache, between, redis)

    assert cache.add("lock", True, 60) is False


def test_what_was_deleted_meanwhile_is_gone_afterwards(cache: PatientRedisCache, between: FaultProxy) -> None:
    cache.set("dish", "old", 60)
    with between.during(Mode.DOWN):
        cache.delete("dish")

    assert cache.get("dish", "nothing") == "nothing"
