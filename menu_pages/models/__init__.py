from menu_pages.models.bulk_change import BulkAction, BulkChange, BulkStatus
from menu_pages.models.category import CategoryPage
from menu_pages.models.dish import DishPage, DishPicture
from menu_pages.models.home import HomePage
from menu_pages.models.image import MenuImage, MenuRendition
from menu_pages.models.menu_import import ImportStatus, MenuImport, MenuImportPicture
from menu_pages.models.place import PlacePage
from menu_pages.models.record import PlaceAddress, PlaceRecord
from menu_pages.models.stop_list import StopListEntry
from menu_pages.models.table import Table
from menu_pages.models.theme_installation import ThemeInstallation

__all__ = [
    "BulkAction",
    "BulkChange",
    "BulkStatus",
    "CategoryPage",
    "DishPage",
    "DishPicture",
    "HomePage",
    "ImportStatus",
    "MenuImage",
    "MenuImport",
    "MenuImportPicture",
    "MenuRendition",
    "PlaceAddress",
    "PlacePage",
    "PlaceRecord",
    "StopListEntry",
    "Table",
    "ThemeInstallation",
]
