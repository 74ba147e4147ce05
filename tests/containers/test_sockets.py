"""La red del núcleo: quién escucha, quién llama y por qué no se llega."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.containers.requests import Accept, Connect, Pause, Read
from dockerlab.errors import FileError


def test_a_connection_reaches_a_listener_of_the_same_network_space(lab):
    @lab.program
    def server(sys):
        listening = sys.listen(8080)
        connection = yield Accept(listening)
        data = yield Read(connection)
        sys.write(connection, b"eco " + data)
        sys.close(connection)
        yield Pause()

    @lab.program
    def client(sys):
        connection = yield Connect("localhost", 8080)
        sys.write(connection, "hola")
        sys.out((yield Read(connection)))
        sys.out((yield Read(connection)) or b".")
    lab.start("server")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    _, out = lab.exec("client")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    assert out.text() == "eco hola."


@pytest.mark.parametrize("host, port, text", [
    ("localhost", 81, "Connection refused"), ("nadie", 80, "Name or service not known"),
    ("10.0.0.9", 80, "Network is unreachable")])
def test_a_connection_that_cannot_be_made_says_why(lab, host, port, text):
    @lab.program
    def client(sys):
        try:
            yield Connect(host, port)
        except FileError as error:
            sys.out(error.text)
    lab.start("client")
    lab.kernel.run()
    assert lab.log() == text


def test_a_port_cannot_be_listened_on_twice_and_is_free_again_when_closed(lab):
    @lab.program
    def main(sys):
        first = sys.listen(80)
        with pytest.raises(FileError, match="Address already in use"):
            sys.listen(80)
        sys.close(first)
        sys.listen(80)
    process = lab.start("main")
    lab.kernel.run()
    assert process.exit_code == 0
