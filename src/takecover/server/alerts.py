"""Alerts that another system sends: one CAP message a request, opened by a token."""

from __future__ import annotations

from fastapi import APIRouter, Request

from takecover.server.asked import TheSite, body_of, check_bearer
from takecover.server.receipts import receipt
from takecover.server.shapes import Receipt
from takecover.settings import ALERT_TOKEN
from takecover.workflow.live.posting import MOST_BYTES, post_alert

router = APIRouter()
KINDS = ("application/cap+xml", "application/xml", "text/xml")


@router.post(
    "/api/v1/alerts",
    response_model=Receipt,
    openapi_extra={
        "requestBody": {
            "content": {kind: {"schema": {"type": "string"}} for kind in KINDS},
            "required": True,
        },
        "security": [{"alertToken": []}],
    },
)
async def alerts(request: Request, site: TheSite) -> Receipt:
    """Take one CAP 1.1 or 1.2 message; acknowledged only once it is on the disk and shown.

    The same message may be sent again: it is recorded once, and says that the sender is still there. Send it, or any
    other, at least each minute: a sender that falls silent turns unknown. A message for other places records nothing.
    """
    check_bearer(request, site.alert_token, ALERT_TOKEN)
    data = await body_of(request, MOST_BYTES, KINDS)
    return receipt(await post_alert(site.live, data), site.live.is_exercise)
