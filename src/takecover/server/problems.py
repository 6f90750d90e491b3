"""One shape for every error, RFC 9457: what was wrong, and what to do."""

from __future__ import annotations

import logging

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from takecover.errors import InputError, StoreError, TakecoverError

LOG = logging.getLogger("takecover.server")
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
UNFORESEEN = "This is our fault. Nothing is known of what was done."

TITLES = {
    400: "Not understood",
    401: "Not known",
    403: "Not allowed",
    404: "Not there",
    405: "Not this way",
    408: "Too slow",
    413: "Too large",
    415: "Of another kind",
    422: "Not taken",
    429: "Too often",
    500: "Our fault",
    503: "Not now",
}


class Problem(BaseModel):
    """An error as RFC 9457 has it; `faults` names each thing wrong."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[str]


def problem(
    status: int, detail: str, faults: tuple[str, ...] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    """The answer that says what was wrong."""
    content = Problem(
        type="about:blank",
        title=TITLES.get(status, "Not done"),
        status=status,
        detail=detail,
        faults=list(faults) or [detail],
    )
    return JSONResponse(content.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def refusal(error: TakecoverError | StarletteHTTPException, asked: str) -> Response:
    """The answer to a request that ended in an error.

    Parameters
    ----------
    error
        What it ended in.
    asked
        Method and path, told where the way itself is wrong.
    """
    if isinstance(error, InputError):
        return problem(422, str(error), error.faults)
    if isinstance(error, StoreError):
        LOG.warning("not recorded: %s", error)
        detail = "The journal cannot be written now. Send it again in some seconds, under the same id."
        return problem(503, detail, headers={"Retry-After": str(RETRY_AFTER_S)})
    if isinstance(error, TakecoverError):
        LOG.error("a promise is broken: %s", error)
        return problem(500, UNFORESEEN)
    headers = dict(error.headers) if error.headers else None
    if error.status_code == 303:
        return Response(status_code=303, headers=headers)
    detail = error.detail if isinstance(error, HTTPException) else f"{asked}: {error.detail}"
    return problem(error.status_code, detail, headers=headers)


def refuse_in_one_shape(app: FastAPI) -> None:
    """Make every error of an application a problem of this shape."""

    @app.exception_handler(TakecoverError)
    async def _ours(request: Request, error: TakecoverError) -> Response:
        return refusal(error, asked(request))

    @app.exception_handler(StarletteHTTPException)
    async def _http(request: Request, error: StarletteHTTPException) -> Response:
        return refusal(error, asked(request))

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = tuple(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:50])
        return problem(422, "The request is not of the form that is asked for.", faults)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
        return problem(500, UNFORESEEN)


def asked(request: Request) -> str:
    """Method and path of a request, for whoever asked."""
    return f"{request.method} {request.url.path[:100]}"
