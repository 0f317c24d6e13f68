# SPDX-License-Identifier: Apache-2.0
"""What record sets of several engines have in common: lib_records_alike.py TABLE COLUMNS FOLDER... (unpacked packages).

Under one header and one secret, their roots (doc/FORMAT.md section 3.2) must be the same for the fields that are declared alike.
"""
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.environ["AXEV_SOURCE_ROOT"], "tests", "interop"))
from records_root import set_root  # noqa: E402


def records(path):
    with open(path, "rb") as file:
        while head := file.read(4):
            yield split(file.read(struct.unpack(">I", head)[0]))


def split(record):
    at, cells = 0, []
    while at < len(record):
        if record[at] == 0:
            end = at + 1
        elif record[at + 1] < 255:
            end = at + 2 + record[at + 1]
        else:
            end = at + 6 + struct.unpack(">I", record[at + 2:at + 6])[0]
        cells.append(record[at:end])
        at = end
    return cells


def plain(name):
    """AlbumId and album_id are one name, "schema.name" is a name."""
    return name.split(".")[-1].replace("_", "").replace('"', "").lower()


def set_of(folder, table):
    with open(os.path.join(folder, "data/evidence.json"), encoding="utf-8") as file:
        sets = [s for s in json.load(file)["record_sets"] if plain(s["name"]) == plain(table)]
    with open(os.path.join(folder, sets[0]["header"]), encoding="utf-8") as file:
        header = json.load(file)
    names = ["(count)"] * header.get("multiset", False) + [plain(field["name"]) for field in header["fields"]]
    return names, list(records(os.path.join(folder, sets[0]["path"])))


def main():
    table, columns, folders = sys.argv[1], sys.argv[2], sys.argv[3:]
    roots = {}
    for folder in folders:
        names, rows = set_of(folder, table)
        wanted = names if columns == "*" else [plain(c) for c in columns.split(",")]
        picked = [[row[names.index(name)] for name in wanted] for row in rows]
        roots.setdefault(set_root(",".join(wanted).encode(), bytes(range(32)), picked).hex(), []).append((folder, len(rows)))
    if len(roots) != 1:
        sys.exit(f"{table}: {roots}")
    (root, found), = roots.items()
    if len(found) != len(folders) or found[0][1] == 0:
        sys.exit(f"{table}: {found}")
    print(table, found[0][1], root)


if __name__ == "__main__":
    main()
