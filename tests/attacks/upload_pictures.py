"""Uploads every file of a folder to a running service, as an owner does: `SITE E-MAIL PASSWORD FOLDER MEDIA`.

Each file goes up twice: under its own name, and under one that lies about it. Writes what came of them, and ends with 1
where one was answered with a server error, took longer than `MOST_SECONDS`, was drawn with more than `MOST_MEGABYTES`,
or left a file of a kind that is not listed in the folder of uploads. docs/attacks.md has what came of Pillow's.
"""

import http.client
import itertools
import json
import re
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from PIL import Image

LISTED = ("JPEG", "PNG", "WEBP", "AVIF")
ENDINGS = (".jpg", ".png", ".webp", ".avif")
MOST_SECONDS, MOST_MEGABYTES = 3.0, 300
LOOK_SECONDS = 0.004
UPLOAD = "/admin/images/multiple/add/"


class Owner:
    """A browser that has signed in."""

    def __init__(self, site: str, email: str, password: str) -> None:
        self.site, self.host = site, urlsplit(site).netloc
        self.cookies: dict[str, str] = {}
        form = {"csrfmiddlewaretoken": self.token_of("/accounts/login/"), "login": email, "password": password}
        status, _text = self.ask("POST", "/accounts/login/", urlencode(form).encode())
        if status != 302:
            raise SystemExit(f"Signing in was answered {status}.")
        page = self.ask("GET", UPLOAD)[1]
        self.token = self._token_in(page)
        self.collection = re.findall(r'<option value="(\d+)"', page)[-1:]

    def token_of(self, address: str) -> str:
        return self._token_in(self.ask("GET", address)[1])

    def _token_in(self, page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if found is None:
            raise SystemExit(f"A page without a form: {page[:300]}")
        return found[1]

    def ask(self, method: str, address: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        headers = {
            "Content-Type": kind or "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": self.site,
            "Accept-Language": "en",
        }
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
        connection.close()
        return answer.status, text

    def upload(self, name: str, content: bytes) -> tuple[int, str]:
        """The answer's status, and whether it was taken or why not."""
        between = uuid.uuid4().hex
        fields = {"csrfmiddlewaretoken": self.token, "title": name, "collection": "".join(self.collection)}
        parts = [
            f'--{between}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--{between}\r\nContent-Disposition: form-data; name="files[]"; filename="{name}"\r\n\r\n'
        body = b"".join((*parts, head.encode(), content, f"\r\n--{between}--\r\n".encode()))
        status, text = self.ask("POST", UPLOAD, body, f"multipart/form-data; boundary={between}")
        if status != 200 or not text.startswith("{"):
            return status, f"answered {status}"
        said = json.loads(text)
        return status, "taken" if said["success"] else re.sub(r"<[^>]+>|\s+", " ", said["error_message"]).strip()


class Memory(threading.Thread):
    """Watches the processes that draw pictures: the most memory any of them had, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.over = 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(LOOK_SECONDS):
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    if b"press.py" in (status.parent / "cmdline").read_bytes():
                        peak = re.search(r"VmHWM:\s+(\d+)", status.read_text())
                        self.most = max(self.most, int(peak[1]) * 1024 if peak else 0)
                except OSError:  # it has ended
                    continue


def files_of(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Under which kind of name, the name, the file."""
    endings = itertools.cycle(ENDINGS)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            ending = next(one for one in endings if one != path.suffix.lower())
            yield "its own name", path.name, path.read_bytes()
            yield "another name", f"{path.stem}{ending}", path.read_bytes()


def kinds_in(folder: Path) -> Counter[str]:
    """What Pillow finds in the files that are kept."""
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file():
            with Image.open(path) as picture:
                found[str(picture.format)] += 1
    return found


def main(site: str, email: str, password: str, folder: str, media: str) -> int:
    owner, memory = Owner(site, email, password), Memory()
    memory.start()
    said: Counter[tuple[str, str]] = Counter()
    times: list[tuple[float, str]] = []
    wrong: list[str] = []
    for kind, name, content in files_of(Path(folder)):
        since = time.monotonic()
        status, words = owner.upload(name.replace('"', "'"), content)
        times.append((time.monotonic() - since, name))
        said[kind, words] += 1
        if status >= 500:
            wrong.append(f"{name}: answered {status}")
    memory.over.set()
    slowest, kinds = max(times), kinds_in(Path(media))
    wrong += [f"{name}: {seconds:.2f} s" for seconds, name in times if seconds > MOST_SECONDS]
    wrong += [f"kept: {count} × {kind}" for kind, count in kinds.items() if kind not in LISTED]
    wrong += [f"memory: {memory.most >> 20} MB"] if memory.most > MOST_MEGABYTES << 20 else []
    report = [f"{len(times)} uploads, the slowest {slowest[0]:.2f} s ({slowest[1]}), drawn with {memory.most >> 20} MB"]
    report += [f"{count:5} {kind}: {words}" for (kind, words), count in said.most_common()]
    report += [f"kept: {dict(kinds)}", *(wrong or ["nothing failed"])]
    sys.stdout.write("\n".join(report) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
