"""Who: persons and their numbers, units, roles, sessions, and what each may do.

A person is not their NIP: numbers change, so a person has an id of their own and a history of numbers.
"""
