#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flip_warc.py WARC PATH STATUS OUT: a copy in which the last byte of the response to PATH is another."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from warc_read import read_warc  # noqa: E402

data = bytearray(open(sys.argv[1], "rb").read())
records = [one for one in read_warc(bytes(data)) if one.need("WARC-Type") == "response"
           and one.need("WARC-Target-URI").split("/", 3)[3] == sys.argv[2] and one.block.split(b" ")[1].decode() == sys.argv[3]]
if not records:
    sys.exit(f"no response of status {sys.argv[3]} to {sys.argv[2]}")
at = data.index(b"\r\n\r\n", records[0].offset) + 4 + len(records[0].block) - 1
data[at] ^= 1
open(sys.argv[4], "wb").write(data)
