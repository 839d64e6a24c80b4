"""Whose certificates are trusted: the same in the probe, the preparation and the replay.

Those of this machine and of Mozilla's list (certifi); or, where ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` is
set, those alone, as OpenSSL's own programs understand them. A proxy is never used.
"""

from __future__ import annotations

import functools
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

import certifi

from simulator.errors import UsageError

FILE_VARIABLE, FOLDER_VARIABLE = "SSL_CERT_FILE", "SSL_CERT_DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a launch file says of certificates: files, whole."""

    ca_file: str | None = None
    """By whose certificates the target's is verified, instead of this machine's."""
    client_certificate: str | None = None
    """What visitors show: a certificate and its key."""


@functools.cache
def trusting(trust: Trust = Trust()) -> ssl.SSLContext:
    """One context for all connections: making one takes 36 ms, as long as a signup.

    Raises UsageError where a file or a variable names what holds no certificates.
    """
    context = verifying(trust)
    if trust.client_certificate is not None:
        try:
            context.load_cert_chain(trust.client_certificate, password=unanswered)
        except OSError as error:
            raise UsageError(
                f"replay.client_certificate names {trust.client_certificate}, which cannot be used"
                f" ({reason_in_words(error)}): it must hold a certificate and its key, without a"
                " passphrase, in PEM"
            ) from None
    return context


def unanswered() -> str:
    """A key with a passphrase is not used: OpenSSL would ask for it on the terminal."""
    return ""


def verifying(trust: Trust) -> ssl.SSLContext:
    """Whose certificates are trusted. Raises UsageError."""
    if trust.ca_file is not None:
        return of_file(trust.ca_file, None, "replay.ca_file")
    file, folder = os.environ.get(FILE_VARIABLE), os.environ.get(FOLDER_VARIABLE)
    if not (file or folder):
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context
    missing = [
        path for path in (folder or "").split(os.pathsep) if path and not Path(path).is_dir()
    ]
    if missing:
        raise UsageError(f"{FOLDER_VARIABLE} names {missing[0]}, which is not a folder")
    return of_file(file or None, folder or None, FILE_VARIABLE)


def of_file(file: str | None, folder: str | None, named_by: str) -> ssl.SSLContext:
    """Raises UsageError where they hold none."""
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except OSError as error:  # a certificate that cannot be read is one as well (SSLError)
        raise UsageError(
            f"{named_by} names {file}, from which no certificates can be read ({reason_in_words(error)}): it must hold"
            " them one after the other, as BEGIN CERTIFICATE ... END CERTIFICATE"
        ) from None


def reason_in_words(error: OSError) -> str:
    why = (error.reason if isinstance(error, ssl.SSLError) else error.strerror) or str(error)
    return why.replace("_", " ").lower()
