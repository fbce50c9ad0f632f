"""The signing key of a machine that runs in DEBUG and was given none."""

import os
import secrets
import tempfile
from pathlib import Path


def debug_secret(path: Path) -> str:
    """The key kept in `path`, made at the first call and readable by its owner alone.

    Kept, so that the web server, the worker and the commands of one checkout sign alike and a restart signs nobody out.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # A link, unlike a rename, leaves the key of a process that was quicker.
            os.link(draft, path)
        except FileExistsError:
            return path.read_text()
        finally:
            Path(draft).unlink()
    return path.read_text()
