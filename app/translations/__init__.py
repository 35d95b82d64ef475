"""Sentences in other languages: `en` for pages, written in Indonesian, `id` for problems of a course.

`python -m app.translations` brings the catalogues up to date with the sources: new sentences are added empty,
old ones taken out, and what is translated is compiled. A test fails while a sentence is missing.
"""
