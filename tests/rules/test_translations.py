"""Every sentence that a page shows is there in its languages, and what is shipped is what is written."""

import re

import pytest

from app.translations.catalogues import SOURCES, catalogue, compiled, missing, path_of, sentences

PLACES = re.compile(r"%\((\w+)\)[sd]|%%|\{\w+\}")
each_language = pytest.mark.parametrize("language", SOURCES)


@each_language
def test_no_sentence_is_without_words(language):
    assert missing(language) == []


@each_language
def test_the_compiled_catalogue_is_the_written_one(language):
    assert path_of(language).with_suffix(".mo").read_bytes() == compiled(language)


@each_language
def test_translations_keep_the_places_of_their_sentence(language):
    for message in catalogue(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for words, sentence in zip(strings, ids, strict=True):
            assert set(PLACES.findall(words)) == set(PLACES.findall(sentence)), message.id


@pytest.mark.parametrize(("language", "least"), [("en", 150), ("id", 110)])
def test_there_are_sentences_at_all(language, least):
    assert len([message for message in sentences(language) if message.id]) > least
