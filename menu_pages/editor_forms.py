"""The editor's forms: reader languages beside the owner's own words, pictures from the owner's collection only."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from menu_pages.own_pictures import offer_own_pictures

TRANSLATED_FIELDS = {
    "title": lambda: forms.CharField(label=_("Title"), max_length=255, required=False),
    "tagline": lambda: forms.CharField(label=_("One line of mood"), max_length=120, required=False),
    "description": lambda: forms.CharField(
        label=_("Description"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    ),
    "options": lambda: forms.CharField(
        label=_("Option titles"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, your word first: Размер = Size."),
    ),
}


def translation_panels(*names: str) -> list[MultiFieldPanel]:
    """A folded group of fields for each language readers may have; the place's own language hides itself."""
    return [
        MultiFieldPanel(
            [FieldPanel(f"{name}_{code}") for name in names],
            heading=title,
            classname="collapsed",
        )
        for code, title in settings.LANGUAGES
    ]


class TranslatedForm(WagtailAdminPageForm):
    """Shows the page's `translations` as fields, one for each text and language."""

    translated: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_own_pictures(self)
        for name in self.translated:
            for code, _title in settings.LANGUAGES:
                if code == self._own_language():
                    self.fields.pop(f"{name}_{code}", None)
                elif f"{name}_{code}" in self.fields:
                    words = self.instance.translations.get(code, {}).get(name, "")
                    self.initial[f"{name}_{code}"] = _as_lines(words) if isinstance(words, dict) else words

    def _own_language(self) -> str:
        place = self.parent_page.specific.place if self.parent_page and self.instance._state.adding else None
        if place is None and self.instance.path:
            place = self.instance.place
        return place.record.language if place else settings.LANGUAGE_CODE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.translated:
            for code, _title in settings.LANGUAGES:
                if f"{name}_{code}" in self.fields and f"{name}_{code}" in cleaned:
                    self._keep(code, name, cleaned[f"{name}_{code}"])
        return cleaned

    def _keep(self, code: str, name: str, text: str) -> None:
        words = dict(self.instance.translations.get(code, {}))
        if name == "options":
            pairs, wrong = _from_lines(text)
            if wrong:
                self.add_error(
                    f"{name}_{code}", _("Write “your word = translation” in this line: %(line)s") % {"line": wrong}
                )
            words[name] = pairs
        else:
            words[name] = text
        kept = {key: value for key, value in words.items() if value}
        others = {key: value for key, value in self.instance.translations.items() if key != code}
        self.instance.translations = {**others, **({code: kept} if kept else {})}


def _as_lines(words: dict[str, str]) -> str:
    return "\n".join(f"{own} = {translation}" for own, translation in words.items())


def _from_lines(text: str) -> tuple[dict[str, str], str]:
    """Pairs of the lines, and the first line that is none."""
    pairs: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        own, equals, translation = (part.strip() for part in line.partition("="))
        if not (own and equals and translation):
            return pairs, line
        pairs[own] = translation
    return pairs, ""


def _form_class(name: str, *translated: str) -> type[TranslatedForm]:
    fields = {
        f"{field}_{code}": TRANSLATED_FIELDS[field]() for field in translated for code, _title in settings.LANGUAGES
    }
    return type(name, (TranslatedForm,), {**fields, "translated": translated, "__module__": __name__})


PlaceForm = _form_class("PlaceForm", "title", "tagline", "description")
CategoryForm = _form_class("CategoryForm", "title", "description")
DishForm = _form_class("DishForm", "title", "description", "options")
