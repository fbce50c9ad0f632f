"""Whether tests run where everything has to be present."""

import os


def on_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")
