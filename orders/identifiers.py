import secrets


def public_id() -> str:
    """128 random bits for an address: names a thing and tells nothing about it."""
    return secrets.token_urlsafe(16)
