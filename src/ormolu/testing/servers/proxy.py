"""`Proxy`: a network between client and server that misbehaves on request.

One thread serves all connections with a selector. What is asked of it from outside goes into a
queue that the thread is woken for, so that only the thread touches the sockets; every request is
waited for, so that a test knows that what it asked for has happened.
"""

from __future__ import annotations

import contextlib
import heapq
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from ...engine.url import URL, make_url
from .ports import HOST, free_port
from .server import Server

_CHUNK = 1 << 16
_RESET = struct.pack("ii", 1, 0)


class _End:
    """One of a link's two sockets, and what is still to be sent on it."""

    def __init__(self, sock: socket.socket, link: _Link) -> None:
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = sock
        self.link = link
        self.pending = bytearray()
        self.open = True


class _Link:
    """A client's connection and the one to the server that was made for it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = _End(client, self)
        self.server = _End(server, self)
        self.seen = b""  # the end of what the client sent, for patterns that come in two pieces

    @property
    def ends(self) -> tuple[_End, _End]:
        return self.client, self.server

    def other(self, end: _End) -> _End:
        return self.server if end is self.client else self.client


class Proxy:
    """A TCP proxy in front of a server, as a context manager.

    When the server can't be reached, the client's connection is taken and closed at once.

    :param target: a `Server`, the URL of a database, or ``(host, port)``.
    """

    def __init__(self, target: Server | str | URL | tuple[str, int]) -> None:
        self._url: URL | None = None
        if isinstance(target, Server):
            self._target = (target.host, target.port)
            self._url = make_url(target.url())
        elif isinstance(target, str | URL):  # a URL is a tuple, so it is asked for first
            self._url = make_url(target)
            self._target = (self._url.host or HOST, self._url.port or _default_port(self._url))
        else:
            self._target = target
        self.host = HOST
        self.port = free_port()
        self._selector = selectors.DefaultSelector()
        self._links: list[_Link] = []
        self._listener: socket.socket | None = None
        self._stalled = False
        self._delay = 0.0
        self._delayed: list[tuple[float, int, _End, bytes]] = []
        self._number = 0
        self._trigger: tuple[bytes, bool] | None = None
        self._triggered = threading.Event()
        self._orders: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._waker, self._wakened = socket.socketpair()
        self._wakened.setblocking(False)
        self._selector.register(self._wakened, selectors.EVENT_READ, self._wakened)
        self._running = True
        self._listen()
        self._thread = threading.Thread(target=self._serve, name="proxy", daemon=True)
        self._thread.start()

    def url(self, *, database: str | None = None, driver: str | None = None) -> str:
        """Return the target's URL, by way of the proxy.

        :param driver: the URL's scheme, such as ``postgresql+asyncpg``; else the target's.
        """
        if self._url is None:
            raise ValueError("the proxy was given a host and a port; give it a server or a URL")
        url = self._url.set(host=self.host, port=self.port)
        if database is not None:
            url = url.set(database=database)
        if driver is not None:
            url = url.set(drivername=driver)
        return url.render_as_string(hide_password=False)

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._links)

    def cut(self) -> None:
        """Reset all connections, on both sides; new ones are served."""
        self._order(self._cut)

    def cut_when(self, pattern: bytes, *, forward: bool = True) -> None:
        """Cut a connection when its client sends the bytes, once.

        :param forward: pass them on first, so that the server does what it is asked and only the
            answer is lost; otherwise the server never hears of it.
        """

        def arm() -> None:
            self._trigger = pattern, forward
            self._triggered.clear()

        self._order(arm)

    def wait_for_cut(self, timeout: float = 10) -> bool:
        """Wait for what `cut_when` waits for; return whether it happened."""
        return self._triggered.wait(timeout)

    def stall(self) -> None:
        """Pass nothing on any more, either way; connections stay open and are taken."""
        self._order(lambda: self._set_stalled(True))

    def flow(self) -> None:
        """Pass on again, beginning with what waited."""
        self._order(lambda: self._set_stalled(False))

    def sever(self) -> None:
        """Close the server's side of all connections without telling the clients (half-open)."""
        self._order(self._sever)

    def refuse(self) -> None:
        """Take no new connections: they are refused. Those that are open go on."""
        self._order(self._stop_listening)

    def accept(self) -> None:
        """Take new connections again."""
        self._order(self._listen)

    def delay(self, seconds: float) -> None:
        """Hold everything that comes from now on back for a time, each way."""

        def set_delay() -> None:
            self._delay = seconds

        self._order(set_delay)

    def close(self) -> None:
        """Cut all connections and end."""
        if not self._running:
            return

        def finish() -> None:
            self._running = False

        self._order(finish)
        self._thread.join()
        self._cut()
        self._stop_listening()
        self._selector.close()
        self._waker.close()
        self._wakened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _order(self, action: Callable[[], None]) -> None:
        """Have the thread do something, and wait until it is done."""
        done = threading.Event()
        self._orders.append((action, done))
        self._waker.send(b"!")
        while not done.wait(1):
            if not self._thread.is_alive():
                raise RuntimeError("the proxy's thread has ended by an error")

    # From here on, everything runs in the proxy's own thread.

    def _serve(self) -> None:
        while self._running:
            timeout = None
            if self._delayed and not self._stalled:
                timeout = max(0.0, self._delayed[0][0] - time.monotonic())
            for key, events in self._selector.select(timeout):
                self._handle(key.data, events)
            self._deliver_delayed()

    def _handle(self, subject: object, events: int) -> None:
        if subject is self._wakened:
            self._follow_orders()
        elif subject is self._listener:
            self._take()
        elif isinstance(subject, _End) and subject.open:
            if events & selectors.EVENT_WRITE:
                self._flush(subject)
            if events & selectors.EVENT_READ and subject.open:
                self._read(subject)

    def _follow_orders(self) -> None:
        self._wakened.recv(_CHUNK)
        while self._orders:
            action, done = self._orders.popleft()
            action()
            done.set()

    def _listen(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server((self.host, self.port), backlog=200)
            self._listener.setblocking(False)
            self._selector.register(self._listener, selectors.EVENT_READ, self._listener)

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None

    def _take(self) -> None:
        assert self._listener is not None
        try:
            client, _ = self._listener.accept()
        except OSError:  # it has gone already
            return
        try:
            server = socket.create_connection(self._target, timeout=10)
        except OSError:
            client.close()
            return
        link = _Link(client, server)
        self._links.append(link)
        for end in link.ends:
            self._watch(end)

    def _watch(self, end: _End) -> None:
        """Tell the selector what the socket is wanted for now."""
        wanted = 0
        if end.open and not self._stalled:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if end.pending else 0)
        known = end.socket in self._selector.get_map() if end.open else False
        if known and wanted:
            self._selector.modify(end.socket, wanted, end)
        elif known:
            self._selector.unregister(end.socket)
        elif wanted:
            self._selector.register(end.socket, wanted, end)

    def _read(self, end: _End) -> None:
        try:
            data = end.socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end_of(end)
        elif end is end.link.client and self._is_triggered(end.link, data):
            self._cut_at_trigger(end.link, data)
        else:
            self._pass_on(end.link.other(end), data)

    def _is_triggered(self, link: _Link, data: bytes) -> bool:
        if self._trigger is None:
            return False
        pattern = self._trigger[0]
        seen = link.seen + data
        link.seen = seen[-len(pattern) + 1 :] if len(pattern) > 1 else b""
        return pattern in seen

    def _cut_at_trigger(self, link: _Link, data: bytes) -> None:
        assert self._trigger is not None
        _, forward = self._trigger
        self._trigger = None
        if forward:
            link.server.socket.setblocking(True)
            link.server.socket.sendall(bytes(link.server.pending) + data)
            # The server must have read it before it learns that nobody waits for the answer.
            link.server.socket.settimeout(10)
            with contextlib.suppress(OSError):
                link.server.socket.recv(1)
        self._drop(link)
        self._triggered.set()

    def _pass_on(self, end: _End, data: bytes) -> None:
        if self._delay:
            self._number += 1
            when = time.monotonic() + self._delay
            heapq.heappush(self._delayed, (when, self._number, end, data))
        elif end.open:
            end.pending += data
            self._flush(end)

    def _deliver_delayed(self) -> None:
        while self._delayed and not self._stalled and self._delayed[0][0] <= time.monotonic():
            *_, end, data = heapq.heappop(self._delayed)
            if end.open:
                end.pending += data
                self._flush(end)

    def _flush(self, end: _End) -> None:
        try:
            sent = end.socket.send(end.pending)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._end_of(end)
            return
        del end.pending[:sent]
        self._watch(end)

    def _end_of(self, end: _End) -> None:
        """One side has closed: what waits for the other is sent, then it is closed as well."""
        other = end.link.other(end)
        other.pending += b"".join(d for *_, held, d in sorted(self._delayed) if held is other)
        if other.open and other.pending:
            with contextlib.suppress(OSError):
                other.socket.settimeout(1)
                other.socket.sendall(other.pending)
        for each in end.link.ends:
            self._close(each, reset=False)
        self._forget(end.link)

    def _close(self, end: _End, *, reset: bool) -> None:
        if not end.open:
            return
        if end.socket in self._selector.get_map():
            self._selector.unregister(end.socket)
        if reset:
            with contextlib.suppress(OSError):
                end.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.socket.close()
        end.open = False

    def _forget(self, link: _Link) -> None:
        if link in self._links:
            self._links.remove(link)

    def _drop(self, link: _Link) -> None:
        for end in link.ends:
            self._close(end, reset=True)
        self._forget(link)

    def _cut(self) -> None:
        for link in list(self._links):
            self._drop(link)

    def _sever(self) -> None:
        for link in self._links:
            self._close(link.server, reset=False)
            # What the client sends is read and lost.

    def _set_stalled(self, stalled: bool) -> None:
        self._stalled = stalled
        for link in self._links:
            for end in link.ends:
                if end.open:
                    self._watch(end)


def _default_port(url: URL) -> int:
    return 5432 if url.get_backend_name() == "postgresql" else 3306
