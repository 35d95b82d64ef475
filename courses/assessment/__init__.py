"""Attempts and grading. The server draws, keeps the time and grades; no score is ever taken from a client.

An attempt is pinned to the edition it was started under. Its plan (questions, order, tokens) is fixed at
the start.
"""
