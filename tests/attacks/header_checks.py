"""What is wrong with an answer's headers and cookies behind TLS."""

from typing import Any

from django.http import HttpResponse

from menusite.headers import PREVIEWS

HSTS = "max-age=31536000; includeSubDomains; preload"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": HSTS,
}


def policy_of(response: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


def problems_of(response: HttpResponse, name: str = "") -> list[str]:
    """What of the answer's headers and cookies is not as it has to be."""
    wrong = [
        f"{header} is {response.headers.get(header)!r}"
        for header, value in ALWAYS.items()
        if response.headers.get(header) != value
    ]
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("no Permissions-Policy")
    if "Content-Security-Policy" not in response.headers:
        return [*wrong, "no policy"]
    policy, framed = policy_of(response), name in PREVIEWS
    wrong += [] if policy["default-src"] == ["'none'"] else [f"default-src {policy['default-src']}"]
    wrong += [] if policy["frame-ancestors"] == (["'self'"] if framed else ["'none'"]) else ["frame-ancestors"]
    wrong += [] if response.headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY") else ["X-Frame-Options"]
    scripts = policy.get("script-src", [])
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    in_admin = getattr(response, "request", {}).get("PATH_INFO", "").startswith("/admin/")
    if is_page and not in_admin and {"'unsafe-inline'"} & {*scripts, *policy["style-src"]}:
        wrong.append(f"inline is let in: {policy}")
    if "'unsafe-eval'" in scripts or not (is_page or "sandbox" in policy or name in NO_SANDBOX):
        wrong.append(f"too much is let in: {policy}")
    return wrong + [wrong_cookie for cookie in response.cookies.values() for wrong_cookie in cookie_problems(cookie)]


# A browser's viewer of PDF is blank in a sandbox; and what is said with an empty body has no kind.
NO_SANDBOX = ("desk:ticket_pdf", "statistics:export", "organisation_billing:invoice", "qr:sheet", "qr:label")


def cookie_problems(cookie: Any) -> list[str]:
    """A cookie that is taken away again is known by its name and path alone."""
    wrong = [] if cookie.key.startswith("__Host-") else ["no __Host- name"]
    wrong += [] if cookie["path"] == "/" and not cookie["domain"] and cookie["secure"] else ["not __Host-"]
    if cookie["max-age"] != 0 and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
        wrong.append("not HttpOnly and Lax")
    return [f"cookie {cookie.key}: {problem}" for problem in wrong]
