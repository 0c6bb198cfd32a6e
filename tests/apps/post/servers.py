"""Small real servers on 127.0.0.1 that keep what they are sent: one for HTTP, one for SMTP.

`on_arrival` is called with how many have arrived, before the one that just came is answered.
"""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Call:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpSink:
    """Answers with `status` and `answer`; an empty status breaks the line without a word."""

    port: int = 0
    status: int = 200
    answer: bytes = b'{"errcode": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    on_arrival: Callable[[int], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def http_sink() -> Iterator[HttpSink]:
    sink = HttpSink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sink.calls.append(Call(self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            if sink.on_arrival:
                sink.on_arrival(len(sink.calls))
            if not sink.status:
                self.close_connection = True
                return
            self.send_response(sink.status)
            for name, text in sink.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(sink.answer)))
            self.end_headers()
            self.wfile.write(sink.answer)

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            return  # whoever was killed does not wait for its answer

    server = Server(("127.0.0.1", 0), Handler)
    sink.port = server.server_address[1]
    with running(server):
        yield sink


@dataclass
class MailSink:
    """Keeps whole letters; `refusal` is what it says to every recipient, `breaks` hangs up after the letter."""

    port: int = 0
    refusal: str = ""
    breaks: bool = False
    letters: list[str] = field(default_factory=list)
    on_arrival: Callable[[int], None] | None = None


class MailHandler(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a letter."""

    sink: MailSink

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper().split(":")[0]
            if word == "DATA":
                self.say("354 go on")
                if not self.take_letter():
                    return
            elif word == "RCPT" and self.sink.refusal:
                self.say(self.sink.refusal)
            else:
                self.say("250 ok")

    def take_letter(self) -> bool:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        self.sink.letters.append("\n".join(lines))
        if self.sink.on_arrival:
            self.sink.on_arrival(len(self.sink.letters))
        if not self.sink.breaks:
            self.say("250 ok")
        return not self.sink.breaks


class QuietServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        return  # whoever was killed does not wait for its answer


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    sink = MailSink()
    server = QuietServer(("127.0.0.1", 0), type("Handler", (MailHandler,), {"sink": sink}))
    sink.port = server.server_address[1]
    with running(server):
        yield sink


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
