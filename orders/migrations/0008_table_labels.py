from django.db import migrations
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast


def name_tables(apps, schema_editor):
    Order, Table = apps.get_model("orders", "Order"), apps.get_model("menu_pages", "Table")
    number = Table.objects.filter(pk=OuterRef("table_id")).annotate(called=Cast("number", CharField())).values("called")
    Order.objects.filter(table__isnull=False).update(table_label=Subquery(number))


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0007_orders_of_an_old_till"),
    ]

    operations = [migrations.RunPython(name_tables, migrations.RunPython.noop, elidable=True)]
