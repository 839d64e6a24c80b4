"""Why a target could not be spoken to, as one sentence a reason, and what to do about it.

All of them are exit code 3: nothing was judged.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from scenarios.http.allow import CONNECT_TIMEOUT_S, reason_in_words
from scenarios.http.trust import FILE_VARIABLE
from simulator.errors import Misbehaved, TargetError, Unreachable

HOSTNAME_MISMATCH, ADDRESS_MISMATCH, EXPIRED, NOT_YET = 62, 64, 10, 9
"""Of X509_verify_cert (OpenSSL)."""
REMEDIES = {
    HOSTNAME_MISMATCH: "use a name that it was issued for",
    ADDRESS_MISMATCH: "use a name that it was issued for",
    EXPIRED: "renew it",
    NOT_YET: "check the clocks of both machines",
}
TRUST_IT = (
    f"if you trust it, set {FILE_VARIABLE} to a file that holds it, or its issuer's certificate"
)


def complaint(error: Exception, url: str) -> TargetError:
    """What ended a request to that address, for a person."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message.rstrip(".")
            remedy = REMEDIES.get(cause.verify_code, TRUST_IT)
            return Unreachable(f"the certificate of {url} cannot be verified ({why}): {remedy}")
        if isinstance(cause, ssl.SSLError):
            return Misbehaved(
                f"{url} answers, but not with TLS ({reason_in_tls(cause)}): is it http://, or another port?"
            )
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        why = next((reason_in_words(c) for c in causes(error) if isinstance(c, OSError)), "")
        told = f" ({why})" if why else ""
        return Unreachable(f"nothing answers at {url}{told}; is the target running?")
    if isinstance(error, httpx.RemoteProtocolError):
        return Misbehaved(broken_http(str(error), url))
    return Unreachable(f"{url} dropped the connection instead of answering")


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def reason_in_tls(error: ssl.SSLError) -> str:
    return (error.reason or "no handshake").replace("_", " ").lower()


def broken_http(why: str, url: str) -> str:
    """What h11 says is wrong quotes the answer; that is left out, as it may be anything."""
    if "without sending a response" in why:
        return f"{url} closes the connection without an answer; is it the right port?"
    if "without sending complete" in why or "incomplete chunked" in why:
        return f"{url} breaks off its answer in the middle"
    if "too long" in why:
        return f"{url} answers with a header that is too long"
    return f"{url} answers, but not with HTTP ({plain(why)}); is it the right port?"


def plain(why: str) -> str:
    return why.partition(":")[0].partition("b'")[0].strip()


def too_slow(url: str, within_s: float) -> Misbehaved:
    return Misbehaved(f"{url} did not end its answer within {within_s:g} s")


def speaks_tls(address: str, port: int) -> bool:
    """Whether a server that did not understand HTTP understands a TLS greeting."""
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((address, port), CONNECT_TIMEOUT_S) as bare,
            anyone.wrap_socket(bare),
        ):
            return True
    except ssl.SSLError as error:
        return error.reason is not None and "ALERT" in error.reason
    except OSError:
        return False


def speaks_http(address: str, port: int) -> bool:
    """Whether a server that did not answer a TLS greeting answers a request without."""
    try:
        with socket.create_connection((address, port), CONNECT_TIMEOUT_S) as bare:
            bare.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return bare.recv(5) == b"HTTP/"
    except OSError:
        return False


def other_scheme(url: str, address: str, port: int) -> Misbehaved | None:
    """What is wrong where http:// was written for https://, or the other way round."""
    if url.startswith("http:"):
        wrong, right, found = "http://", "https://", speaks_tls(address, port)
    else:
        wrong, right = "https://", "http://"
        found = not speaks_tls(address, port) and speaks_http(address, port)
    if not found:
        return None
    spoken = "TLS" if right == "https://" else "plain HTTP"
    return Misbehaved(f"{url} speaks {spoken} on that port: write {right} instead of {wrong}")
