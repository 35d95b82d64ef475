"""Every sentence of the pages is there in English, and what is shipped is what is written."""

import re

from app.translations.catalogues import catalogue, compiled, missing, path_of, sentences

PLACES = re.compile(r"%\((\w+)\)[sd]|%%|\{\w+\}")


def test_no_sentence_is_without_english_words():
    assert missing("en") == []


def test_the_compiled_catalogue_is_the_written_one():
    assert path_of("en").with_suffix(".mo").read_bytes() == compiled("en")


def test_translations_keep_the_places_of_their_sentence():
    for message in catalogue("en"):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for words, sentence in zip(strings, ids, strict=True):
            assert set(PLACES.findall(words)) == set(PLACES.findall(sentence)), message.id


def test_there_are_sentences_at_all():
    assert len([message for message in sentences() if message.id]) > 150
