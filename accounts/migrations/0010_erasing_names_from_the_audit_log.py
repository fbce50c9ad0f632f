from typing import Any

from django.db import migrations

# The log stays append-only, but a person who leaves for good takes their name out of it: within a transaction that says
# so, words may change; what happened, where, when and by which account may not.
LEAVES_FACTS = """
CREATE OR REPLACE FUNCTION accounts_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('menusite.erasing_a_person', true) = 'on' AND
        (NEW.id, NEW.organisation_id, NEW.by_id, NEW.action, NEW.place_title, NEW.created_at)
        IS NOT DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.by_id, OLD.action, OLD.place_title, OLD.created_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is only added to.' USING ERRCODE = 'restrict_violation';
END
$$;
"""
REFUSES_ALL = """
CREATE OR REPLACE FUNCTION accounts_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is only added to.' USING ERRCODE = 'restrict_violation';
END
$$;
"""


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_weekly_letter"),
    ]

    operations = [
        migrations.RunPython(on_postgresql(LEAVES_FACTS), on_postgresql(REFUSES_ALL)),
    ]
