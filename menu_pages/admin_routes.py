"""What this floor lets an organisation's people open in the admin: the editor, pictures, the areas of a place."""

from accounts.admin_gate import allow
from menu_pages import admin_ids  # noqa: F401  (it registers its checks)
from menu_pages.places_admin import AREAS

PAGES = (
    "wagtailadmin_explore_root",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    # The tree in the side bar.
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_api:pages:detail",
    *(
        f"wagtailadmin_pages:{name}"
        for name in (
            "add",
            "add_subpage",
            "convert_alias",
            "copy",
            "delete",
            "edit",
            "history",
            "history_results",
            "lock",
            "move",
            "move_confirm",
            "preview_on_add",
            "preview_on_edit",
            "revisions_compare",
            "revisions_index",
            "revisions_revert",
            "revisions_unschedule",
            "revisions_view",
            "search",
            "search_results",
            "set_page_position",
            "unlock",
            "unpublish",
            "usage",
            "view_draft",
        )
    ),
    # Where to move or copy a page to.
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_choose_page_search",
    "wagtail_bulk_action",
    "wagtailadmin_block_preview",
    "wagtailadmin_editing_sessions:ping",
    "wagtailadmin_editing_sessions:release",
)
PICTURES = (
    *(
        f"wagtailimages:{name}"
        for name in (
            "add",
            "add_multiple",
            "create_multiple_from_uploaded_image",
            "delete",
            "delete_multiple",
            "delete_upload_multiple",
            "edit",
            "edit_multiple",
            "image_usage",
            "index",
            "index_results",
        )
    ),
    *(f"wagtailimages_chooser:{name}" for name in ("choose", "choose_results", "chosen", "create")),
)

# Areas and the board's bulk changes come through `place_or_404`.
allow((*PAGES, *PICTURES, "choose_place", "home_return_dish"), namespaces=(*AREAS, "bulk"))
