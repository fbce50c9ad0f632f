import secrets


def public_id() -> str:
    """128 random bits for an address: names a thing and tells nothing about it."""
    return secrets.token_urlsafe(16)


def webhook_secret() -> str:
    """192 random bits to sign with, known to this service and to the receiver alone."""
    return secrets.token_urlsafe(24)
