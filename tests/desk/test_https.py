"""HTTPS with the office's own authority, tried by a real TLS client that trusts nothing else."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import verification

from archive import people
from archive.clock import HandClock, MachineClock
from archive.people import Role
from desk import certifying
from desk.doctor import look_at_certificates
from desk.office import Office, open_office, prepare
from desk.parts import parts_of
from desk.web.gate import SECURE_COOKIE
from desk.web.serving import StationServer, follow_renewal, make_server
from tests.desk.ports import free_port
from tests.desk.test_page_admin import browser, text_of

NOW = datetime(2026, 5, 4, 3, tzinfo=UTC)
PIN = "7294"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Office, StationServer]]:
    """Give a station whose page really serves over HTTPS on a free port."""
    home = tmp_path / "home"
    prepare(home, {})
    opened = open_office(home, {"LUUTRU_HTTPS": "on"}, MachineClock())
    office = replace(opened, settings=replace(opened.settings, https_port=free_port()))
    with office.database.atomic() as session:
        now = office.clock.now()
        people.add(session, code="QT", name="Quản Trị", unit="VP", roles=(Role.ADMINISTRATOR,), pin=PIN, now=now)
    server = make_server(office, secured=True)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield office, server
    server.should_exit = True
    thread.join(10)
    opened.close()


def trusting(office: Office) -> ssl.SSLContext:
    """Return a client that trusts the office's root alone."""
    context = ssl.create_default_context(cafile=str(certifying.look(office.settings).root))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def connect(office: Office, context: ssl.SSLContext, host: str = "127.0.0.1") -> http.client.HTTPSConnection:
    """Return a connection over TLS."""
    return http.client.HTTPSConnection(host, office.settings.https_port, context=context, timeout=10)


def test_a_client_that_trusts_the_office_signs_in_safely(served: tuple[Office, StationServer]) -> None:
    """The cookie is sent back over HTTPS alone, under a name that plain pages cannot set; a stranger's trust fails."""
    office, _ = served
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(office, ssl.create_default_context()).request("GET", "/healthz")
    client = connect(office, trusting(office))
    origin = f"https://127.0.0.1:{office.settings.https_port}"
    form = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
    client.request("POST", "/sign-in", f"code=QT&pin={PIN}", form)
    answer = client.getresponse()
    cookie = answer.headers["Set-Cookie"]
    answer.read()
    assert (answer.status, cookie.startswith(f"{SECURE_COOKIE}=")) == (303, True)
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {each.strip() for each in cookie.split(";")}
    client.request("GET", "/people", headers={"Cookie": cookie.split(";")[0]})
    assert client.getresponse().status == 200


def test_a_renewed_certificate_is_served_without_a_restart(served: tuple[Office, StationServer]) -> None:
    """The tick writes a new one; the next connection gets it."""
    office, server = served
    stop = threading.Event()
    held = certifying.look(office.settings)

    def serial() -> int:
        client = connect(office, trusting(office))
        client.connect()
        der = client.sock.getpeercert(binary_form=True)
        client.close()
        return x509.load_der_x509_certificate(der).serial_number

    before = serial()
    thread = threading.Thread(target=follow_renewal, args=(server, held, stop, 0.02), daemon=True)
    thread.start()
    late = office.clock.now() + certifying.LEAF_LASTS - timedelta(days=20)
    held.leaf.unlink()
    certifying.tend(office.settings, office.clock.now())
    deadline = time.monotonic() + 10
    while serial() == before and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(5)
    assert serial() != before
    assert certifying.tend(office.settings, late).leaf_until > late + certifying.RENEW_BEFORE


def test_the_root_vouches_for_the_office_and_for_nothing_else(office: Office) -> None:
    """A certificate for a bank, signed with the stolen root key, is refused by a verifier; the office's own is not."""
    held = certifying.tend(office.settings, NOW)
    root = x509.load_pem_x509_certificate(held.root.read_bytes())
    key = serialization.load_pem_private_key((held.folder / certifying.ROOT_KEY).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    constraints = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    store = verification.Store([root])
    verifier = verification.PolicyBuilder().store(store).time(NOW)
    own = x509.load_pem_x509_certificate(held.leaf.read_bytes())
    chain = verifier.build_server_verifier(x509.IPAddress(ip_address("127.0.0.1"))).verify(own, [])
    assert chain[-1] == root
    leaf = ec.generate_private_key(ec.SECP256R1())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(root.subject)
        .public_key(leaf.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bank.example")]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    with pytest.raises(verification.VerificationError):
        verifier.build_server_verifier(x509.DNSName("bank.example")).verify(forged, [])


def test_certificates_are_renewed_in_time_and_follow_the_addresses(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is made anew without need; a month before its end, or with another address, the server's is."""
    first = certifying.tend(office.settings, NOW)
    bytes_before = first.leaf.read_bytes()
    assert first.leaf_until - NOW <= timedelta(days=397)
    assert certifying.tend(office.settings, NOW + timedelta(days=300)).leaf.read_bytes() == bytes_before
    later = certifying.tend(office.settings, NOW + timedelta(days=370))
    assert later.leaf.read_bytes() != bytes_before
    assert later.fingerprint == first.fingerprint, "phones trust the same root"
    monkeypatch.setattr(certifying, "reached_at", lambda _host: [ip_address("192.168.7.9"), ip_address("203.0.113.5")])
    moved = certifying.tend(office.settings, NOW + timedelta(days=371))
    assert "192.168.7.9" in moved.names
    assert "203.0.113.5" not in moved.names, "an address of the wide net is not the office's to vouch for"


def test_keys_are_closed_and_the_doctor_says_when_not(office: Office) -> None:
    """Keys are for the station's user alone; open ones, certificates at their end and a bare network are found."""
    reached = replace(office.settings, https="on")
    held = certifying.tend(reached, NOW)
    assert {each.stat().st_mode & 0o777 for each in held.folder.glob("*.key")} == {0o600}
    assert held.folder.stat().st_mode & 0o777 == 0o700
    assert [each.code for each in look_at_certificates(reached, HandClock(NOW))] == ["certificate-good"]
    held.key.chmod(0o644)
    assert [each.code for each in look_at_certificates(reached, HandClock(NOW))] == ["key-open"]
    held.key.chmod(0o600)
    ended = HandClock(NOW + timedelta(days=380))
    assert [each.code for each in look_at_certificates(reached, ended)] == ["certificate-ends"]
    bare = replace(office.settings, host="192.0.2.1", https="off")
    assert [each.code for each in look_at_certificates(bare, ended)] == ["https-off"]
    held.root.write_text("nothing", encoding="utf-8")
    assert [each.code for each in look_at_certificates(reached, ended)] == ["certificate-broken"]


@pytest.mark.parametrize(
    ("host", "https", "is_there"),
    [("127.0.0.1", "auto", False), ("127.0.0.1", "on", True), ("0.0.0.0", "auto", True), ("0.0.0.0", "off", False)],
)
def test_https_is_served_beside_http_beyond_this_computer(
    office: Office, host: str, https: str, is_there: bool
) -> None:
    """The supervisor runs a part for it exactly where the settings ask for it."""
    parts = parts_of(replace(office.settings, host=host, https=https, workers=1), "vi")
    assert [each.name for each in parts if each.is_secured] == (["web-https"] if is_there else [])


def test_the_certificate_page_shows_what_stands_and_hands_it_out(office: Office) -> None:
    """Without one it says how it comes; with one it shows fingerprint and code, and gives the certificate."""
    anybody = browser(office)
    assert "no certificate yet" in text_of(anybody.get("/ca"))
    assert anybody.get("/ca/luutru.crt").status_code == 404
    held = certifying.tend(office.settings, office.clock.now())
    assert held.fingerprint in text_of(anybody.get("/ca"))
    answer = anybody.get("/ca/luutru.crt")
    assert (answer.headers["content-type"], answer.content[:1]) == ("application/x-x509-ca-cert", b"\x30")
    assert anybody.get("/ca/qr.svg").content.startswith(b"<svg")
    assert anybody.get("/CA").headers["location"] == "/ca"
