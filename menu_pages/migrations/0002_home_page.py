"""The root of the installation takes the place of Wagtail's welcome page."""

from typing import Any

from django.db import migrations


def make_home_page(apps: Any, schema_editor: Any) -> None:
    content_type_model = apps.get_model("contenttypes", "ContentType")
    page_model = apps.get_model("wagtailcore", "Page")
    home_model = apps.get_model("menu_pages", "HomePage")
    site_model = apps.get_model("wagtailcore", "Site")
    locale_model = apps.get_model("wagtailcore", "Locale")

    site_model.objects.all().delete()
    page_model.objects.filter(depth=2, slug="home").delete()
    root = page_model.objects.get(depth=1)
    root.numchild = page_model.objects.filter(depth=2).count() + 1
    root.save(update_fields=["numchild"])
    content_type, _created = content_type_model.objects.get_or_create(model="homepage", app_label="menu_pages")
    home = home_model.objects.create(
        title="menusite",
        draft_title="menusite",
        slug="home",
        content_type=content_type,
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/home/",
        locale=locale_model.objects.first(),
    )
    site_model.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True, site_name="menusite")


def remove_home_page(apps: Any, schema_editor: Any) -> None:
    apps.get_model("wagtailcore", "Site").objects.all().delete()
    apps.get_model("menu_pages", "HomePage").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = (("menu_pages", "0001_initial"), ("contenttypes", "0002_remove_content_type_name"))

    operations = (migrations.RunPython(make_home_page, remove_home_page),)
