# SPDX-License-Identifier: Apache-2.0
"""The cells of a records file, a record a line, read by doc/FORMAT.md 3.2 alone."""
import struct
import sys

KINDS = {2: "boolean", 3: "decimal", 4: "real", 5: "text", 6: "bytes", 7: "raw-text", 9: "calendar", 14: "large", 15: "other"}


def show(tag, content):
    if tag in (1, 8):
        return f"{'integer' if tag == 1 else 'instant'}:{int.from_bytes(content, 'big', signed=True)}"
    if tag == 4:
        return f"real{len(content) * 8}:{content.hex()}"
    if tag == 15:
        size = content[0]
        return f"other:{content[1:1 + size].decode()}:{content[1 + size:].decode()}"
    if tag == 14:
        return f"large:{KINDS[content[0]]}:{struct.unpack('>Q', content[1:9])[0]}"
    if tag in (3, 5, 9):
        return f"{KINDS[tag]}:{content.decode()}"
    return f"{KINDS[tag]}:{content.hex()}"


def cells(record):
    at = 0
    while at < len(record):
        tag = record[at]
        if tag == 0:
            yield "null"
            at += 1
            continue
        begin, size = at + 2, record[at + 1]
        if size == 255:
            begin, size = at + 6, struct.unpack(">I", record[at + 2:at + 6])[0]
        yield show(tag, record[begin:begin + size])
        at = begin + size


def main():
    with open(sys.argv[1], "rb") as file:
        while head := file.read(4):
            print(*cells(file.read(struct.unpack(">I", head)[0])))


if __name__ == "__main__":
    main()
