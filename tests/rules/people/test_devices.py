"""Devices by the words people know them by, whatever browsers say of themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.people.devices import BROWSERS, SYSTEMS, device_of

KNOWN = {"", *(name for _, name in (*BROWSERS, *SYSTEMS))}
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-A155F) {WEBKIT} SamsungBrowser/27.0 Chrome/125.0 Safari/537",
            "Samsung Internet, Android",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge, Windows",
        ),
        (f"Mozilla/5.0 (Windows NT 6.1) {WEBKIT} Chrome/109.0 Safari/537.36 OPR/95.0", "Opera, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605 CriOS/131.0 Safari/604.1",
            "Chrome, iPad",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:128.0) Gecko Firefox/128.0", "Firefox, macOS"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/131.0 Safari/537.36", "Chrome, ChromeOS"),
        ("Dalvik/2.1.0 (Linux; U; Android 9)", "Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_people_know_it_by(said, known):
    assert device_of(said) == known


@given(st.text() | st.lists(st.sampled_from([sign for sign, _ in (*BROWSERS, *SYSTEMS)])).map(" ".join))
def test_nothing_is_kept_but_our_own_words(said):
    assert set(device_of(said).split(", ")) <= KNOWN
