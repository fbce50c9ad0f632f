"""Every route of the service, by name: what kind it is and whose things its address names.

A route that is missing here fails `test_every_route_is_classified`: say what kind it is, and what each of its arguments
names, and it is attacked like the others.
"""

from dataclasses import dataclass, field
from enum import Enum

from accounts.roles import ADMIN_CAPABILITIES, CAPABILITIES, Capability, Role

# Who asks. «guest» sits at a table of A, «other» owns B, «former» was an editor of A, «operator» runs the service.
STAFF = tuple(role.value for role in Role)
ROLES = ("anonymous", "guest", *STAFF, "other", "former", "operator")


class Kind(Enum):
    OPEN = "for everyone, and about nobody"
    ACCOUNT = "a person's own account"
    GUEST = "a place's public pages"
    DESK = "the service desk of a place"
    ADMIN = "the admin, about what is the user's"
    PLACE = "a moderators' area of a place"
    ORGANISATION = "an owners' area of an organisation"
    PAGE = "a page, by id"
    PICTURE = "a picture, by id"
    LIST = "a list of orders, or one of them"
    OPERATOR = "the operator's"
    NOTHING = "a name without a page"


@dataclass(frozen=True)
class Route:
    kind: Kind
    capability: Capability | None = None
    # Arguments that name somebody's things: what they are (see `probing.OBJECTS`); others are given as they are.
    objects: dict[str, str] = field(default_factory=dict)
    given: dict[str, str | int] = field(default_factory=dict)
    # A page that is there only after something else was done: its own answer may be 404.
    may_be_missing: bool = False
    # Answers everyone alike by sending them elsewhere.
    leads_away: bool = False
    names_places: bool = False
    # That something is at this address is told to who knows it, and nothing more.
    secret_address: bool = False
    # Of a place's pages one that is a single guest's.
    private: bool = False
    path: str = ""

    @property
    def is_public(self) -> bool:
        """Whether anybody may read what is behind it, of any place."""
        return self.kind is Kind.GUEST and not self.private

    def opens_for(self, role: str) -> bool:
        """Whether the role may open its own thing behind this route."""
        if role == "operator":
            return self.kind is not Kind.NOTHING
        if self.kind in (Kind.OPEN, Kind.GUEST):
            return True
        if self.kind is Kind.ACCOUNT:
            return role not in ("anonymous", "guest")
        own = CAPABILITIES.get(Role(role), frozenset()) if role in STAFF else frozenset()
        own = frozenset(Capability) if role == "other" else own
        if self.kind in (Kind.OPERATOR, Kind.NOTHING):
            return False
        if self.kind is not Kind.DESK and not own & ADMIN_CAPABILITIES:
            return False
        if self.kind is Kind.ADMIN and self.capability is None:
            return True
        if self.kind is Kind.LIST:
            return Capability.STATISTICS in own
        return self.capability in own


def _page(**objects: str) -> Route:
    return Route(Kind.PAGE, Capability.MENU, objects)


def _place(
    capability: Capability = Capability.MENU, objects: dict[str, str] | None = None, **given: str | int
) -> Route:
    return Route(Kind.PLACE, capability, {"place_slug": "place", **(objects or {})}, given)


def _organisation(**objects: str) -> Route:
    return Route(Kind.ORGANISATION, Capability.ORGANISATION, {"slug": "organisation", **objects})


OPEN, ACCOUNT, NOTHING, OPERATOR = (Route(kind) for kind in (Kind.OPEN, Kind.ACCOUNT, Kind.NOTHING, Kind.OPERATOR))
ADMIN = Route(Kind.ADMIN)
GUEST = Route(Kind.GUEST, objects={"place_slug": "place"})
EDITOR = Route(Kind.ADMIN, Capability.MENU)
ON_PAGE = _page(page_id="dish")
PICTURE = Route(Kind.PICTURE, Capability.MENU, {"image_id": "picture"})
DISH_TYPE = {"content_type_app_name": "menu_pages", "content_type_model_name": "dishpage"}
UPLOAD = Route(Kind.PICTURE, Capability.MENU, {"uploaded_file_id": "upload"}, may_be_missing=True)
LISTED = {"order": "order_pk", "basketline": "line_pk", "waitercall": "call_pk", "rating": "rating_pk"}
PAYMENT = Route(Kind.OPERATOR, objects={"public_id": "payment"})

ROUTES: dict[str, Route] = {
    **dict.fromkeys(("healthz", "readyz", "robots", "set_language"), OPEN),
    # For whoever asks from this very machine, as the tests do; tests/menusite/test_metrics.py has the others.
    "metrics": OPEN,
    "wagtailadmin_login": Route(Kind.OPEN, leads_away=True),
    # Name every place there is, as they should.
    "sitemap": Route(Kind.OPEN, names_places=True),
    "sitemap_part": Route(Kind.OPEN, given={"number": 1}, names_places=True),
    # Signing in and out, and what letters lead to.
    **dict.fromkeys(
        (
            "account_logout",
            "account_inactive",
            "account_email_verification_sent",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "wagtailadmin_logout",
        ),
        OPEN,
    ),
    **dict.fromkeys(("account_signup", "account_login", "mfa_authenticate"), Route(Kind.OPEN, leads_away=True)),
    "account_confirm_email": Route(Kind.OPEN, given={"key": "nonsense"}, may_be_missing=True),
    "account_reset_password_from_key": Route(Kind.OPEN, given={"uidb36": "1", "key": "nonsense"}),
    "accept_invitation": Route(Kind.OPEN, given={"token": "nonsense"}, may_be_missing=True),
    "weekly_letter": Route(Kind.OPEN, given={"token": "nonsense"}, may_be_missing=True),
    **dict.fromkeys(
        (
            "profile",
            "own_data",
            "own_data_download",
            "own_data_erase",
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "account_set_password",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "sign_ins",
        ),
        Route(Kind.ACCOUNT, may_be_missing=True),
    ),
    # Payments: the provider's news, and the way back of whoever paid.
    "billing:webhook": Route(Kind.OPEN, given={"provider": "manual"}, may_be_missing=True),
    # A payer who is signed out, or in another browser, is told where to look; the address is 64 random bits.
    "billing:back": Route(Kind.OPEN, objects={"public_id": "payment"}, may_be_missing=True, secret_address=True),
    # Found in DEBUG alone.
    "mailbox:index": Route(Kind.OPEN, may_be_missing=True),
    "mailbox:letter": Route(Kind.OPEN, given={"name": "nothing"}, may_be_missing=True),
    "mailbox:letter_html": Route(Kind.OPEN, given={"name": "nothing"}, may_be_missing=True),
    # Guests.
    **dict.fromkeys(
        ("basket", "basket_add", "basket_update", "order_send", "leave", "table", "call", "rate", "sharing_ask"), GUEST
    ),
    **dict.fromkeys(("guest_data", "guest_data_copy", "guest_data_forget"), GUEST),
    **{
        name: Route(Kind.GUEST, objects={"place_slug": "place", "public_id": what}, may_be_missing=True, private=True)
        for name, what in (("order_cancel", "order"), ("call_cancel", "call"), ("sharing_answer", "visit"))
    },
    "order_status": Route(
        Kind.GUEST, objects={"place_slug": "place", "public_id": "order"}, may_be_missing=True, private=True
    ),
    "place_stylesheet": Route(Kind.GUEST, objects={"place_slug": "place"}, given={"version": "x"}, may_be_missing=True),
    "wagtail_serve": Route(Kind.GUEST, objects={"0": "place_path"}),
    # The desk.
    "desk:index": Route(Kind.ACCOUNT),
    "desk:board": Route(Kind.DESK, Capability.ORDERS, {"place_slug": "place"}),
    "desk:pulse": Route(Kind.DESK, Capability.ORDERS, {"place_slug": "place"}),
    "desk:stop_list": Route(Kind.DESK, Capability.ORDERS, {"place_slug": "place"}),
    "desk:stop": Route(Kind.DESK, Capability.STOP_LIST, {"place_slug": "place"}),
    **{
        f"desk:{name}": Route(Kind.DESK, Capability.ORDERS, {"place_slug": "place", "public_id": "order"})
        for name in ("move", "acknowledge", "print_again", "ticket", "ticket_pdf", "ticket_again")
    },
    "desk:stop_line": Route(
        Kind.DESK, Capability.STOP_LIST, {"place_slug": "place", "public_id": "order"}, {"key": "0123456789abcdef"}
    ),
    "desk:call": Route(Kind.DESK, Capability.DESK, {"place_slug": "place", "public_id": "call"}),
    "desk:share_table": Route(Kind.DESK, Capability.DESK, {"place_slug": "place", "public_id": "visit"}),
    "desk:plan": Route(Kind.DESK, Capability.DESK, {"place_slug": "place"}),
    **{
        f"desk:{name}": Route(Kind.DESK, Capability.DESK, {"place_slug": "place"}, {"number": 2})
        for name in ("table", "open_table", "close_table")
    },
    # The admin itself.
    **dict.fromkeys(
        (
            "wagtailadmin_home",
            "wagtailadmin_account",
            "wagtailadmin_dismissibles",
            "wagtailadmin_sprite",
            "wagtailadmin_javascript_catalog",
            "wagtail_modeladmin:javascript_catalog",
        ),
        ADMIN,
    ),
    "choose_organisation": Route(Kind.ADMIN, Capability.ORGANISATION),
    "choose_place": Route(Kind.ADMIN, Capability.MENU, given={"area": "qr"}),
    # Pages.
    "wagtailadmin_explore_root": EDITOR,
    "wagtailadmin_pages:search": EDITOR,
    "wagtailadmin_pages:search_results": EDITOR,
    "wagtailadmin_api:pages:listing": ADMIN,
    "wagtailadmin_choose_page": EDITOR,
    # Choosing says nothing to those who have nothing to choose from.
    "wagtailadmin_choose_page_search": ADMIN,
    "wagtailimages_chooser:choose": ADMIN,
    "wagtailimages_chooser:choose_results": ADMIN,
    "wagtailadmin_block_preview": Route(Kind.ADMIN, may_be_missing=True),
    **dict.fromkeys(
        ("wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"),
        _page(parent_page_id="category"),
    ),
    "wagtailadmin_api:pages:detail": _page(pk="dish"),
    "wagtailadmin_pages:add": Route(Kind.PAGE, Capability.MENU, {"parent_page_id": "category"}, DISH_TYPE),
    "wagtailadmin_pages:preview_on_add": Route(
        Kind.PAGE, Capability.MENU, {"parent_page_id": "category"}, DISH_TYPE, may_be_missing=True
    ),
    "wagtailadmin_pages:add_subpage": _page(parent_page_id="category"),
    **{
        f"wagtailadmin_pages:{name}": ON_PAGE
        for name in (
            "convert_alias",
            "copy",
            "delete",
            "edit",
            "history",
            "history_results",
            "lock",
            "preview_on_edit",
            "revisions_index",
            "unlock",
            "unpublish",
            "usage",
            "view_draft",
        )
    },
    "wagtailadmin_pages:convert_alias": Route(Kind.PAGE, Capability.MENU, {"page_id": "dish"}, may_be_missing=True),
    "wagtailadmin_pages:revisions_index": ON_PAGE,
    "wagtailadmin_pages:move": _page(page_to_move_id="dish"),
    "wagtailadmin_pages:move_confirm": _page(page_to_move_id="dish", destination_id="category"),
    "wagtailadmin_pages:set_page_position": _page(page_to_move_id="dish"),
    **{
        f"wagtailadmin_pages:{name}": _page(page_id="dish", revision_id="revision")
        for name in ("revisions_view", "revisions_revert", "revisions_unschedule")
    },
    "wagtailadmin_pages:revisions_compare": _page(pk="dish", revision_id_a="revision", revision_id_b="revision"),
    "wagtailadmin_editing_sessions:ping": Route(
        Kind.PAGE,
        Capability.MENU,
        {"object_id": "dish", "session_id": "session"},
        {"app_label": "wagtailcore", "model_name": "page"},
    ),
    # Ends a session that is the user's own; answers the same for any number.
    "wagtailadmin_editing_sessions:release": Route(Kind.ADMIN, objects={"session_id": "session"}),
    "wagtail_bulk_action": Route(
        Kind.ADMIN,
        given={"app_label": "wagtailcore", "model_name": "page", "action": "delete"},
        may_be_missing=True,
    ),
    # Pictures.
    **dict.fromkeys(
        (
            "wagtailimages:index",
            "wagtailimages:index_results",
            "wagtailimages:add",
            "wagtailimages:add_multiple",
            "wagtailimages_chooser:create",
        ),
        EDITOR,
    ),
    **{
        f"wagtailimages:{name}": PICTURE
        for name in ("delete", "delete_multiple", "edit", "edit_multiple", "image_usage")
    },
    "wagtailimages_chooser:chosen": Route(Kind.PICTURE, Capability.MENU, {"pk": "picture"}),
    "wagtailimages:create_multiple_from_uploaded_image": UPLOAD,
    "wagtailimages:delete_upload_multiple": UPLOAD,
    # Areas of a place.
    "home_return_dish": _place(Capability.STOP_LIST),
    **{f"board:{name}": _place() for name in ("index", "edit", "undo", "move", "stop", "add_dish", "add_category")},
    "board:page": Route(Kind.PLACE, Capability.MENU, {"place_slug": "place"}, may_be_missing=True),
    "bulk:index": _place(),
    "bulk:prepare": _place(),
    **{f"bulk:{name}": _place(objects={"public_id": "bulk"}) for name in ("detail", "apply", "give_up", "undo")},
    "files:index": _place(),
    "files:export": _place(file_format="xlsx"),
    **{f"files:{name}": _place(objects={"public_id": "import"}) for name in ("detail", "start", "give_up")},
    **{f"qr:{name}": _place() for name in ("index", "count", "archive", "sheet")},
    **{f"qr:{name}": _place(number=2) for name in ("png", "svg", "label", "replace")},
    **{f"themes:{name}": _place() for name in ("index", "edit", "undo")},
    **{f"themes:{name}": _place(theme_slug="classic") for name in ("look", "install")},
    "themes:preview": _place(theme_slug="classic", path=""),
    "themes:try": Route(
        Kind.PLACE,
        Capability.MENU,
        {"place_slug": "place"},
        {"theme_slug": "classic", "choice": "nonsense", "path": ""},
        may_be_missing=True,
    ),
    "setup:index": _place(Capability.PLACE),
    "service:index": _place(Capability.PLACE),
    **{f"service:{name}": _place(Capability.PLACE) for name in ("rules", "station_add", "webhook_add")},
    **{
        f"service:{name}": _place(Capability.PLACE, {"public_id": "station"})
        for name in ("station", "station_remove", "station_print")
    },
    **{
        f"service:{name}": _place(Capability.PLACE, {"public_id": "webhook"})
        for name in ("webhook_remove", "webhook_test")
    },
    "history:index": _place(Capability.PLACE),
    **{
        f"history:{name}": _place(Capability.PLACE, {"public_id": "order_import"})
        for name in ("detail", "start", "give_up", "take_back")
    },
    # Areas of an organisation.
    "organisation_card:index": _organisation(),
    **{f"organisation_people:{name}": _organisation() for name in ("index", "invite", "role", "remove", "two_step")},
    **{f"organisation_people:{name}": _organisation(public_id="invitation") for name in ("send_again", "withdraw")},
    **{f"organisation_billing:{name}": _organisation() for name in ("index", "plan", "pay", "renewal", "forget")},
    "organisation_billing:invoice": _organisation(public_id="invoice"),
    "organisation_log:index": _organisation(),
    "organisation_log:export": _organisation(),
    # Numbers behind the charts of the home screen.
    "place_chart_csv": _place(Capability.STATISTICS, chart="checks-by-table"),
    "organisation_chart_csv": Route(
        Kind.ORGANISATION,
        Capability.STATISTICS,
        {"slug": "organisation"},
        {"currency": "rub", "chart": "checks-by-table"},
    ),
    "statistics:index": _place(Capability.STATISTICS),
    "statistics:export": _place(Capability.STATISTICS, file_format="pdf"),
    "statistics:table": _place(Capability.STATISTICS, section="revenue", number=1),
    # Orders, baskets, calls and ratings, to read.
    **{f"orders_{model}_modeladmin_index": Route(Kind.LIST) for model in LISTED},
    **{
        f"orders_{model}_modeladmin_inspect": Route(Kind.LIST, objects={"instance_pk": pk})
        for model, pk in LISTED.items()
    },
    **{
        f"orders_{model}_modeladmin_{name}": Route(Kind.OPERATOR, objects=objects, leads_away=True)
        for model, pk in LISTED.items()
        for name, objects in (("create", {}), ("edit", {"instance_pk": pk}), ("delete", {"instance_pk": pk}))
    },
    # The operator's.
    **{f"billing_operator:{name}": OPERATOR for name in ("subscriptions", "invoices", "payments", "plans")},
    "billing_operator:subscription": Route(Kind.OPERATOR, objects={"slug": "organisation"}),
    "billing_operator:invoice": Route(Kind.OPERATOR, objects={"public_id": "invoice"}),
    "billing_operator:mark_paid": Route(Kind.OPERATOR, objects={"public_id": "invoice"}),
    **{f"billing_operator:{name}": PAYMENT for name in ("payment", "fetch", "give_up", "refund", "chargeback")},
    **{
        f"{viewset}:{name}": OPERATOR
        if name in ("index", "index_results", "add")
        else Route(Kind.OPERATOR, objects={"pk": what})
        for viewset, what in (("wagtailusers_users", "user"), ("wagtailsites", "site"))
        for name in ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage", "copy")
    },
    # Names that Wagtail's screens work out, and nothing behind them.
    **dict.fromkeys(
        (
            "wagtailadmin_api:images:listing",
            "wagtailadmin_api:documents:listing",
            "wagtailadmin_choose_page_chosen_multiple",
            "wagtailimages_chooser:chosen_multiple",
        ),
        NOTHING,
    ),
    **{f"wagtailadmin_pages:{name}": Route(Kind.NOTHING, given=DISH_TYPE) for name in ("type_use", "type_use_results")},
    "wagtailadmin_pages:choose_parent": Route(
        Kind.NOTHING, given={"app_label": "menu_pages", "model_name": "dishpage"}
    ),
    **{
        f"wagtailadmin_pages:{name}": Route(Kind.NOTHING, objects={"page_id": "dish"}, given=given)
        for name, given in (
            ("set_privacy", {}),
            ("workflow_history", {}),
            ("workflow_history_detail", {"workflow_state_id": 1}),
            ("workflow_action", {"action_name": "approve", "task_state_id": 1}),
            ("collect_workflow_action_data", {"action_name": "approve", "task_state_id": 1}),
            ("confirm_workflow_cancellation", {}),
            ("workflow_preview", {"task_id": 1}),
        )
    },
    "admin/^.*/$": Route(Kind.NOTHING, path="/admin/nowhere/"),
}
