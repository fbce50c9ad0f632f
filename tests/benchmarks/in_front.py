"""nginx by the recipe of deploy/nginx, in a folder of its own and without the limits that keep floods away."""

import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path

from tests.benchmarks.servers import READY_SECONDS, ROOT, free_port

RECIPE = ROOT / "deploy" / "nginx"
PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
TOOLS = ("nginx", "openssl", "wrk")


def missing_tools() -> list[str]:
    """What has to be installed first, by the names of the packages."""
    return [tool for tool in TOOLS if shutil.which(tool, path=PATH) is None]


def configuration(folder: Path, *, port: int, upstream: int) -> str:
    """The recipe's own text: other folders and ports, no bounds for one address, no other site on the machine."""
    text = (RECIPE / "nginx.conf").read_text("utf-8")
    head, _rest = text.split("    # Whoever asks for another name", 1)
    _plain, secured = text.rsplit("    server {\n        listen 443 ssl http2;", 1)
    text = f"{head}    server {{\n        listen 443 ssl http2;{secured}"
    changes = {
        r"^user .*?;": f"user {getuser()};",
        r"^pid .*?;": f"pid {folder}/nginx.pid;",
        r"^error_log .*?;": f"error_log {folder}/error.log warn;",
        r"access_log \S+": f"access_log {folder}/access.log",
        r"listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        r"^\s*listen \[::\].*?;\n": "",
        r"/etc/menusite/tls": str(folder),
        r"/etc/nginx/menusite": str(folder),
        r"/var/cache/nginx-menusite": f"{folder}/cache",
        r"/var/lib/menusite": str(folder),
        r"^\s*limit_(?:req|conn) .*?;\n": "",
    }
    if not list(Path("/etc/nginx/modules-enabled").glob("*brotli*")):
        changes[r"^\s*brotli_static .*?;\n"] = ""
    for pattern, replacement in changes.items():
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    for part in (RECIPE / "menusite").iterdir():
        shutil.copy(part, folder)
    (folder / "upstream.conf").write_text(f"server 127.0.0.1:{upstream} max_fails=0;\n", "utf-8")
    return text


@contextmanager
def nginx(folder: Path, *, upstream: int) -> Iterator[str]:
    """Serve what answers on the port `upstream`, and the files in `folder/static`; yields the address."""
    port = free_port()
    (folder / "nginx.conf").write_text(configuration(folder, port=port, upstream=upstream), "utf-8")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
            *("-days", "2", "-subj", "/CN=127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], env={"PATH": PATH})
    try:
        _wait(server, f"http://127.0.0.1:{port}/")
        yield f"https://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait(server: "subprocess.Popen[bytes]", plain: str) -> None:
    """Until it answers, if only that it wants https."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            urllib.request.urlopen(plain, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
