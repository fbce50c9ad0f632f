"""The names of all routes there are, read off the resolver."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def name_of(pattern: URLPattern, prefix: str, namespace: str) -> str:
    """A route's name in the table: its own, or what it matches when it has none."""
    return f"{namespace}{pattern.name}" if pattern.name else f"{prefix}{pattern.pattern}"


def all_routes() -> list[str]:
    return [name for name, _pattern in _walk(get_resolver(), "", "")]


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, f"{prefix}{pattern.pattern}", inner)
        else:
            yield name_of(pattern, prefix, namespace), pattern
