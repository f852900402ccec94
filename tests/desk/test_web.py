"""Every address of the station page, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from desk.office import Office
from desk.web.app import create_app
from tests.desk.stations import HOSTILE, Made, fill

HERE = "http://127.0.0.1:8000"
FROM_HERE = {"origin": HERE}


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    """Give a browser without JavaScript on the computer of the station."""
    with TestClient(create_app(office), base_url=HERE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def made(office: Office) -> Made:
    """Give a station with one read scan and one file set aside."""
    return fill(office)


def addresses(made: Made) -> list[str]:
    """List every page."""
    scan = f"/scan/{made.scan}"
    return ["/", "/search", "/search?q=quyet", "/arrivals", "/aside", scan, f"{scan}/page/1?q=quyết", f"{scan}/page/2"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_answers_in_both_languages(client: TestClient, made: Made, lang: str) -> None:
    """Each page says its language and stays under 200 KB with its style and script."""
    client.cookies.set("luutru_lang", lang)
    for address in addresses(made):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text[:400])
        assert f'<html lang="{lang}">' in answer.text
        assert answer.headers["content-language"] == lang
        parts = [client.get(each).content for each in assets_of(answer.text)]
        assert len(answer.content) + sum(map(len, parts)) < 200_000


def assets_of(markup: str) -> list[str]:
    """Return the addresses of style sheets and scripts in a page."""
    return [
        each.split('"')[0] for each in markup.split('="')[1:] if each.startswith("/static/") and ".svg" not in each[:60]
    ]


def test_every_page_answers_for_its_headers_alone(client: TestClient, made: Made) -> None:
    """A monitor or a link checker asks with HEAD and is not told that the method is wrong."""
    for address in addresses(made):
        assert client.head(address).status_code == client.get(address).status_code, address


def test_an_empty_station_names_its_inbox_folder(client: TestClient, office: Office) -> None:
    """Somebody who sees the page for the first time knows where to put a scan."""
    assert str(office.settings.inbox_folder) in client.get("/").text


def test_hostile_names_and_texts_are_shown_not_obeyed(client: TestClient, made: Made) -> None:
    """Markup is escaped, and marks that turn the reading direction are written out."""
    for address in [*addresses(made), "/search?q=%3Cscript%3Ealert(1)%3C/script%3E"]:
        markup = client.get(address).text
        assert "<script>alert" not in markup
        assert "<b>số" not in markup
        assert "\u202e" not in markup
    assert "\\u202e" in client.get("/aside").text
    assert HOSTILE not in client.get("/").text


def test_a_found_word_is_marked_and_boxed(client: TestClient, made: Made) -> None:
    """The text marks the word, and the image has a box where the word stands."""
    markup = client.get(f"/scan/{made.scan}/page/1", params={"q": "khai"}).text
    assert "<mark>khai</mark>" in markup
    assert markup.count("<rect x=") == 1


def test_search_highlights_and_counts(client: TestClient, made: Made) -> None:
    """Two pages hold the word, and each snippet marks it."""
    markup = client.get("/search", params={"q": "khai"}).text
    assert markup.count("<mark>khai</mark>") == 2
    assert client.get("/api/search", params={"q": "khai"}).json()["total"] == 2


def test_typing_keeps_a_clean_address(client: TestClient, made: Made) -> None:
    """The address that typing leaves behind is the one of the search alone."""
    answer = client.get("/search", params={"q": "khai", "typing": "true", "station": ""})
    assert answer.headers["hx-replace-url"] == "/search?q=khai"


def test_retry_asks_from_our_own_page_only(client: TestClient, made: Made) -> None:
    """A form of another site changes nothing, ours does, and the page then shows the result."""
    address = f"/aside/{made.aside}/retry"
    for headers in ({}, {"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert client.post(address, headers=headers).status_code == 403
    answer = client.post(address, headers=FROM_HERE)
    assert answer.url.path == "/aside"
    assert 'role="status"><p>' in answer.text
    assert client.get("/api/status").json()["set_aside"] == 0
    answer = client.post(f"/scan/{made.scan}/retry", headers=FROM_HERE)
    assert answer.status_code == 409


def test_only_our_own_names_are_answered(client: TestClient) -> None:
    """A name that points to this computer, but is not ours, gets no page."""
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.4:8000", ""):
        assert client.get("/", headers={"host": host}).status_code == 421, host
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert client.get("/", headers={"host": host}).status_code == 200, host


def test_every_answer_carries_the_walls(client: TestClient, made: Made) -> None:
    """Pages, failures and files forbid foreign content and guessing."""
    for address in [*addresses(made), "/nowhere", "/scan/zz", f"/scan/{made.scan}/original", "/api/status"]:
        answer = client.get(address)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "status"),
    [("/nowhere", 404), ("/scan/nothing-here", 404), ("/search?start=-1", 422), ("/scan/zz/page/0", 422)],
)
def test_failures_are_pages_in_both_languages(client: TestClient, address: str, status: int) -> None:
    """A failure says what happened and what to do, in the reader's language first."""
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.text.index('<section class="card" lang="vi"') < answer.text.index('<section class="card" lang="en"')
    assert "Traceback" not in answer.text


def test_a_fault_of_the_program_is_a_page_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack trace, and the walls stand."""
    monkeypatch.setattr("desk.web.station.look", lambda *_: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "content-security-policy" in answer.headers


def test_the_language_switch_returns_to_the_same_page(client: TestClient) -> None:
    """It sets the cookie and never leads to another site."""
    headers = {**FROM_HERE, "referer": f"{HERE}/search?q=a"}
    answer = client.post("/language", data={"lang": "en"}, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == "/search?q=a"
    assert client.get("/").headers["content-language"] == "en"
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = client.post("/language", data={"lang": "vi", "back": back}, headers=FROM_HERE, follow_redirects=False)
        assert answer.headers["location"] == "/"


def test_the_original_comes_back_byte_for_byte(client: TestClient, office: Office, made: Made) -> None:
    """Whole, in part, and not at all when the browser has it."""
    address = f"/scan/{made.scan}/original"
    whole = client.get(address)
    assert whole.headers["content-disposition"].startswith("attachment; filename=")
    assert client.get(address, headers={"range": "bytes=0-9"}).content == whole.content[:10]
    assert client.get(address, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    assert client.head(address).headers["content-length"] == str(len(whole.content))


def test_a_page_image_is_drawn_and_kept(client: TestClient, made: Made) -> None:
    """The browser gets an image with a tag, and asks again for nothing."""
    address = f"/scan/{made.scan}/page/1/image/thumb"
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "image/webp"
    assert client.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert client.get(f"/scan/{made.scan}/page/1/image/huge").status_code == 422
    assert client.get(f"/scan/{made.scan}/page/99/image/thumb").status_code in {404, 422}


def test_status_gives_the_balance(client: TestClient, made: Made) -> None:
    """The keys are the ones of the command."""
    status = client.get("/api/status").json()
    for key in ("seen", "stored", "duplicate", "set_aside", "waiting", "vanished", "balanced"):
        assert key in status
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_scan_that_is_still_being_read_shows_what_is_done(client: TestClient, office: Office) -> None:
    """One of two pages is there, the other waits, and the station tells the page in hand."""
    made = fill(office, name="dài.pdf", finish=False)
    assert 'class="blank"' in client.get(f"/scan/{made.scan}").text
    assert "2 / 2" in client.get("/").text or "2" in client.get("/").text
    assert client.get(f"/scan/{made.scan}/page/2").status_code == 404


def test_the_last_day_of_the_calendar_is_no_fault(client: TestClient, made: Made) -> None:
    """A date field left at its end finds what there is."""
    answer = client.get("/search?q=khai+sinh&since=0001-01-01&until=9999-12-31")
    assert answer.status_code == 200
    assert f"/scan/{made.scan}/page/1" in answer.text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("is_gone", [True, False])
def test_a_damaged_original_is_explained(
    client: TestClient, made: Made, office: Office, lang: str, *, is_gone: bool
) -> None:
    """The page itself still shows its text; the picture and the original say what is wrong, and no trace."""
    client.cookies.set("luutru_lang", lang)
    for path in (office.settings.home / "vault" / "sha256").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.unlink() if is_gone else path.write_bytes(b"%PDF-rot")
    assert client.get(f"/scan/{made.scan}/page/1").status_code == 200
    picture = client.get(f"/scan/{made.scan}/page/1/image/large")
    assert 400 <= picture.status_code < 600
    assert "<h1" in picture.text
    assert "Traceback" not in picture.text
    if is_gone:
        assert client.get(f"/scan/{made.scan}/original").status_code >= 400
