# SPDX-License-Identifier: Apache-2.0
"""The root of a record set, computed from doc/FORMAT.md section 3 alone: vector R2 from its CSV file."""
import hashlib
import os
import struct
import sys

VECTOR = "86f810ad0d2176cd10b67bad2934efc329cdacdd75f952ee65ddba9db6761233"


def sha256(data):
    return hashlib.sha256(data).digest()


def tree(leaves):
    """RFC 6962 2.1, by levels: what has no neighbour goes up as it is."""
    while len(leaves) > 1:
        pairs = [sha256(b"\x01" + leaves[i] + leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2:]
    return leaves[0]


def record_key(secret, index):
    key = secret
    for depth in range(39, -1, -1):
        key = sha256(bytes([index >> depth & 1]) + key + b"ax-key/2")
    return key


def salt(key, field):
    both = sha256(struct.pack(">I", field // 2) + key + b"ax-salt/3")
    return both[16:] if field % 2 else both[:16]


def cell(tag, content):
    return bytes([tag]) + struct.pack(">I", len(content)) + content


def encode(kind, value):
    """A cell from a kind and its text."""
    if kind == "null":
        return b"\x00"
    if kind == "integer":
        return cell(1, struct.pack(">q", int(value)))
    if kind == "boolean":
        return cell(2, bytes([int(value)]))
    if kind == "decimal":
        return cell(3, value.encode())
    if kind in ("real64", "real32"):
        return cell(4, bytes.fromhex(value))
    if kind == "text":
        return cell(5, value.encode())
    if kind == "bytes":
        return cell(6, bytes.fromhex(value))
    if kind == "raw-text":
        return cell(7, bytes.fromhex(value))
    if kind == "instant":
        return cell(8, struct.pack(">q", int(value)))
    if kind == "calendar":
        return cell(9, value.encode())
    if kind == "large":
        return cell(14, b"\x06" + struct.pack(">Q", 1048577) + bytes.fromhex(value))
    if kind == "other":
        return cell(15, b"\x05point" + value.encode())
    raise ValueError(kind)


def set_root(header, secret, rows):
    """rows: of each its encoded cells."""
    leaves = [sha256(b"\x00\x01" + header)]
    count = 0
    for count, cells in enumerate(rows, 1):
        key = record_key(secret, count - 1)
        fields = [sha256(b"\x00" + salt(key, i) + struct.pack(">I", i) + c) for i, c in enumerate(cells)]
        leaves.append(sha256(b"\x00\x02" + b"".join(fields)))
    leaves.append(sha256(b"\x00\x03" + struct.pack(">Q", count)))
    return tree(leaves)


def main():
    folder = os.path.join(os.environ["AXEV_TEST_DATA"], "records")
    with open(os.path.join(folder, "r2.header.json"), "rb") as file:
        header = file.read()
    with open(os.path.join(folder, "r2.csv"), encoding="utf-8") as file:
        rows = [[encode(*c.split(":", 1)) for c in line.rstrip("\n").split(",")] for line in file]
    root = set_root(header, bytes([4, 5, 6]) + bytes(29), rows).hex()
    if root != VECTOR:
        sys.exit(f"expected {VECTOR}, found {root}")


if __name__ == "__main__":
    main()
