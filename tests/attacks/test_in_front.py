"""What the files of deploy/ say about the machine in front of Python and around it; nothing is started."""

import re

import pytest

from menusite.run import BASE_DIR

pytestmark = pytest.mark.attacks

DEPLOY = BASE_DIR / "deploy"


def nginx() -> str:
    return (DEPLOY / "nginx" / "nginx.conf").read_text()


def directive(name: str, text: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+([^;{{]+);", text, re.MULTILINE)


def test_tls_is_of_today() -> None:
    """TLS 1.2 and 1.3, ciphers that are authenticated and forget their keys."""
    (versions,), (ciphers,) = directive("ssl_protocols", nginx()), directive("ssl_ciphers", nginx())

    assert versions.split() == ["TLSv1.2", "TLSv1.3"]
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES\d{3}-GCM-SHA\d{3}|CHACHA20-POLY1305)", one) for one in ciphers.split(":")
    )
    assert directive("ssl_session_tickets", nginx()) == ["off"]


def test_plain_http_does_nothing_but_lead_to_tls() -> None:
    """Port 80 answers with the way to https, to the authority's question about the certificate, or not at all."""
    plain = [server for server in nginx().split("\n    server {")[1:] if "listen 80" in server]

    assert len(plain) == 2
    assert all(directive("proxy_pass", server) == [] and "proxy.conf" not in server for server in plain)
    assert {answer for server in plain for answer in directive("return", server)} == {
        "403",
        "444",
        "301 https://$host$request_uri",
    }
    assert "location ^~ /billing/webhook/ {\n            return 403;" in "".join(plain)
    assert "certbot certonly" in (BASE_DIR / "docs" / "deployment.md").read_text()


def test_the_web_server_reads_and_asks_nothing_else() -> None:
    """Three folders, one upstream; no listings, no version, no headers with underscores; of uploads pictures alone."""
    text, proxy = nginx(), (DEPLOY / "nginx" / "menusite" / "proxy.conf").read_text()
    uploads = text.partition("location ^~ /media/ {")[2].partition("\n        }\n")[0]

    assert directive("proxy_pass", text + proxy) == ["http://menusite"]
    assert set(directive("root", text)) == {"/etc/nginx/menusite", "/var/lib/menusite", "/var/lib/menusite-acme"}
    assert "autoindex" not in text
    assert directive("server_tokens", text) == directive("underscores_in_headers", text) == ["off"]
    assert r'location ~ "\.(?:jpe?g|png|webp|avif)$"' in uploads
    assert "default-src 'none'; sandbox" in uploads
    assert directive("return", uploads) == ["404"]
    assert "X-Forwarded-For $remote_addr" in proxy
    assert "args" not in "".join(re.findall(r"log_format.*?;", text, re.DOTALL))


def test_the_service_may_do_little() -> None:
    """A user of its own without a password in the database, a system that is read-only to it, secrets for it alone."""
    hardening = (DEPLOY / "systemd" / "menusite-.service.d" / "hardening.conf").read_text().splitlines()
    database = (DEPLOY / "postgresql" / "create.sql").read_text()
    configure = (DEPLOY / "configure").read_text()

    wanted = {
        *("User=menusite", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes"),
        *("PrivateTmp=yes", "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service"),
    }
    assert wanted - set(hardening) == set()
    assert "CREATE ROLE menusite LOGIN'" in database
    assert not re.search(r"SUPERUSER|CREATEDB|CREATEROLE|PASSWORD '", database)
    assert 'chmod 640 "$settings"' in configure
    assert 'chmod 700 "$MENUSITE_CODE/.git"' in (DEPLOY / "prepare").read_text()
    # The secret is made where it is used, and compose starts without none.
    assert "secrets.token_urlsafe(50)" in configure
    compose = (BASE_DIR / "compose.yaml").read_text()
    assert "SECRET_KEY: ${SECRET_KEY:?" in compose
    assert "POSTGRES_PASSWORD: ${DATABASE_PASSWORD:?" in compose


def test_redis_listens_to_the_machine_alone() -> None:
    for name in ("redis-broker.conf", "redis-cache.conf"):
        assert directive_of_redis("bind", name) == "127.0.0.1 ::1"
        assert directive_of_redis("protected-mode", name) == "yes"


def directive_of_redis(name: str, file: str) -> str:
    (value,) = re.findall(rf"^{name} (.+)$", (DEPLOY / "redis" / file).read_text(), re.MULTILINE)
    return str(value)
