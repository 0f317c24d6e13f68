# SPDX-License-Identifier: Apache-2.0
"""lib_postgresql_root.py FOLDER SET CSV TYPE...: the root of a record set again, from what psql prints (NULL as <NULL>, instants as
microseconds since 1970) and doc/FORMAT.md section 3. FOLDER has the objects of the package. A type is a tag's name, or other=NAME."""
import csv
import json
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from records_root import cell, integer, set_root  # noqa: E402

csv.field_size_limit(1 << 30)


def encode(kind, text):
    if text == "<NULL>":
        return b"\x00"
    if kind == "integer":
        return integer(int(text))
    if kind == "boolean":
        return cell(2, {"t": b"\x01", "f": b"\x00"}[text])
    if kind == "decimal":
        return cell(3, text.encode())
    if kind in ("real64", "real32"):
        form = ">d" if kind == "real64" else ">f"
        return cell(4, bytes.fromhex("7ff8000000000000" if kind == "real64" else "7fc00000") if text == "NaN" else
                    struct.pack(form, float(text)))
    if kind == "text":
        return cell(5, text.encode())
    if kind == "bytes":
        return cell(6, bytes.fromhex(text.removeprefix("\\x")))
    if kind == "instant":
        extremes = {"infinity": 2**63 - 1, "-infinity": -2**63}
        return cell(8, struct.pack(">q", extremes[text] if text in extremes else int(text)))
    if kind == "calendar":
        date, blank, rest = text.partition(" ")
        return cell(9, (date + ("T" if blank and rest[0].isdigit() else blank) + rest).encode())
    name = kind.removeprefix("other=").encode()
    return cell(15, bytes([len(name)]) + name + text.encode())


def main():
    folder, name, table, *types = sys.argv[1:]
    with open(table, encoding="utf-8", newline="") as file:
        rows = [[encode(*pair) for pair in zip(types, row, strict=True)] for row in csv.reader(file)]

    def read(path):
        with open(os.path.join(folder, path), "rb") as file:
            return file.read()

    entry = next(s for s in json.loads(read("data/evidence.json"))["record_sets"] if s["name"] == name)
    header = read(entry["header"])
    if json.loads(header).get("multiset"):
        counts = {}
        for row in rows:
            counts[b"".join(row)] = (counts.get(b"".join(row), (0,))[0] + 1, row)
        rows = [[encode("integer", str(counts[key][0])), *counts[key][1]] for key in sorted(counts)]
    root = set_root(header, read(entry["index"])[8:40], rows).hex()
    if root != entry["root"]:
        for i, row in enumerate(rows[:10]):
            print(i, [c.hex() for c in row])
        sys.exit(f"{name}: {len(rows)} records give {root}, the package has {entry['root']}")
    print("ok", name, len(rows), "records")


main()
