# SPDX-License-Identifier: Apache-2.0
"""WARC/1.1 records out of an uncompressed file. Strict, and independent of the library that wrote them."""
import dataclasses
import hashlib
import re


class WarcError(Exception):
    pass


@dataclasses.dataclass
class Record:
    offset: int
    fields: list  # of (name, value), as written
    block: bytes

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        if len(values) > 1:
            raise WarcError(f"offset {self.offset}: expected {name} once, found {len(values)}")
        return values[0] if values else None

    def need(self, name):
        value = self.get(name)
        if value is None:
            raise WarcError(f"offset {self.offset}: expected {name}, found none")
        return value


ID = re.compile(r"<urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def parse_head(head, offset):
    lines = head.split(b"\r\n")
    if lines[0] != b"WARC/1.1":
        raise WarcError(f"offset {offset}: expected WARC/1.1, found {lines[0][:40]!r}")
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(b": ")
        if not colon or not re.fullmatch(rb"[A-Za-z0-9-]+", name):
            raise WarcError(f"offset {offset}: expected a field, found {line[:60]!r}")
        fields.append((name.decode("ascii"), value.decode("utf-8")))
    return fields


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def check_record(record):
    for name, pattern in (("WARC-Record-ID", ID), ("WARC-Date", DATE)):
        if not pattern.fullmatch(record.need(name)):
            raise WarcError(f"offset {record.offset}: {name} is malformed")
    record.need("WARC-Type")
    for name in ("WARC-Block-Digest", "WARC-Payload-Digest"):
        if record.get(name) is not None and not DIGEST.fullmatch(record.get(name)):
            raise WarcError(f"offset {record.offset}: {name} is malformed")
    if record.get("WARC-Block-Digest") not in (None, sha256(record.block)):
        raise WarcError(f"offset {record.offset}: the block does not have its digest")


def read_warc(data):
    """All records; the file holds nothing else."""
    records, offset = [], 0
    while offset < len(data):
        end = data.find(b"\r\n\r\n", offset)
        if end < 0:
            raise WarcError(f"offset {offset}: expected a record's head, found its end nowhere")
        record = Record(offset, parse_head(data[offset:end], offset), b"")
        length = record.need("Content-Length")
        if not re.fullmatch(r"0|[1-9][0-9]*", length):
            raise WarcError(f"offset {offset}: expected a length, found {length!r}")
        begin, behind = end + 4, end + 4 + int(length)
        if data[behind:behind + 4] != b"\r\n\r\n":
            raise WarcError(f"offset {offset}: expected two line ends behind the block")
        record.block = data[begin:behind]
        check_record(record)
        records.append(record)
        offset = behind + 4
    ids = [record.need("WARC-Record-ID") for record in records]
    if len(set(ids)) != len(ids):
        raise WarcError("expected each WARC-Record-ID once, found one twice")
    return records
