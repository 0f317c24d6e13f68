# SPDX-License-Identifier: Apache-2.0
"""The root of a record set, computed from doc/FORMAT.md section 3 alone: vector R2 from its CSV file."""
import hashlib
import os
import struct
import subprocess
import sys

VECTOR = "65e7695a1feeac3ebaab52eeb3b3a7b7422f8aa1e70bb4ceb0933e1c77991691"


def sha256(data):
    return hashlib.sha256(data).digest()


def tree(leaves):
    """RFC 6962 2.1, by levels: what has no neighbour goes up as it is."""
    while len(leaves) > 1:
        pairs = [sha256(b"\x01" + leaves[i] + leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2:]
    return leaves[0]


def group_key(secret, group):
    key = secret
    for depth in range(31, -1, -1):
        key = sha256(bytes([group >> depth & 1]) + key + b"ax-key/3")
    return key


def group_salts(secret, group, fields):
    """Those of 256 records of so many cells, by the command line of OpenSSL."""
    command = ["openssl", "enc", "-aes-256-ctr", "-K", group_key(secret, group).hex(), "-iv", "0" * 32]
    stream = subprocess.run(command, input=bytes(16 * 256 * fields), stdout=subprocess.PIPE, check=True).stdout
    return [stream[at:at + 16] for at in range(0, len(stream), 16)]


def salt(secret, record, field, fields):
    return group_salts(secret, record // 256, fields)[record % 256 * fields + field]


def cell(tag, content):
    length = bytes([len(content)]) if len(content) < 255 else b"\xff" + struct.pack(">I", len(content))
    return bytes([tag]) + length + content


def integer(number):
    return cell(1, number.to_bytes((number ^ number >> 63).bit_length() // 8 + 1, "big", signed=True))


def encode(kind, value):
    """A cell from a kind and its text."""
    if kind == "null":
        return b"\x00"
    if kind == "integer":
        return integer(int(value))
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
        if count % 256 == 1:
            salts = iter(group_salts(secret, count // 256, len(cells)))
        fields = [sha256(b"\x00" + next(salts) + struct.pack(">I", i) + c) for i, c in enumerate(cells)]
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
