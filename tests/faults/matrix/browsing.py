"""A browser over the network: cookies, forms, and an answer in time or none."""

import http.client
from dataclasses import dataclass
from http.cookies import SimpleCookie
from secrets import token_hex
from urllib.parse import urlencode

# A request may wait five seconds for its database; the rest is for a machine that has much else to do.
ANSWER_SECONDS = 20
MOST_DEATHS = 50


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: http.client.HTTPMessage


class Browser:
    def __init__(self, port: int, cookies: dict[str, str] | None = None, *, again: bool = False) -> None:
        """With `again` it asks again when the server dies before it has answered, as people do."""
        self.port = port
        self.cookies = cookies or {}
        self.again = again
        self.deaths = 0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, **fields: str) -> Answer:
        body = urlencode(self._with_token(fields)).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Answer:
        edge = token_hex(8)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in self._with_token(fields).items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="new.png"\r\n'
        parts.append(f"{head}Content-Type: image/png\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode())
        return self._ask("POST", path, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def _with_token(self, fields: dict[str, str]) -> dict[str, str]:
        token = self.cookies.get("csrftoken")
        return {**fields, "csrfmiddlewaretoken": token} if token else fields

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        while True:
            try:
                return self._ask_once(method, path, body, headers)
            except (ConnectionError, http.client.HTTPException):
                self.deaths += 1
                if not self.again or self.deaths > MOST_DEATHS:
                    raise

    def _ask_once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        own = {
            "Origin": f"http://127.0.0.1:{self.port}",
            "Referer": f"http://127.0.0.1:{self.port}/teahouse/",
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            line.request(method, path, body, {**own, **headers})
            answer = line.getresponse()
            text = answer.read().decode()
            ends = "Content-Length" in answer.headers or answer.headers.get("Transfer-Encoding") == "chunked"
            if answer.status not in (204, 304) and not ends:
                # The server died after the first line: which `http.client` takes for all of the headers.
                raise http.client.IncompleteRead(b"")
        finally:
            line.close()
        for told in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: cookie.value for name, cookie in SimpleCookie(told).items()})
        return Answer(answer.status, text, answer.headers)
