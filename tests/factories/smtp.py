"""A mail server on the loopback: takes letters by SMTP as any other would, and keeps them to be read."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast


class PostOffice(socketserver.ThreadingTCPServer):
    """What came is in `letters`, oldest first."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.letters: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Counter(socketserver.StreamRequestHandler):
    """One conversation, RFC 5321's least."""

    server: PostOffice

    def handle(self) -> None:
        recipients: list[str] = []
        self.say("220 loopback")
        while line := self.rfile.readline():
            command = line.decode().strip()
            verb = command[:4].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "RCPT":
                recipients.append(command.partition("<")[2].partition(">")[0])
            if verb == "DATA":
                self.say("354 go on")
                self.server.envelopes.append(recipients)
                self.server.letters.append(self.read_letter())
                recipients = []
            self.say("250 loopback" if verb == "EHLO" else "250 ok")

    def read_letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        return cast(EmailMessage, message_from_bytes(b"".join(lines), policy=cast(Any, policy.default)))

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def running_post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield office
        office.shutdown()
        thread.join()
