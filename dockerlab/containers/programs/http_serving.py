"""El bucle de un servidor web: muchas conexiones, un solo proceso. Lo usan nginx y los dos httpd."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.errors import FileError

from ..polling import Select
from ..requests import Accept
from .http_words import BadMessage, Message, read_message, response

Answer = Callable[[Message, tuple[str, int]], Any]


class WebServer:
    """Los puertos a la escucha de un proceso y sus clientes.

    `answer(petición, quién)` es un generador que da los bytes de la respuesta.
    """

    def __init__(self, sys: Any, answers: dict[int, Answer], server: str):
        self.sys, self.answers, self.server = sys, answers, server
        self.clients: dict[int, Answer] = {}

    def run(self) -> Generator[Any, Any, None]:
        """Atiende para siempre. Las señales salen como `Signalled`; se puede volver a llamar."""
        while True:
            for fd in (yield Select((*self.answers, *self.clients))):
                if fd in self.answers:
                    self.clients[(yield Accept(fd))] = self.answers[fd]
                elif fd in self.clients:
                    yield from self.attend(fd)

    def attend(self, fd: int) -> Generator[Any, Any, None]:
        """Una petición de un cliente."""
        try:
            message = yield from read_message(fd)
        except BadMessage:
            page = b"<html>\r\n<head><title>400 Bad Request</title></head>\r\n</html>\r\n"
            self.sys.write(fd, response(400, [("Server", self.server), ("Content-Length", str(len(page))),
                                              ("Connection", "close")], page))
            message = None
        if message is None:
            self.hang_up(fd)
            return
        try:
            self.sys.write(fd, (yield from self.clients[fd](message, self.sys.peer(fd))))
        except FileError:
            self.hang_up(fd)      # el cliente se fue sin esperar
            return
        if message.header("connection").lower() == "close" or message.first[-1] == "HTTP/1.0":
            self.hang_up(fd)

    def hang_up(self, fd: int) -> None:
        self.sys.close(fd)
        self.clients.pop(fd, None)
