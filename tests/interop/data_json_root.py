# SPDX-License-Identifier: Apache-2.0
"""Captures JSON that Python and SQLite wrote; values as Python's json reads them must give each root by doc/FORMAT.md section 3."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lib_data  # noqa: E402
from records_root import cell  # noqa: E402

DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class Number(str):
    """A number as it is written."""


def other(kind, text):
    return cell(15, bytes([len(kind)]) + kind.encode() + text.encode())


def encode(value):
    if value is None:
        return b"\x00"
    if isinstance(value, bool):
        return cell(2, bytes([value]))
    if isinstance(value, Number):
        is_decimal = DECIMAL.fullmatch(value) and not re.fullmatch(r"-0(\.0+)?", value)
        return cell(3, value.encode()) if is_decimal else other("number", value)
    if isinstance(value, str):
        return cell(5, value.encode())
    return other("json", json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def outer_numbers(row):
    """Numbers of the row itself as text; in nested values Python writes them as it read them."""
    return {k: Number(repr(v)) if isinstance(v, (int, float)) and not isinstance(v, bool) else v for k, v in row.items()}


def cells_of(rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return columns, [[encode(row[c]) if c in row else other("absent", "") for c in columns] for row in rows]


def check(name, kind, path, rows, *options):
    columns, cells = cells_of(rows)
    header = lib_data.expect(name, kind, path, cells, *options)
    assert [f["name"] for f in header["fields"]] == columns, header["fields"]


def random_rows(rnd, count):
    def text():
        return "".join(rnd.choices(["a", '"', "\\", "/", "\n", "王", "é", "\U0001f600", "\u2028", "\t", "}", "]"],
                                   k=rnd.randrange(20)))
    values = [text, lambda: rnd.randrange(-10**30, 10**30), lambda: rnd.random() * 1e-9, lambda: rnd.random(),
              lambda: None, lambda: True, lambda: False, lambda: [1, {"x": text(), "y": []}, None], lambda: {}]
    return [{name: rnd.choice(values)() for name in rnd.sample(["id", "名称", "c", "d", "e", "\t"], rnd.randrange(7))}
            for _ in range(count)]


def written_by_python(rnd):
    rows = random_rows(rnd, 1500)
    read = [outer_numbers(row) for row in rows]
    with open("indented.json", "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=3)
    check("an array, indented", "json", "indented.json", read)
    with open("dense.json", "w", encoding="gb18030") as file:
        json.dump(rows, file, ensure_ascii=False, separators=(",", ":"))
    check("an array in one line, GB18030", "json", "dense.json", read, "--encoding", "gb18030")
    with open("lines.jsonl", "w", encoding="utf-8-sig") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    check("lines", "jsonl", "lines.jsonl", read, "--key-column", "id")
    flat = [{k: v for k, v in row.items() if not isinstance(v, (dict, list))} for row in rows]
    with open("ascii.jsonl", "w", encoding="ascii") as file:
        file.write("\r\n".join(json.dumps(row, ensure_ascii=True) for row in flat))
    check("lines, characters escaped", "jsonl", "ascii.jsonl", [outer_numbers(row) for row in flat])


def written_by_sqlite():
    sql = "SELECT 1 AS id, '王小明 \"x\"' AS name, 9007199254740993 AS n, 0.1 AS r, NULL AS z UNION ALL SELECT 2,'','-0',1e300,'a'"
    text = subprocess.run(["sqlite3", "-json", ":memory:", sql], check=True, stdout=subprocess.PIPE).stdout
    with open("sqlite.json", "wb") as file:
        file.write(text)
    rows = json.loads(text, parse_int=Number, parse_float=Number)
    assert rows[0]["n"] == "9007199254740993", rows
    check("sqlite3 -json", "json", "sqlite.json", rows)


def numbers_as_written():
    texts = ["0", "-0", "0.0", "-0.0", "1.10", "1e5", "1E+05", "-1.5e-3", "123456789012345678901234567890.5", "1e999"]
    with open("numbers.jsonl", "w", encoding="ascii") as file:
        file.writelines('{"n":%s}\n' % text for text in texts)
    check("numbers as they are written", "jsonl", "numbers.jsonl", [{"n": Number(text)} for text in texts])


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        lib_data.axev("init", "L", "--origin", "test.example/log")
        written_by_python(random.Random(5))
        written_by_sqlite()
        numbers_as_written()


main()
