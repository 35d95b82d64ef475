"""Courses being written in the browser: the folder form of a course, one version after another.

A draft is a manifest, path -> object, and every save is a version that says which paths changed, by whom and
when. Nothing is ever taken away: what a version held can be looked at and restored.

    drafts      beginning, finding and saving: each act makes one version
    history     versions, what one held, going back to it
    reviewing   asking an admin to publish, and what they decide

The rest is pure: `merging` (two people, one file), `texts` (bytes and what a browser makes of them),
`unpacking` and `packing` (zip files), `pictures`, `naming`, `templates`. Publishing is the catalogue's.
"""
