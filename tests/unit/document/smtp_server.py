"""A mail server on this machine that says what a test wants it to say."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Answers:
    """What the server answers to each command; recipients by address."""

    greeting: str = "220 test"
    mail: str = "250 ok"
    data: str = "250 taken"
    rcpt: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


@dataclass
class Taken:
    """A message the server took."""

    sender: str
    recipients: list[str]
    content: bytes


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        answers = self.server.owner.answers
        if answers.hang_up:
            return
        self.say(answers.greeting)
        current = Taken("", [], b"")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            current = self.answer(verb, line, current, answers)

    def answer(self, verb: str, line: str, current: Taken, answers: Answers) -> Taken:
        address = line[line.find("<") + 1 : line.find(">")]
        if verb == "MAIL":
            current = Taken(address, [], b"")
            self.say(answers.mail)
        elif verb == "RCPT":
            said = answers.rcpt.get(address, "250 ok")
            if said.startswith("250"):
                current.recipients.append(address)
            self.say(said)
        elif verb == "DATA":
            self.say("354 go on")
            current.content = self.body()
            if answers.data.startswith("250"):
                self.server.owner.taken.append(current)
            self.say(answers.data)
        else:
            self.say("250 ok")
        return current

    def body(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    owner: SmtpServer


class SmtpServer:
    """Runs between `with` and its end; `taken` are the messages it took."""

    def __init__(self) -> None:
        self.answers = Answers()
        self.taken: list[Taken] = []
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.owner = self
        self.host, self.port = "127.0.0.1", int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
