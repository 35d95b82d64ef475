"""The object store: bytes by the SHA-256 of their content, written once and never changed."""

from courses.storage.objects import LocalObjects, MissingObject, ObjectStore, StoreUnavailable, hash_of

__all__ = ["LocalObjects", "MissingObject", "ObjectStore", "StoreUnavailable", "hash_of"]
