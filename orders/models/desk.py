from django.db import models

from menu_pages.models.record import PlaceScopedManager


class DeskState(models.Model):
    """One row a place: the version its desks compare and the last order number of the day.

    Written in the same transaction as what it announces, so a desk that sees a version sees the orders too.
    """

    place = models.OneToOneField("menu_pages.PlacePage", models.CASCADE, primary_key=True, related_name="desk_state")
    version = models.PositiveBigIntegerField(default=0)
    business_day = models.DateField(null=True, blank=True)
    last_number = models.PositiveIntegerField(default=0)

    objects = PlaceScopedManager()

    def __str__(self) -> str:
        return f"{self.place_id}: {self.version}"
