"""Whether a file that somebody uploads can be kept, asked while there is still a form to say so."""

import logging
import os
from pathlib import Path
from tempfile import TemporaryFile

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.translation import gettext

logger = logging.getLogger(__name__)


def refuse_without_room(storage: Storage, size: int) -> None:
    """Raise `ValidationError` when the storage's disk is full, missing or read-only: so many bytes do not go on it.

    Costs a nameless file of that size, gone again at once. Storages elsewhere say so themselves when they are written.
    """
    if not isinstance(storage, FileSystemStorage):
        return
    folder = Path(storage.location)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as probe:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(probe.fileno(), 0, max(size, 1))
    except OSError as wrong:
        logger.error("Files cannot be kept in %s: %s", folder, wrong)
        message = gettext("The file cannot be kept: there is no room for it at this moment. Everything else works.")
        raise ValidationError(message) from wrong
