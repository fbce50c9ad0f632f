from django.db import migrations


class Migration(migrations.Migration):
    """What one release adds and the next one uses: a column that may be empty."""

    operations = (
        migrations.RunSQL(
            "ALTER TABLE orders_order ADD COLUMN coming text", "ALTER TABLE orders_order DROP COLUMN coming"
        ),
    )
