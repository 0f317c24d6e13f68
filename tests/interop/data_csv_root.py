# SPDX-License-Identifier: Apache-2.0
"""Captures CSV files that Python, SQLite and iconv wrote; rows as Python's csv reads them must give each root by doc/FORMAT.md section 3."""
import csv
import io
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lib_data  # noqa: E402
from records_root import cell  # noqa: E402

ALPHABET = ["a", "B", "0", " ", ",", '"', "\r\n", "\n", "王", "é", "\U0001f600", "\t", "'", ";", "\u3000", ""]


def encode(value, is_quoted):
    return b"\x00" if value == "" and not is_quoted else cell(5, value.encode())


def expect(name, path, rows, *options, quoted=False):
    """rows: lists of texts. quoted: whether empty ones stand in quotes."""
    lib_data.expect(name, "csv", path, [[encode(v, quoted) for v in row] for row in rows], *options)


def random_rows(rnd, count):
    rows = [[f"column {i}" for i in range(5)]]
    for _ in range(count):
        rows.append(["".join(rnd.choices(ALPHABET, k=rnd.randrange(60))) for _ in range(5)])
    return rows


def written_by_python(rnd):
    rows = random_rows(rnd, 1500)
    with open("all.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    expect("every field in quotes", "all.csv", rows[1:], quoted=True)
    with open("few.csv", "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    expect("few quotes, with BOM", "few.csv", rows[1:])
    with open("tab.csv", "w", newline="", encoding="gb18030") as file:
        csv.writer(file, delimiter="\t", quotechar="'").writerows(rows[1:])
    expect("tabs, single quotes, GB18030, no names", "tab.csv", rows[1:], "--delimiter", "tab", "--quote", "'",
           "--encoding", "gb18030", "--no-names")


def written_by_sqlite():
    sql = ("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, note TEXT);"
           "INSERT INTO t VALUES(1,'王小明','a,b'),(2,'say \"hi\"',NULL),(3,'two\nlines','x');"
           "SELECT * FROM t;")
    text = subprocess.run(["sqlite3", "-csv", "-header", ":memory:", sql], check=True, stdout=subprocess.PIPE).stdout
    with open("sqlite.csv", "wb") as file:
        file.write(text)
    rows = list(csv.reader(io.StringIO(text.decode(), newline="")))
    assert len(rows) == 4, rows
    expect("sqlite3 -csv", "sqlite.csv", rows[1:])


# Characters of GB 18030-2005 that the codecs read otherwise: Python as the edition of 2000 has them, the C library by the later ones.
EDITION_2000 = {b"\xa8\xbc": "\u1e3f", b"\x81\x35\xf4\x37": "\ue7c7"}


def every_code():
    """Each code of two bytes and each of four up to U+FFFF, and some beyond."""
    trails = [b for b in range(0x40, 0xff) if b != 0x7f]
    yield from (bytes([a, b]) for a in range(0x81, 0xff) for b in trails)
    for number in [*range(39420), *range(189000, 189000 + 0x100000, 997), 189000 + 0xfffff]:
        number, d = divmod(number, 10)
        number, c = divmod(number, 126)
        a, b = divmod(number, 10)
        yield bytes([0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d])


def all_of_gb18030():
    codes = list(every_code())
    rows = [codes[i:i + 100] for i in range(0, len(codes), 100)]
    with open("codes.csv", "wb") as file:
        file.write(b"".join(b"".join(row) + b"\n" for row in rows))
    texts = [EDITION_2000.get(code) or code.decode("gb18030") for code in codes]
    expect("every code of GB18030", "codes.csv", [["".join(texts[i:i + 100])] for i in range(0, len(texts), 100)],
           "--encoding", "gb18030", "--no-names")
    known = iconv_differs(codes, texts)
    print("ok iconv reads all but", known, "codes the same way")


def iconv_differs(codes, texts):
    """The C library follows later editions, which moved 24 characters out of the private use area."""
    lines = b"".join(code + b"\n" for code in codes)
    told = subprocess.run(["iconv", "-c", "-f", "GB18030", "-t", "UTF-8"], input=lines, stdout=subprocess.PIPE).stdout
    other = [text for text, found in zip(texts, told.decode().split("\n")) if found != text]
    moved = [("\ue78d", "\ue864"), ("\u9fb4", "\u9fbb"), ("\ufe10", "\ufe19")]
    strange = [text for text in other if not any(low <= text <= high for low, high in moved)]
    assert len(other) == 42 and not strange, (len(other), strange[:10])
    return len(other)


def written_by_iconv():
    rows = [["编号", "姓名", "金额"], ["1", "王小明", "12.50"], ["2", "㐀龦", "€"]]
    text = "".join(",".join(row) + "\r\n" for row in rows)
    with open("iconv.csv", "wb") as file:
        file.write(subprocess.run(["iconv", "-f", "UTF-8", "-t", "GB18030"], input=text.encode(), check=True,
                                  stdout=subprocess.PIPE).stdout)
    expect("iconv to GB18030", "iconv.csv", rows[1:], "--encoding", "gb18030", "--key-column", "编号")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        lib_data.axev("init", "L", "--origin", "test.example/log")
        written_by_python(random.Random(11))
        written_by_sqlite()
        written_by_iconv()
        all_of_gb18030()


main()
