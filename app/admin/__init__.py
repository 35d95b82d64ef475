"""What admins decide: awards and certificates; and, with office admins, who is who."""

from app.admin import people, people_acts, people_codes, people_import, units, views

blueprint = views.blueprint

__all__ = ["blueprint", "people", "people_acts", "people_codes", "people_import", "units", "views"]
