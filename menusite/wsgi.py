"""The application that a WSGI server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "menusite.settings")

application = get_wsgi_application()

# Both need the settings.
from menusite.celery import app  # noqa: E402
from menusite.patience import limit_waiting  # noqa: E402

limit_waiting(app)
