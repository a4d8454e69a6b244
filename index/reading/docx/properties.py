"""Title and author that a Word document's properties state."""

from __future__ import annotations

from index.models import MetadataField
from index.reading.document_properties import property_facts
from index.reading.docx.package import APPLICATION, CORE, Parts

DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def word_facts(parts: Parts) -> dict[str, MetadataField]:
    """Return the title and the author, without what the program or the template filled in."""
    core, application = parts.get(CORE), parts.get(APPLICATION)
    if core is None:
        return {}
    programs = (
        [] if application is None else [application.findtext(f"{{*}}{name}") for name in ("Application", "Template")]
    )
    return property_facts(core.findtext(f"{DUBLIN_CORE}title"), core.findtext(f"{DUBLIN_CORE}creator"), programs)
