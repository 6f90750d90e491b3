"""Routes that thousands ask at once: answered before the frame of the application, which costs more than their work.

The frame still answers everything else; what is bare is described in the same description of the interface.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from takecover.errors import TakecoverError
from takecover.server.headers import HEADERS, SecureHeaders
from takecover.server.problems import MEDIA_TYPE, UNFORESEEN, asked, problem, refusal

SCHEMAS = "#/components/schemas/"
GUARDED = [(name.lower().encode(), text.encode()) for name, text in HEADERS.items()]
"""The headers of every answer, as they go over the wire."""


@dataclass(frozen=True)
class Bare:
    """One path that knows one method.

    Attributes
    ----------
    path
        The path, without parameters in it.
    app
        Answers it.
    operation
        What the description of the interface says of it.
    model
        The form of its answer, where it is JSON.
    method
        How it is asked.
    """

    path: str
    app: ASGIApp
    operation: Mapping[str, Any] = field(repr=False)
    model: type[BaseModel] | None = None
    method: str = "GET"


class Application(FastAPI):
    """The application, with some paths answered before its frame.

    Parameters
    ----------
    bare
        Those paths.
    frame
        What FastAPI takes.
    """

    def __init__(self, *bare: Bare, **frame: Any) -> None:
        super().__init__(**frame)
        self._bare = {each.path: each for each in bare}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = self._bare.get(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await super().__call__(scope, receive, send)
        elif scope["method"] == found.method:
            await found.app(scope, receive, send)
        else:
            told = f"{found.path} is not asked in this way. Send {found.method}."
            await refuse(scope, receive, send, 405, told, headers={"Allow": found.method})

    def openapi(self) -> dict[str, Any]:
        """The description of the interface, bare paths included, and errors in the form that they have."""
        if self.openapi_schema is None:
            found = super().openapi()
            for path in found["paths"].values():
                for operation in path.values():
                    _name_problems(operation["responses"])
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            for each in self._bare.values():
                found["paths"][each.path] = {each.method.lower(): dict(each.operation)}
                if each.model is not None:
                    form = each.model.model_json_schema(ref_template=SCHEMAS + "{model}")
                    schemas.update(form.pop("$defs", {}))
                    schemas[each.model.__name__] = form
        return super().openapi()


def _name_problems(responses: dict[str, Any]) -> None:
    """The frame describes its own form of a wrong request, which is never sent, and every form as plain JSON."""
    responses.pop("422", None)
    for told in responses.values():
        content = told.get("content", {})
        if content.get("application/json", {}).get("schema") == {"$ref": f"{SCHEMAS}Problem"}:
            content[MEDIA_TYPE] = content.pop("application/json")


class Answering:
    """A path whose answer is worked out whole, then sent; an error becomes the same answer as in the frame.

    Parameters
    ----------
    answer
        Works it out.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; one who has gone gets nothing."""
        request = Request(scope, receive)
        try:
            found = await self._answer(request)
        except ClientDisconnect:
            return
        except (TakecoverError, HTTPException) as error:
            found = refusal(error, asked(request))
        except Exception:
            await SecureHeaders(problem(500, UNFORESEEN))(scope, receive, send)
            raise
        await SecureHeaders(found)(scope, receive, send)


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    detail: str,
    faults: tuple[str, ...] = (),
    headers: dict[str, str] | None = None,
) -> None:
    """Say what was wrong, in the one shape of errors."""
    await SecureHeaders(problem(status, detail, faults, headers))(scope, receive, send)


def header(scope: Scope, name: bytes) -> str:
    """The last header of a name in lower case; empty where there is none."""
    found = ""
    for key, text in scope["headers"]:
        if key == name:
            found = text.decode("latin-1")
    return found
