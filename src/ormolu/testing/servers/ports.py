"""Free ports on the local host."""

from __future__ import annotations

import random
import socket

HOST = "127.0.0.1"

# Below the range from which systems give clients their ports (32768 or 49152 and up): a port from
# that range can be taken by any outgoing connection while its server is down, and a client that
# keeps connecting to it may even meet itself.
_RANGE = range(15_000, 32_000)
_chosen: set[int] = set()
_random = random.SystemRandom()


def free_port() -> int:
    """Return a port that nobody listens on, and that this function hasn't given before."""
    while True:
        port = _random.choice(_RANGE)
        if port in _chosen:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        _chosen.add(port)
        return port
