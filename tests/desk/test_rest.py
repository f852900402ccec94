"""The interface for programs: a box from empty to sealed, refusals as problem details, and what nobody may see."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from archive.clock import HandClock
from custody import ledger
from desk import custodial
from desk.office import Office
from tests.desk.clerks import FROM_HERE, PIN, Desk, manned, sealed
from tests.desk.programs import V1, Program, signed


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a station with people, places, seals and a register."""
    with manned(tmp_path / "station", HandClock()) as opened:
        yield opened


def kinds(office: Office) -> list[str]:
    """Return the kinds of all entries about packages, in order."""
    with office.database.reading() as session:
        return [each.kind for each in ledger.read(session) if each.kind.startswith("package")]


def photo() -> str:
    """Return a photo as programs send it."""
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "JPEG")
    return base64.b64encode(drawn.getvalue()).decode()


def test_a_box_goes_from_empty_to_sealed_without_a_page(office: Office) -> None:
    """Begun, filled, counted blind by two, packed and sealed; the log holds what pages would have written."""
    clerk, archivist, witness = Program(office, "NV01"), Program(office, "NV02"), Program(office, "NV04")
    code = clerk.done("/packages", place="Kho 1/1/1")["about"]
    clerk.done(f"/packages/{code}/dossiers", codes=["P01.001/UB", "P01.002/UB"])
    clerk.done(f"/packages/{code}/count", pin=PIN, dossiers=2, leaves=23)
    witness.done(f"/packages/{code}/count", pin=PIN, dossiers=2, leaves=23)
    clerk.done(f"/packages/{code}/pack", own_pin=PIN, signers=signed("NV04"))
    answer = archivist.done(
        f"/packages/{code}/seal", numbers=["A0001"], place="Kho 1/1/1", signers=signed("NV01"), photos=[photo()]
    )
    assert [each["kind"] for each in answer["entries"]] == ["package-sealed"]
    assert kinds(office) == ["package-drafted", "package-packed", "package-sealed"]
    box, _inside = custodial.look(office, code)
    assert (box.state, box.custodian, box.seals) == ("sealed", "NV02", ("A0001",))
    told = archivist.get(f"/packages/{code}").json()
    assert told["package"]["seals"] == ["A0001"]
    assert told["contents"] == ["P01.001/UB", "P01.002/UB"]
    steps = archivist.get(f"/packages/{code}/history").json()["items"]
    assert [(each["kind"], each["state"]) for each in steps[-2:]] == [
        ("package-packed", "packed"),
        ("package-sealed", "sealed"),
    ]


def test_the_certificate_of_an_act_is_proven_by_its_entry(office: Office) -> None:
    """The leaf an act returns is the leaf of the entry it names."""
    made = Program(office, "NV01").done("/packages", place="Kho 1/1/1")["entries"][0]
    leader = Program(office, "NV03")
    entry = leader.get(f"/log/{made['seq']}").json()
    assert (entry["leaf"], entry["kind"], entry["body"]["by"]) == (made["leaf"], "package-drafted", ["NV01"])
    leader.done("/log/heads")
    assert leader.get(f"/log/{made['seq']}/proof").text.startswith("c2sp.org/tlog-proof")


def test_nobody_signs_twice(office: Office) -> None:
    """Neither under the own code nor with the badge."""
    code = sealed(office, "A0001", 1)
    clerk = Program(office, "NV02")
    answer = clerk.post(f"/packages/{code}/move", place="Kho 2", signers=signed("NV02"))
    assert (answer.status_code, answer.json()["code"]) == (422, "signer-doubled")


def test_a_guard_is_not_told_what_a_check_will_ask(office: Office) -> None:
    """Seals and contents are null for a guard, and stand there for a clerk."""
    code = sealed(office, "A0001", 1)
    told = Program(office, "BV01").get(f"/packages/{code}").json()
    assert (told["package"]["seals"], told["contents"]) == (None, None)
    assert Program(office, "NV01").get(f"/packages/{code}").json()["package"]["seals"] == ["A0001"]


@pytest.mark.parametrize(("lang", "word"), [("vi-VN,en;q=0.5", "đăng nhập"), ("en", "sign in")])
def test_a_refusal_is_a_problem_in_the_language_asked_for(office: Office, lang: str, word: str) -> None:
    """RFC 9457, with what to do next; without a token also how to authenticate."""
    answer = Program(office, lang=lang).get("/packages")
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (answer.status_code, told["status"], told["code"]) == (401, 401, "sign-in-needed")
    assert word in f"{told['title']} {told['detail']} {told['next']}".lower()
    assert Program(office, lang=lang).client.get(told["type"]).json()["title"] == told["title"]


def test_every_kind_of_refusal_has_the_same_form(office: Office) -> None:
    """Forbidden, absent, malformed, another method, too large, not JSON."""
    clerk, guard = Program(office, "NV01"), Program(office, "BV01")
    key = {"Idempotency-Key": "a-key-of-mine", "content-type": "application/json"}
    answers = [
        (guard.get("/log"), 403),
        (clerk.get("/nowhere"), 404),
        (clerk.get("/packages/7K3M9QXZ2"), 404),
        (clerk.client.delete(f"{V1}/packages"), 405),
        (clerk.post("/packages", colour="red"), 422),
        (clerk.client.post(f"{V1}/packages", content=b"{", headers=key), 422),
        (clerk.client.post(f"{V1}/packages", content=b"", headers={**key, "content-length": "99999999999"}), 413),
        (clerk.client.post(f"{V1}/packages", json={}), 400),
    ]
    for answer, status in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
        assert {"type", "title", "status", "detail", "next", "code", "facts"} <= set(answer.json())
    assert answers[4][0].json()["errors"] == [{"field": "body.colour", "problem": "extra_forbidden"}]
    assert "739164" not in clerk.post("/posts/C1/start", pin=["739164"]).text


def test_wrong_pins_make_a_code_wait_for_programs_too(office: Office) -> None:
    """The same back-off as at the sign-in page; also for a second signer."""
    client = Program(office).client
    for _ in range(5):
        assert client.post(f"{V1}/tokens", json={"code": "NV04", "pin": "0001"}).status_code == 403
    answer = client.post(f"{V1}/tokens", json={"code": "NV04", "pin": PIN})
    assert (answer.status_code, answer.json()["code"]) == (429, "sign-in-waits")
    assert int(answer.headers["retry-after"]) > 0


def test_a_page_elsewhere_cannot_sign_in_for_a_token(office: Office) -> None:
    """What a browser sends is held to the walls of the pages."""
    client = Program(office).client
    told = {"code": "NV01", "pin": PIN}
    assert client.post(f"{V1}/tokens", json=told, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post(f"{V1}/tokens", data=told).status_code == 403
    assert client.post(f"{V1}/tokens", json=told, headers=FROM_HERE).status_code == 201


def test_a_token_is_revoked_by_itself(office: Office) -> None:
    """It opens nothing afterwards."""
    clerk = Program(office, "NV01")
    assert clerk.get("/me").json()["code"] == "NV01"
    assert clerk.client.delete(f"{V1}/tokens/current").status_code == 204
    assert clerk.get("/me").status_code == 401


def test_a_list_goes_on_where_its_cursor_says(office: Office) -> None:
    """Every dossier once, none twice; a cursor of nobody is refused."""
    clerk, seen, cursor = Program(office, "NV01"), [], ""
    while True:
        part = clerk.get("/dossiers", limit=7, cursor=cursor).json()
        seen += [each["code"] for each in part["items"]]
        if not (cursor := part["next"]):
            break
    assert seen == [f"P01.{number:03}/UB" for number in range(1, 31)]
    assert clerk.get("/dossiers", cursor="o-1").json()["code"] == "cursor-unusable"


def test_a_scan_is_sent_once_and_lies_in_the_inbox(office: Office) -> None:
    """Sent again under the same key or another it stays one file; a name with a folder in it is refused."""
    clerk = Program(office, "NV01")
    raw = b"%PDF-1.7 a scan"

    def send(key: str, name: str = "0001.pdf", body: bytes = raw) -> tuple[int, dict[str, object]]:
        query = {"name": name, "station": "may-1"}
        headers = {"Idempotency-Key": key}
        answer = clerk.client.post(f"{V1}/scans", params=query, content=body, headers=headers)
        return answer.status_code, answer.json()

    status, told = send("key-number-1")
    assert (status, told["sha256"]) == (202, hashlib.sha256(raw).hexdigest())
    assert send("key-number-1") == (202, told)
    assert send("key-number-2") == (202, told)
    assert send("key-number-1", body=b"other")[1]["code"] == "idempotency-key-reused"
    assert send("key-number-3", body=b"other")[1]["name"] == "0001 (2).pdf"
    assert send("key-number-4", name="../0001.pdf")[0] == 422
    folder = office.settings.inbox_folder / "may-1"
    assert sorted(each.name for each in folder.iterdir()) == ["0001 (2).pdf", "0001.pdf"]
    assert (folder / "0001.pdf").read_bytes() == raw


def test_the_description_names_what_every_address_needs(office: Office) -> None:
    """OpenAPI 3.1; operation ids once, fields described, a key for every act, problems for every refusal."""
    schema = Program(office).client.get(f"{V1}/openapi.json").json()
    told = [(path, method, each) for path, methods in schema["paths"].items() for method, each in methods.items()]
    assert schema["openapi"].startswith("3.1")
    ids = [each["operationId"] for _, _, each in told]
    assert len(ids) == len(set(ids))
    for path, method, each in told:
        assert each["tags"]
        assert each.get("description") or each.get("summary"), path
        assert "application/problem+json" in each["responses"]["422"]["content"], path
        keys = [field for field in each.get("parameters", ()) if field["name"] == "Idempotency-Key"]
        assert bool(keys) == (method == "post" and path != f"{V1}/tokens"), path
    fields = schema["components"]["schemas"]["BoxAct"]["properties"].values()
    assert all(field.get("description") for field in fields)


def test_the_page_about_it_needs_no_other_host(office: Office) -> None:
    """Every address stands on it, and nothing is loaded from elsewhere."""
    page = Desk(office).get(f"{V1}/docs").text
    assert "POST /api/v1/packages/{code}/seal" in page
    assert 'src="http' not in page
