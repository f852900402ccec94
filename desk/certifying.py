"""Certificates for the pages over HTTPS: the office is its own authority, and phones are told to trust it once.

No authority of the web gives certificates for addresses inside an office. So the station makes its own at the first
start: a root that phones install (the page /ca), and a certificate for the server that lasts 397 days and is renewed
by the minute tick. What the root can vouch for is bounded by name constraints (RFC 5280, 4.2.1.10): private networks,
this machine's own addresses at that time, and its names. Whoever stole the root's key could pretend to be another
computer of the office's network to those phones, and nothing else: no bank and no mail.

Keys stand in keys/web of the home, readable by the station's user alone. Threat accepted: whoever reads that folder
can pretend to be this station.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archive import durable
from archive.errors import ArchiveError
from archive.settings import Settings
from desk.addresses import Address, reached_at

# Browsers refuse longer ones from authorities of the web; ours follows.
LEAF_LASTS, ROOT_LASTS = timedelta(days=397), timedelta(days=3650)
RENEW_BEFORE = timedelta(days=30)
# A phone whose clock is behind would call a certificate of this minute one of the future.
CLOCKS_DIFFER = timedelta(days=1)
PRIVATE = tuple(
    ipaddress.ip_network(each)
    for each in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "::1/128",
    )
)
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*")
ROOT, ROOT_KEY, LEAF, LEAF_KEY = "ca.crt", "ca.key", "server.crt", "server.key"


class CertificateError(ArchiveError):
    """Certificates that cannot be used: "certificate-broken"."""


@dataclass(frozen=True)
class Held:
    """The files of HTTPS and what they say: until when the root and the server's certificate hold, and for whom."""

    folder: Path
    root_until: datetime
    leaf_until: datetime
    names: tuple[str, ...]
    fingerprint: str

    @property
    def root(self) -> Path:
        """The certificate phones install."""
        return self.folder / ROOT

    @property
    def leaf(self) -> Path:
        """The server's certificate."""
        return self.folder / LEAF

    @property
    def key(self) -> Path:
        """The server's key."""
        return self.folder / LEAF_KEY


def folder_of(settings: Settings) -> Path:
    """Return where keys and certificates of the pages stand."""
    return settings.home / "keys" / "web"


def tend(settings: Settings, now: datetime) -> Held:
    """Make what is missing and renew what ends soon or does not name an address of today; return what stands.

    Raises CertificateError "certificate-broken" where files stand that nobody can read.
    """
    folder = folder_of(settings)
    durable.make_folder(folder)
    folder.chmod(0o700)
    addresses, names = reached_at(settings.host), names_of(settings)
    if not (folder / ROOT).exists() or not (folder / ROOT_KEY).exists():
        _make_root(folder, settings, addresses, names, now)
    root, key = _read_root(folder)
    if not _is_good(folder, root, addresses, names, now):
        _make_leaf(folder, root, key, addresses, names, now)
    return look(settings)


def look(settings: Settings) -> Held:
    """Return what stands; CertificateError "certificate-missing" or "certificate-broken"."""
    folder = folder_of(settings)
    if not (folder / ROOT).exists() or not (folder / LEAF).exists():
        raise CertificateError("certificate-missing", path=str(folder))
    root, leaf = _read(folder / ROOT), _read(folder / LEAF)
    digest = root.fingerprint(hashes.SHA256()).hex().upper()
    pairs = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
    return Held(folder, root.not_valid_after_utc, leaf.not_valid_after_utc, tuple(sorted(_named_in(leaf))), pairs)


def root_for_phones(settings: Settings) -> bytes:
    """Return the root as phones take it (DER); CertificateError as `look`."""
    return _read(look(settings).root).public_bytes(serialization.Encoding.DER)


def loose_keys(settings: Settings) -> list[str]:
    """Return the names of keys that others than the station's user can read."""
    folder = folder_of(settings)
    keys = [folder / ROOT_KEY, folder / LEAF_KEY]
    return [each.name for each in keys if each.exists() and each.stat().st_mode & 0o077]


def names_of(settings: Settings) -> list[str]:
    """Return the host names of this station: the one inside codes and the machine's own."""
    told = [settings.label_host, socket.gethostname(), f"{socket.gethostname().split('.')[0]}.local", "localhost"]
    return list(dict.fromkeys(each.lower() for each in told if HOST.fullmatch(each.lower())))


def _make_root(folder: Path, settings: Settings, addresses: Sequence[Address], names: list[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    office = settings.office_name or "Luu tru"
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Luu tru {now:%Y-%m-%d}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, office[:64]),
        ]
    )
    networks: list[IPv4Network | IPv6Network] = list(PRIVATE)
    networks += [ipaddress.ip_network(each) for each in addresses if not _is_within(each, networks)]
    permitted = [*(x509.IPAddress(each) for each in networks), *(x509.DNSName(each) for each in names)]
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(now + ROOT_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(folder / ROOT_KEY, key)
    durable.write_whole(folder / ROOT, built.public_bytes(serialization.Encoding.PEM))


def _make_leaf(
    folder: Path,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    addresses: Sequence[Address],
    names: list[str],
    now: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    networks, hosts = _permitted_by(root)
    said: list[x509.GeneralName] = [x509.DNSName(each) for each in names if _is_under(each, hosts)]
    said += [x509.IPAddress(each) for each in addresses if _is_within(each, networks)]
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(now - CLOCKS_DIFFER, root.not_valid_before_utc))
        .not_valid_after(min(now - CLOCKS_DIFFER + LEAF_LASTS, root.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(said), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    # The key goes first: a certificate without its key would keep the server from starting.
    _write_key(folder / LEAF_KEY, key)
    durable.write_whole(folder / LEAF, built.public_bytes(serialization.Encoding.PEM))


def _is_good(
    folder: Path, root: x509.Certificate, addresses: Sequence[Address], names: list[str], now: datetime
) -> bool:
    """Tell whether the server's certificate can go on: of this root, with its key, long enough, naming all."""
    if not (folder / LEAF).exists() or not (folder / LEAF_KEY).exists():
        return False
    leaf = _read(folder / LEAF)
    try:
        leaf.verify_directly_issued_by(root)
        key = serialization.load_pem_private_key((folder / LEAF_KEY).read_bytes(), None)
    except Exception:  # whatever is wrong with them, new ones mend it
        return False
    networks, hosts = _permitted_by(root)
    wanted = {str(each) for each in addresses if _is_within(each, networks)}
    wanted |= {each for each in names if _is_under(each, hosts)}
    lasts = min(now + RENEW_BEFORE, root.not_valid_after_utc - timedelta(seconds=1))
    return (
        leaf.not_valid_before_utc <= now
        and leaf.not_valid_after_utc > lasts
        and wanted <= _named_in(leaf)
        and leaf.public_key() == key.public_key()
    )


def _read_root(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    root = _read(folder / ROOT)
    try:
        key = serialization.load_pem_private_key((folder / ROOT_KEY).read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise CertificateError("certificate-broken", path=str(folder / ROOT_KEY), detail=str(error)[:120]) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != root.public_key():
        raise CertificateError("certificate-broken", path=str(folder / ROOT_KEY), detail=ROOT)
    return root, key


def _read(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise CertificateError("certificate-broken", path=str(path), detail=str(error)[:120]) from error


def _named_in(leaf: x509.Certificate) -> set[str]:
    said = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))}


def _permitted_by(root: x509.Certificate) -> tuple[list[IPv4Network | IPv6Network], list[str]]:
    told = root.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [each.value for each in told if isinstance(each, x509.IPAddress)]
    return (
        [each for each in networks if isinstance(each, IPv4Network | IPv6Network)],
        [each.value for each in told if isinstance(each, x509.DNSName)],
    )


def _is_within(address: Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in each for each in networks if each.version == address.version)


def _is_under(name: str, hosts: Sequence[str]) -> bool:
    return any(name == each or name.endswith(f".{each}") for each in hosts)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    told = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    durable.write_whole(path, told, 0o600)
