"""Every table in one import: for migrations, and for whoever needs the whole schema."""

from courses.assessment import models as assessment
from courses.audit import models as audit
from courses.catalogue import models as catalogue
from courses.certification import models as certification
from courses.drafting import models as drafting
from courses.jobs import models as jobs
from courses.learning import models as learning
from courses.operations import models as operations
from courses.people import models as people
from courses.people.importing import models as people_importing

__all__ = [
    "assessment",
    "audit",
    "catalogue",
    "certification",
    "drafting",
    "jobs",
    "learning",
    "operations",
    "people",
    "people_importing",
]
