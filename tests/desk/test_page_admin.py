"""Looking after an office on pages: people, places, posts, settings, the first steps, and what is noted of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from archive import office_acts, people, places, posts, settings, settings_file
from archive.clock import HandClock
from archive.people import Role
from desk import administering, setting_up
from desk.administering import AdministeringError
from desk.office import Office, open_office, prepare
from desk.web.app import create_app

HERE = "http://127.0.0.1:8000"
PIN = "7294"


@dataclass
class Desk:
    """A browser in which the administrator QT is signed in."""

    office: Office
    client: TestClient

    def post(self, path: str, /, **form: object) -> Response:
        """Send a form."""
        answer: Response = self.client.post(path, data=form, headers={"origin": HERE})
        return answer

    def page(self, path: str) -> str:
        """Return the text of a page without its marks."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return text_of(answer)


def text_of(answer: Response) -> str:
    """Return what a page says."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def browser(office: Office, code: str = "", pin: str = PIN) -> TestClient:
    """Return a browser in which a person signed in."""
    client = TestClient(create_app(office), base_url=HERE, headers={"accept": "text/html"}, follow_redirects=False)
    client.cookies.set("luutru_lang", "en")
    if code:
        answer = client.post("/sign-in", data={"code": code, "pin": pin}, headers={"origin": HERE})
        assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an office with nothing but its administrator."""
    home = tmp_path / "home"
    prepare(home, {})
    office = open_office(home, {}, HandClock())
    administering.add_person(office, "", code="QT", name="Quản Trị", unit="VP", roles=("administrator",), pin=PIN)
    yield Desk(office, browser(office, "QT"))
    office.close()


def acts(office: Office) -> list[tuple[str, str, str]]:
    """Return (by, kind, about) of all acts, the newest first."""
    with office.database.reading() as session:
        return [(each.by, each.kind, each.about) for each in office_acts.newest(session)]


def test_a_person_is_added_with_a_made_pin_that_works_and_is_shown_once(desk: Desk) -> None:
    """The PIN stands on the page that answers, on no other page and in no row; the person signs in with it."""
    answer = desk.post("/people", code="nv01", name="Nguyễn Hương", unit="VP", roles=["clerk", "witness"])
    found = re.search(r'class="figures">(\d{6})<', answer.text)
    assert answer.status_code == 200
    assert found is not None
    assert browser(desk.office, "NV01", found[1]).get("/me").status_code == 200
    assert found[1] not in desk.page("/people/NV01") + desk.page("/acts")
    assert acts(desk.office)[0] == ("QT", "person-added", "NV01")


def test_what_was_typed_stays_when_a_person_is_refused(desk: Desk) -> None:
    """A weak PIN is said, the name and roles stay, the PIN does not."""
    answer = desk.post("/people", code="NV01", name="Nguyễn Hương", unit="VP", roles=["clerk"], pin="1234")
    assert answer.status_code == 422
    assert 'value="Nguyễn Hương"' in answer.text
    assert 'value="clerk" checked' in answer.text
    assert 'value="1234"' not in answer.text


def test_nobody_takes_the_last_administrator_away(desk: Desk) -> None:
    """Neither by leaving, nor by other roles, nor as one of two at once; a second administrator makes it possible."""
    assert "last administrator" in text_of(desk.post("/people/QT/retire", sure="yes"))
    refused = desk.post("/people/QT/change", name="Quản Trị", unit="VP", roles=["clerk"])
    assert (refused.status_code, "last administrator" in text_of(refused)) == (422, True)
    desk.post("/people", code="QT2", name="Hai", unit="VP", roles=["administrator"], pin="8305")
    assert desk.post("/people/QT2/retire", sure="yes").status_code == 303
    with pytest.raises(AdministeringError, match="last-administrator"):
        administering.retire(desk.office, "", "QT")
    with desk.office.database.reading() as session:
        assert people.find(session, "QT").roles == {Role.ADMINISTRATOR}


def test_leaving_is_asked_twice_and_ends_every_session(desk: Desk) -> None:
    """Without the tick nothing happens; with it the person is signed out at once."""
    desk.post("/people", code="NV01", name="Hương", unit="VP", roles=["clerk"], pin="8305")
    theirs = browser(desk.office, "NV01", "8305")
    assert "asked twice" in text_of(desk.post("/people/NV01/retire"))
    assert theirs.get("/me").status_code == 200
    assert desk.post("/people/NV01/retire", sure="yes").status_code == 303
    assert theirs.get("/me").status_code == 303
    assert "Hương" not in desk.page("/people")
    assert "Hương" in desk.page("/people?left=1")


def test_a_new_pin_and_signing_out_end_the_sessions_of_a_person(desk: Desk) -> None:
    """Whoever held the lost phone is out; the administrator stays in."""
    desk.post("/people", code="NV01", name="Hương", unit="VP", roles=["clerk"], pin="8305")
    theirs = browser(desk.office, "NV01", "8305")
    assert desk.post("/people/NV01/sign-out").status_code == 303
    assert theirs.get("/me").status_code == 303
    assert desk.post("/people/NV01/pin", pin="6193", again="6194").status_code == 422
    assert desk.post("/people/NV01/pin", pin="6193", again="6193").status_code == 200
    assert browser(desk.office, "NV01", "6193").get("/me").status_code == 200
    kinds = [kind for _, kind, about in acts(desk.office) if about == "NV01"]
    assert kinds == ["pin-given", "signed-out", "person-added"]


def test_badges_and_labels_come_as_pdfs_and_are_counted(desk: Desk) -> None:
    """What is printed is a PDF, and a second print is a reprint."""
    with desk.office.database.atomic() as session:
        places.add(session, None, "store", "Kho 1", desk.office.clock.now())
    for path, form in (
        ("/people/badges", {"code": "QT"}),
        ("/places/labels", {"at": "Kho 1", "inside": "yes"}),
        ("/settings/calibration", {}),
    ):
        answer = desk.post(path, **form)
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-"), answer.text[:300]
        assert answer.headers["content-type"] == "application/pdf"


def test_ranges_say_how_many_places_they_make_before_they_are_written(desk: Desk) -> None:
    """The preview counts and writes nothing; the second press writes; what stands already is not made twice."""
    desk.post("/places", kind="store", name="Kho 1")
    ranges = {"at": "Kho 1", "shelf": "1-20", "bay": "A-F", "level": "1-5"}
    seen = text_of(desk.post("/places/ranges", **ranges))
    assert f"{20 + 20 * 6 + 20 * 6 * 5} new places" in seen
    with desk.office.database.reading() as session:
        assert places.count(session) == 1
    assert desk.post("/places/ranges", **ranges, act="write").status_code == 303
    assert "All these places stand already" in text_of(desk.post("/places/ranges", **ranges))
    wrong = desk.post("/places/ranges", at="Kho 1", shelf="20-1")
    assert (wrong.status_code, 'value="20-1"' in wrong.text) == (422, True)
    assert "740 places inside" in desk.page("/places")


def test_a_post_gets_its_watches_line_by_line(desk: Desk) -> None:
    """Each line is a watch; a line that is none is refused with all lines kept; giving up is asked twice."""
    lines = "06:00-18:00=1\n18:00-06:00=2@mon-fri"
    assert desk.post("/posts", code="k1", name="Cửa kho", watches=lines).status_code == 303
    with desk.office.database.reading() as session:
        assert [str(each) for each in posts.find(session, "K1").watches] == [
            "06:00-18:00=1",
            "18:00-06:00=2@mon,tue,wed,thu,fri",
        ]
    wrong = desk.post("/posts/K1/watches", watches="25:00-06:00=1")
    assert (wrong.status_code, "25:00-06:00=1" in wrong.text) == (422, True)
    assert desk.post("/posts/K1/retire").status_code == 422
    assert desk.post("/posts/K1/retire", sure="yes").status_code == 303
    assert [each[1] for each in acts(desk.office)[:2]] == ["post-retired", "post-added"]


def test_a_setting_is_written_keeps_comments_and_holds_at_once_where_it_can(desk: Desk) -> None:
    """The office's name is on the next page; the number of workers waits for the next start, and the page says so."""
    path = desk.office.settings.home / settings.FILE
    comments = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# Name of this")]
    assert desk.post("/settings", key="office_name", value='UBND "Sen"').status_code == 303
    assert 'UBND "Sen"' in desk.page("/office")
    assert desk.post("/settings", key="workers", value="3").status_code == 303
    assert "hold only when the station begins again: workers" in desk.page("/settings")
    told = path.read_text(encoding="utf-8")
    assert comments
    assert all(line in told for line in comments)
    assert settings.load(path.parent, {}).workers == 3
    assert acts(desk.office)[:2] == [("QT", "setting-changed", "workers"), ("QT", "setting-changed", "office_name")]


@pytest.mark.parametrize(
    ("key", "value"), [("port", "x"), ("database", "sqlite:///x"), ("inbox", "vault"), ("nothing", "1"), ("lang", "fr")]
)
def test_a_setting_that_would_not_hold_is_refused_and_said(desk: Desk, key: str, value: str) -> None:
    """The file stays as it was, byte for byte, and nothing is written down."""
    path = desk.office.settings.home / settings.FILE
    before, known = path.read_bytes(), len(acts(desk.office))
    answer = desk.post("/settings", key=key, value=value)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert (path.read_bytes(), len(acts(desk.office))) == (before, known)


def test_a_restart_is_refused_where_nothing_would_heed_it(desk: Desk) -> None:
    """Without a supervisor the button would do nothing; the page says how it is done."""
    assert "not started with ./run" in text_of(desk.post("/settings/restart"))


def test_the_first_steps_lead_from_nothing_to_an_office(desk: Desk, tmp_path: Path) -> None:
    """Step by step, some put off, each done thing shown as done; in the end nothing is open."""
    assert "the name of the office" in desk.page("/")
    answer = desk.post("/setup-steps/office", office_name="UBND phường Sen", office_city="Hà Nội")
    assert answer.headers["location"] == "/setup-steps/fonds"
    assert desk.post("/setup-steps/fonds", code="P01", name="Phông một").status_code == 303
    assert (
        desk.post("/places", kind="store", name="Kho 1", then="/setup-steps/places").headers["location"]
        == "/setup-steps/places"
    )
    for nth, role in enumerate(("clerk", "archivist", "leader", "guard"), 1):
        told = desk.post("/people", code=f"N{nth}", name=role, roles=[role], then="/setup-steps/people")
        assert 'href="/setup-steps/people"' in told.text
    desk.post("/posts", code="K1", name="Cửa", then="/setup-steps/posts")
    assert desk.post("/setup-steps/printer", stock="nothing", dpi="600", offset="0 0").status_code == 422
    assert desk.post("/setup-steps/printer", stock="L7161", dpi="300", offset="-1.5 0,8").status_code == 303
    assert desk.post("/setup-steps/heads/skip").headers["location"] == "/setup-steps/phones"
    assert desk.post("/setup-steps/phones/skip").headers["location"] == "/setup-steps"
    states = {each.name: each.state for each in setting_up.steps(desk.office)}
    assert {name for name, state in states.items() if state == "open"} == {"office"}, "opened before it had a name"
    written = settings.load(desk.office.settings.home, {})
    assert (written.office_name, written.label_stock, settings.offset_of(written)) == (
        "UBND phường Sen",
        "L7161",
        (-1.5, 0.8),
    )
    assert "Nothing is left open" in desk.page("/setup-steps")
    assert "Next:" not in desk.page("/")


def test_the_second_folder_is_looked_at_before_it_is_taken(desk: Desk, tmp_path: Path) -> None:
    """Missing, inside the station, or on the same disk: each is said; the last may be taken until there is another."""
    home = desk.office.settings.home
    for path, said in ((tmp_path / "no", "There is no folder"), (home / "vault", "inside the station")):
        assert said in text_of(desk.post("/setup-steps/heads", path=str(path)))
    (second := tmp_path / "usb").mkdir()
    asked = desk.post("/setup-steps/heads", path=str(second))
    assert (asked.status_code, "same disk" in text_of(asked)) == (422, True)
    assert settings_file.read_values(home) == {}
    assert desk.post("/setup-steps/heads", path=str(second), sure="yes").status_code == 303
    assert settings_file.read_values(home) == {"heads": str(second)}


def test_phones_are_let_in_by_a_setting_that_waits_for_the_next_start(desk: Desk) -> None:
    """The page keeps serving this computer alone until the station is started again."""
    assert desk.post("/setup-steps/phones", reach="network").headers["location"] == "/setup-steps/phones?done=saved"
    assert settings_file.read_values(desk.office.settings.home) == {"host": "0.0.0.0"}
    assert "hold only when the station begins again: host" in desk.page("/settings")


def test_leader_and_inspector_see_what_was_changed_and_change_nothing(desk: Desk) -> None:
    """Whoever may give roles is looked at by others."""
    for role in ("leader", "inspector", "clerk"):
        desk.post("/people", code=role, name=f"Người {role}", roles=[role], pin="8305")
    for role, status in (("leader", 200), ("inspector", 200), ("clerk", 403)):
        theirs = browser(desk.office, role, "8305")
        assert theirs.get("/acts").status_code == status
        assert theirs.get("/people").status_code == 403


def test_a_setting_given_at_the_start_is_shown_as_such(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command line gives holds whatever the file says; the page does not promise a restart would change it."""
    monkeypatch.setenv("LUUTRU_WORKERS", "1")
    given = open_office(desk.office.settings.home, {"LUUTRU_WORKERS": "1"}, HandClock())
    told = text_of(browser(given, "QT").get("/settings"))
    given.close()
    assert "given at the start: 1" in told
    assert "hold only when" not in told


def test_each_role_is_told_its_own_next_thing(desk: Desk) -> None:
    """A clerk of an office without dossiers is led to the list of dossiers, not to the steps of the administrator."""
    desk.post("/people", code="NV01", name="Hương", unit="VP", roles=["clerk"], pin="8305")
    page = browser(desk.office, "NV01", "8305").get("/").text
    assert 'href="/register/import"' in page
    assert "/setup-steps" not in page
