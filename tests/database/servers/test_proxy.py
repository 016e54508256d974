"""The proxy passes on, and cuts, stalls, severs, refuses and delays when it is told to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from ormolu.testing.servers import Proxy


class Echo:
    """A server that answers each piece of what it gets with the same, and remembers it."""

    def __init__(self) -> None:
        self.got = b""
        self.closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(1 << 16):
                    self.got += data
                    connection.sendall(data)
            except OSError:
                pass
        self.closed.set()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def echo() -> Iterator[Echo]:
    """A server to talk to."""
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    """A proxy in front of it."""
    with Proxy(echo.address) as proxy:
        yield proxy


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    """A connection through it that has been used."""
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as client:
        assert said(client, b"hello") == b"hello"
        yield client


def said(client: socket.socket, data: bytes) -> bytes:
    """Send bytes, and return as many as come back."""
    client.sendall(data)
    return received(client, len(data))


def received(client: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        piece = client.recv(size - len(got))
        if not piece:
            break
        got += piece
    return got


def hears_nothing(client: socket.socket) -> bool:
    client.settimeout(0.05)
    try:
        client.recv(1)
    except TimeoutError:
        return True
    finally:
        client.settimeout(10)
    return False


def test_passes_everything_on(client: socket.socket) -> None:
    large = bytes(range(256)) * 20_000
    sender = threading.Thread(target=client.sendall, args=(large,))
    sender.start()
    assert received(client, len(large)) == large
    sender.join()


def test_end_of_one_side_is_the_end_of_the_other(
    proxy: Proxy, client: socket.socket, echo: Echo
) -> None:
    assert proxy.connections == 1
    client.close()
    assert echo.closed.wait(10)


def test_cut_resets_open_connections_and_serves_new_ones(
    proxy: Proxy, client: socket.socket
) -> None:
    proxy.cut()
    assert proxy.connections == 0
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as other:
        assert said(other, b"again") == b"again"


@pytest.mark.parametrize("pieces", [[b"x COMMIT y"], [b"x COM", b"MIT y"]], ids=["whole", "split"])
def test_cut_after_the_server_got_it(
    proxy: Proxy, client: socket.socket, echo: Echo, pieces: list[bytes]
) -> None:
    proxy.cut_when(b"COMMIT", forward=True)
    for piece in pieces[:-1]:
        assert said(client, piece) == piece
    client.sendall(pieces[-1])
    with pytest.raises(ConnectionResetError):
        received(client, 100)
    assert proxy.wait_for_cut()
    assert echo.got == b"hello" + b"".join(pieces)


def test_cut_before_the_server_got_it(proxy: Proxy, client: socket.socket, echo: Echo) -> None:
    proxy.cut_when(b"COMMIT", forward=False)
    assert said(client, b"BEGIN") == b"BEGIN"
    client.sendall(b"COMMIT")
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    assert echo.closed.wait(10)
    assert echo.got == b"helloBEGIN"
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as other:
        assert said(other, b"COMMIT") == b"COMMIT", "it cuts once"


def test_stalled_connections_hang_and_go_on(proxy: Proxy, client: socket.socket) -> None:
    proxy.stall()
    client.sendall(b"later")
    assert hears_nothing(client)
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as other:
        other.sendall(b"too")
        assert hears_nothing(other)
        proxy.flow()
        assert received(other, 3) == b"too"
    assert received(client, 5) == b"later"


def test_severed_client_is_told_nothing(proxy: Proxy, client: socket.socket, echo: Echo) -> None:
    proxy.sever()
    assert echo.closed.wait(10)
    client.sendall(b"into the void")
    assert hears_nothing(client)
    assert echo.got == b"hello"


def test_refuses_new_connections_until_it_accepts(proxy: Proxy, client: socket.socket) -> None:
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((proxy.host, proxy.port))
    assert said(client, b"open still") == b"open still"
    proxy.accept()
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as other:
        assert said(other, b"x") == b"x"


def test_delayed_bytes_come_late_and_in_order(proxy: Proxy, client: socket.socket) -> None:
    proxy.delay(0.05)
    start = time.monotonic()
    client.sendall(b"one ")
    client.sendall(b"two")
    assert received(client, 7) == b"one two"
    assert time.monotonic() - start >= 0.1, "each way takes that long"


def test_client_of_a_dead_server_is_closed() -> None:
    with (
        Proxy(("127.0.0.1", 1)) as proxy,
        socket.create_connection((proxy.host, proxy.port), timeout=10) as client,
    ):
        assert client.recv(1) == b""


def test_url_goes_by_way_of_the_proxy() -> None:
    with Proxy("postgresql://u:p@127.0.0.1:1/db?x=1") as proxy:
        assert proxy.url() == f"postgresql://u:p@127.0.0.1:{proxy.port}/db?x=1"
        other = proxy.url(database="other", driver="postgresql+asyncpg")
        assert other == f"postgresql+asyncpg://u:p@127.0.0.1:{proxy.port}/other?x=1"
    with Proxy(("127.0.0.1", 1)) as proxy, pytest.raises(ValueError, match="URL"):
        proxy.url()
