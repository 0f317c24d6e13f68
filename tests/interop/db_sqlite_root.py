# SPDX-License-Identifier: Apache-2.0
"""Captures SQLite tables, then computes each root again from what Python's own driver reads and doc/FORMAT.md section 3."""
import hashlib
import json
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from records_root import cell, integer, set_root  # noqa: E402


def encode(value):
    if value is None:
        return b"\x00"
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float):
        return cell(4, struct.pack(">d", value))
    if isinstance(value, str):
        return cell(5, value.encode())
    if len(value) > 1 << 20:
        return cell(14, b"\x06" + struct.pack(">Q", len(value)) + hashlib.sha256(value).digest())
    return cell(6, value)


def make(path):
    """A shop: customers and orders with a key, lines without one; scans, of which some thousands come before a long value."""
    rnd = random.Random(7)
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, balance REAL, photo BLOB);"
                     "CREATE TABLE orders(shop TEXT, number INTEGER, at TEXT, PRIMARY KEY(shop, number)) WITHOUT ROWID;"
                     "CREATE TABLE line(item TEXT, amount NUMERIC);"
                     "CREATE TABLE scan(id INTEGER PRIMARY KEY, note TEXT, page BLOB);")
    names = ["王小明", "Zoë", "", "O'Brien", "张\u0301"]
    for i in range(700):
        db.execute("INSERT INTO customer VALUES(?,?,?,?)",
                   (i * 3 - 50, rnd.choice(names), rnd.choice([None, rnd.random() * 1e9, -0.5, 1e300]),
                    rnd.choice([None, b"", rnd.randbytes(40)])))
        db.execute("INSERT INTO orders VALUES(?,?,?)", (rnd.choice("abç丙"), i, "2026-11-24"))
        db.execute("INSERT INTO line VALUES(?,?)", (rnd.choice("xyz"), rnd.choice([1, 2.5, "many", None])))
    for i in range(9000):
        db.execute("INSERT INTO scan VALUES(?,?,?)", (i, names[i % 5] * 40, rnd.randbytes(1500000) if i in (7000, 7001, 8999) else None))
    db.commit()
    return db


ORDERS = {"customer": "id", "orders": "shop, number", "line": None, "scan": "id"}


def rows_of(db, table):
    order = ORDERS[table]
    rows = db.execute(f"SELECT * FROM {table}" + (f" ORDER BY {order}" if order else "")).fetchall()
    encoded = [[encode(v) for v in row] for row in rows]
    if order:
        return encoded
    counts = {}
    for row in encoded:
        counts[tuple(row)] = counts.get(tuple(row), 0) + 1
    return [[encode(n), *row] for row, n in sorted(counts.items(), key=lambda item: b"".join(item[0]))]


def axev(*arguments):
    program = os.path.join(os.environ["AXEV_BUILD_ROOT"], "tools/axev")
    return subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE).stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        db = make("shop.db")
        axev("init", "L", "--origin", "test.example/log")
        package = json.loads(axev("capture", "db", "sqlite:shop.db", "--ledger", "L", "--json"))["id"]
        axev("export", package, "--ledger", "L", "-o", "bundle.asice")
        with zipfile.ZipFile("bundle.asice") as bundle:
            bundle.extract("data/packages/0001.asice")
        with zipfile.ZipFile("data/packages/0001.asice") as container:
            manifest = json.loads(container.read("data/evidence.json"))
            container.extract("data/parts/0001.zip")
        with zipfile.ZipFile("data/parts/0001.zip") as container:
            assert {s["name"] for s in manifest["record_sets"]} == set(ORDERS)
            for row in manifest["record_sets"]:
                secret = container.read(row["index"])[8:40]
                root = set_root(container.read(row["header"]), secret, rows_of(db, row["name"])).hex()
                if root != row["root"]:
                    sys.exit(f"{row['name']}: expected {root}, the package has {row['root']}")
                print("ok", row["name"], row["records"])


main()
