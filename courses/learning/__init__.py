"""Enrolment, completion, progress. Progress hangs on the ids of steps, so a new edition never takes any away.

Completion rows are the only truth about what is done: progress, order and eligibility read them.
"""
