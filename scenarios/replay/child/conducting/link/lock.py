"""A lock on what master and workers say to one another: who does not know the secret is not heard.

Locust's messages go over ZeroMQ, which can encrypt them (CurveZMQ, https://rfc.zeromq.org/spec/26): a
client must know the server's public key before it can speak, and that key never goes over the wire. Here it
follows from the secret, so that to know it is to know the secret; a server that does not have the key's
other half is understood by no worker.
"""

from __future__ import annotations

import hashlib
from typing import Any

import zmq
from locust.rpc.zmqrpc import BaseSocket
from zmq.utils import z85

from scenarios.replay.child.conducting.link.meeting import HANDSHAKES

SALT = b"surgeproof: master and workers"
COST, BLOCK, LANES = 1 << 14, 8, 1
"""Of scrypt: some 50 ms and 16 MiB for each guess (RFC 7914)."""


def keys_of(secret: str) -> tuple[bytes, bytes]:
    """The master's public and secret key."""
    key = hashlib.scrypt(secret.encode(), salt=SALT, n=COST, r=BLOCK, p=LANES, dklen=32)
    private: bytes = z85.encode(key)
    public: bytes = zmq.curve_public(private)
    return public, private


def lock(secret: str) -> None:
    """From now on each socket that Locust makes in this process is locked."""
    public, private = keys_of(secret)
    plain = BaseSocket.__init__

    def locked(self: BaseSocket, kind: int, ipv4_only: bool) -> None:
        plain(self, kind, ipv4_only)  # type: ignore[no-untyped-call]
        own: Any = self.socket
        if kind == zmq.ROUTER:
            own.curve_server, own.curve_secretkey = True, private
        else:
            own.curve_serverkey = public
            own.curve_publickey, own.curve_secretkey = zmq.curve_keypair()
        HANDSHAKES.count(own)

    BaseSocket.__init__ = locked  # type: ignore[method-assign]
