"""Counting how often a password is hashed: the slow part of an answer, and so what its time would betray."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher

hashed: list[str] = []


class CountingHasher(MD5PasswordHasher):
    def encode(self, password: str, salt: str) -> str:
        hashed.append(password)
        return super().encode(password, salt)


@contextmanager
def count_hashings(settings: LazySettings) -> Iterator[list[str]]:
    """The list has an entry for each hashing of a password while the block ran."""
    before = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["tests.factories.hashing.CountingHasher"]
    hashed.clear()
    found: list[str] = []
    try:
        yield found
    finally:
        found.extend(hashed)
        settings.PASSWORD_HASHERS = before
