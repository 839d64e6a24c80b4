"""Whose certificates are trusted: the same in the probe, the preparation and the replay.

Those of this machine and of Mozilla's list (certifi); or, where ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` is
set, those alone, as OpenSSL's own programs understand them. A proxy is never used.
"""

from __future__ import annotations

import functools
import os
import ssl
from pathlib import Path

import certifi

from simulator.errors import UsageError

FILE_VARIABLE, FOLDER_VARIABLE = "SSL_CERT_FILE", "SSL_CERT_DIR"


@functools.cache
def trusting() -> ssl.SSLContext:
    """One context for all connections: making one takes 36 ms, as long as a signup.

    Raises UsageError where a variable names what holds no certificates.
    """
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
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:  # a certificate that cannot be read is one as well (SSLError)
        why = (error.reason if isinstance(error, ssl.SSLError) else error.strerror) or str(error)
        raise UsageError(
            f"{FILE_VARIABLE} names {file}, from which no certificates can be read ({why.replace('_', ' ').lower()}): it must hold"
            " them one after the other, as BEGIN CERTIFICATE ... END CERTIFICATE"
        ) from None
