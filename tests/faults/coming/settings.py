"""The product's settings with the next release's migration."""

from menusite.settings import *  # noqa: F403 - settings are names, each of which is wanted here

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.coming"]  # noqa: F405
