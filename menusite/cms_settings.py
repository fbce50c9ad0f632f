"""Wagtail's settings: what the product uses of it, the same on every machine."""

WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "menu_pages.search"}}
WAGTAIL_AUTOSAVE_INTERVAL = 500
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 500
# Passwords and e-mails change through allauth alone, which confirms and counts attempts.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Not a part of the product; its screens would show one organisation the names of another.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
# An editor's browser asks nobody but us.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

WAGTAILIMAGES_IMAGE_MODEL = "menu_pages.MenuImage"
# What is uploaded is drawn anew, on every screen that takes a picture.
WAGTAILIMAGES_IMAGE_FORM_BASE = "menu_pages.uploads.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
# As good to the eye on a phone as Wagtail's own qualities, at two thirds of the bytes.
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 75
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
# A small file may unpack to a picture that fills the memory.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
