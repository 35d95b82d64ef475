"""Finds the servers that tests may use: prints `NAME=address` for each that answers and has no name yet."""

import os
import socket
import sys
from collections.abc import Iterator

import psycopg

POSTGRES = "BINA_TEST_POSTGRES_URL"
REDIS = "BINA_TEST_REDIS_URL"
# Trusted on this machine, or (empty host) by the socket, where the system's user is the database's.
POSTGRES_URLS = (
    "postgresql+psycopg://root@127.0.0.1:5432/postgres",
    "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    "postgresql+psycopg:///postgres",
)
SECONDS = 2


def found() -> Iterator[str]:
    """Yield a line for each server that answers."""
    if POSTGRES not in os.environ and (url := next(filter(makes_databases, POSTGRES_URLS), None)):
        yield f"{POSTGRES}={url}"
    if REDIS not in os.environ and answers_redis("127.0.0.1", 6379):
        yield f"{REDIS}=redis://127.0.0.1:6379/15"


def makes_databases(url: str) -> bool:
    """Tell whether the server is there and lets us make databases."""
    try:
        with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=SECONDS) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


def answers_redis(host: str, port: int) -> bool:
    """Tell whether a Redis or Valkey answers a ping."""
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(5) == b"+PONG"
    except OSError:
        return False


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in found())
