"""What admins decide: awards and certificates; and, with office admins, who is who."""

from app.admin import people, people_acts, units, views

blueprint = views.blueprint

__all__ = ["blueprint", "people", "people_acts", "units", "views"]
