"""What every answer carries: security headers, and gzip for text where the browser takes it."""

from __future__ import annotations

import gzip

from flask import Response, request

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
LEAST_COMPRESSED = 1400  # bytes: a smaller answer fits one network packet as it is
_TEXT = ("text/", "application/json", "image/svg+xml")


def secured(response: Response) -> Response:
    """Add the security headers."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def compressed(response: Response) -> Response:
    """Compress a text; a law of 1,242 articles would otherwise cost a phone more than a megabyte."""
    is_text = (response.mimetype or "").startswith((*_TEXT, "text/javascript"))
    if response.status_code != 200 or not is_text or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0:
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < LEAST_COMPRESSED:
        return response
    response.set_data(gzip.compress(data, compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if (tag := response.get_etag()[0]) is not None:
        response.set_etag(f"{tag}-gzip")
    return response
