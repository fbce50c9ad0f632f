"""The project: settings, addresses and processes. It wires the floors together and is imported by none of them."""

from menusite.celery import app as celery_app

__all__ = ["celery_app"]
