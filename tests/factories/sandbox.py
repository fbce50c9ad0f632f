"""The payment provider's sandbox, run beside a test."""

import threading
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from accounts.billing.sandbox.server import Sandbox


@pytest.fixture
def sandbox(settings: LazySettings) -> Iterator[Sandbox]:
    """The provider's sandbox on a free port, telling nobody anything until asked to."""
    server = Sandbox(("127.0.0.1", 0))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.PAYMENT_PROVIDER = "sandbox"
    settings.PAYMENT_SANDBOX_URL = server.url
    yield server
    server.wake.set()
    server.shutdown()
    server.server_close()
    thread.join()
