"""The ASGI application: routes and pages over a running `Live`; no arithmetic."""
