"""A program that asks a station over REST, with the token of somebody."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from desk.office import Office
from desk.web.app import create_app
from tests.desk.clerks import HERE, PIN

V1 = "/api/v1"


class Program:
    """One program; it signs in with a code and the PIN everybody has, or not at all."""

    def __init__(self, office: Office, code: str = "", lang: str = "en") -> None:
        self.client = TestClient(create_app(office), base_url=HERE, raise_server_exceptions=False)
        self.client.headers["accept-language"] = lang
        if code:
            answer = self.client.post(f"{V1}/tokens", json={"code": code, "pin": PIN, "name": "test"})
            assert answer.status_code == 201, answer.text
            self.client.headers["authorization"] = f"Bearer {answer.json()['token']}"

    def get(self, path: str, **query: Any) -> Response:
        """Ask."""
        return self.client.get(V1 + path, params=query)

    def post(self, path: str, key: str = "", **body: Any) -> Response:
        """Have something done, under a key or a fresh one."""
        return self.client.post(V1 + path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def done(self, path: str, **body: Any) -> Any:
        """Have something done that must be done, and return what was answered."""
        answer = self.post(path, **body)
        assert answer.is_success, answer.text
        return answer.json()


def signed(*codes: str) -> list[dict[str, str]]:
    """Return further signers."""
    return [{"code": code, "pin": PIN} for code in codes]
