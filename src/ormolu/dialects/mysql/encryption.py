"""TLS as each driver wants it, and passwords that are encrypted without it.

What stands in a URL (``ssl=true``, ``ssl_ca=…``) is one dictionary to mysqlclient, PyMySQL and
asyncmy, as `connecting` makes it. aiomysql takes an ``SSLContext`` alone, and PyMySQL, which
encrypts by itself when the server can, a dictionary or a context but no flag.

MySQL's accounts are authenticated by ``caching_sha2_password``. Over TLS the password is sent as it
is; without TLS it is encrypted by a key of the server's, unless the server remembers it
(https://dev.mysql.com/doc/refman/9.4/en/caching-sha2-pluggable-authentication.html). The drivers
written in Python leave that to the package ``cryptography``, which they don't demand.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

__all__ = ["context_of", "password_encryption"]

_MODES: Mapping[object, ssl.VerifyMode] = {
    "none": ssl.CERT_NONE,
    False: ssl.CERT_NONE,
    "optional": ssl.CERT_OPTIONAL,
    "required": ssl.CERT_REQUIRED,
    True: ssl.CERT_REQUIRED,
}


def context_of(options: Mapping[str, Any]) -> ssl.SSLContext:
    """Return what encrypts connections as a dictionary of options says.

    The server's certificate is verified, and its name compared, if there is an authority's
    certificate to verify it by (``ca``, ``capath``), as PyMySQL and asyncmy have it.

    :param options: ``ca``, ``capath``, ``cert``, ``key``, ``cipher``, ``check_hostname`` and
        ``verify_mode``, each of which may be absent.
    """
    ca, capath = options.get("ca"), options.get("capath")
    verifies = bool(ca or capath)
    context = ssl.create_default_context(cafile=ca, capath=capath)
    context.check_hostname = verifies and options.get("check_hostname", True)
    context.verify_mode = _MODES[options.get("verify_mode", verifies)]
    if "cert" in options:
        context.load_cert_chain(options["cert"], keyfile=options.get("key"))
    if "cipher" in options:
        context.set_ciphers(options["cipher"])
    return context


@contextmanager
def password_encryption(driver: str) -> Iterator[None]:
    """Connect in this block: when the driver can't encrypt the password, say what it lacks.

    :raises RuntimeError: as the driver does.
    """
    try:
        yield
    except RuntimeError as error:
        if "cryptography" not in str(error):
            raise
        raise RuntimeError(
            f"{driver} needs the package 'cryptography' to send the password to this server "
            "without TLS: pip install cryptography (it comes with ormolu[mysql]), or have the "
            "connection encrypted: connect_args={'ssl': …}, or ?ssl_ca=… in the URL"
        ) from error
