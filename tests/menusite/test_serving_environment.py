from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from menusite import serving_environment
from menusite.serving_environment import NOTICING_THE_DEAD, ServingEnvironment, read_serving_environment

BUCKET = "s3://KEY:hunter2@storage.example.org/pictures?eu-1"


def read(base: Path, **variables: str) -> ServingEnvironment:
    return read_serving_environment(variables, base=base)


def test_defaults_are_folders_of_the_checkout(tmp_path: Path) -> None:
    serving = read(tmp_path, VAR_DIR=" ")

    assert (serving.var_dir, serving.static_root) == (tmp_path / "var", tmp_path / "var" / "static")
    assert (serving.media_url, serving.media_bucket) == ("/media/", {})
    assert serving.postgresql == {
        "ENGINE": "menusite.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **NOTICING_THE_DEAD,
            "options": "-c lock_timeout=4s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s",
        },
    }


def test_a_worker_may_ask_for_longer_than_a_page(tmp_path: Path) -> None:
    assert "statement_timeout=600s" in read(tmp_path, STATEMENT_SECONDS="600").postgresql["OPTIONS"]["options"]


def test_a_migration_waits_for_a_lock_no_longer_than_it_is_told(tmp_path: Path) -> None:
    assert "lock_timeout=1s" in read(tmp_path, LOCK_SECONDS="1").postgresql["OPTIONS"]["options"]


def test_behind_a_pooler_nothing_is_asked_of_the_connection_itself(tmp_path: Path) -> None:
    pooled = read(tmp_path, DATABASE_POOLED="1").postgresql

    assert (pooled["OPTIONS"], pooled["DISABLE_SERVER_SIDE_CURSORS"]) == (NOTICING_THE_DEAD, True)


def test_a_bucket_is_read_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_environment.importlib.util, "find_spec", lambda name: name)

    bucket = read(tmp_path, MEDIA_BUCKET=BUCKET, MEDIA_URL="https://pictures.example.org/").media_bucket

    assert (bucket["bucket_name"], bucket["region_name"]) == ("pictures", "eu-1")
    assert (bucket["endpoint_url"], bucket["custom_domain"]) == ("https://storage.example.org", "pictures.example.org")
    assert (bucket["access_key"], bucket["secret_key"]) == ("KEY", "hunter2")
    assert bucket["file_overwrite"] is False


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"STATEMENT_SECONDS": "-1"}, "STATEMENT_SECONDS is '-1', but should be a whole number"),
        ({"LOCK_SECONDS": "0"}, "LOCK_SECONDS is '0', but should be a whole number from 1 to 600"),
        ({"DATABASE_POOLED": "perhaps"}, "DATABASE_POOLED is 'perhaps', but should be 1 or 0"),
        ({"MEDIA_URL": "http://pictures.example.org/"}, "MEDIA_URL is"),
        ({"MEDIA_URL": "https://pictures.example.org"}, "MEDIA_URL is"),
        ({"MEDIA_URL": "//pictures.example.org/"}, "MEDIA_URL is"),
        ({"MEDIA_BUCKET": BUCKET}, "needs MEDIA_URL"),
        ({"MEDIA_BUCKET": BUCKET, "MEDIA_URL": "https://pictures.example.org/"}, "needs django-storages"),
        ({"MEDIA_BUCKET": "s3://KEY:hunter2@storage.example.org/"}, "MEDIA_BUCKET should be"),
        ({"MEDIA_BUCKET": "s3://KEY@storage.example.org/hunter2"}, "MEDIA_BUCKET should be"),
        ({"MEDIA_BUCKET": "https://hunter2@storage.example.org/pictures"}, "MEDIA_BUCKET should be"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(tmp_path: Path, variables: dict[str, str], expected: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path, **variables)

    assert expected in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")

    with pytest.raises(ImproperlyConfigured, match=r"VAR_DIR is .* should be a folder"):
        read(tmp_path, VAR_DIR="var")
