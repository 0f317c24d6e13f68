# SPDX-License-Identifier: Apache-2.0
"""Captures workbooks that openpyxl and this script wrote; their cells must give each root by doc/FORMAT.md section 3."""
import datetime
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
try:
    import openpyxl
except ImportError:
    if sys.executable == "/usr/bin/python3":
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv)
import lib_data  # noqa: E402
import lib_xlsx  # noqa: E402
from records_root import cell, integer, set_root  # noqa: E402

NULL = b"\x00"


def number(text):
    return cell(3, text.encode())


def text_of(value):
    return cell(5, value.encode())


def other(kind, text):
    return cell(15, bytes([len(kind.encode())]) + kind.encode() + text.encode())


def row(index):
    return integer(index)


def check(name, path, sheets, *options):
    """sheets: of each name the names of its columns and the cells of its rows."""
    objects = lib_data.objects_of(name, "xlsx:" + path, *options)
    with open(path, "rb") as file:
        assert objects["data/handover/file.xlsx"] == file.read(), name
    found = {one["name"]: one for one in json.loads(objects["data/evidence.json"])["record_sets"]}
    assert set(found) == set(sheets), (name, set(found))
    for sheet, (columns, rows) in sheets.items():
        header = objects[found[sheet]["header"]]
        assert [f["name"] for f in json.loads(header)["fields"]] == columns, header
        root = set_root(header, objects[found[sheet]["index"]][8:40], rows).hex()
        if root != found[sheet]["root"]:
            sys.exit(f"{name}, {sheet}: expected {root}, the package has {found[sheet]['root']}")
        print("ok", name, sheet, len(rows))


def written_by_openpyxl():
    book = openpyxl.Workbook()
    orders = book.active
    orders.title = "订单"
    orders.append(["id", "名称", "金额", "日期", "ok"])
    orders.append([1, "王小明 \U0001f600", 12.5, datetime.date(2026, 11, 29), True])
    orders.append([2, "=A2+1", None, datetime.datetime(2026, 11, 29, 12, 0), False])
    orders.append([])
    orders.append([12345678901234567890, " a\nb ", "1e3", 1e300, "#N/A"])
    orders["C5"].number_format = '0.00"d"'
    orders.merge_cells("A7:B7")
    orders.row_dimensions[3].hidden = True
    orders.column_dimensions["C"].hidden = True
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden.append(["x"])
    hidden.append(["y"])
    book.create_sheet("empty")
    book.save("made.xlsx")
    told = [("订单", "hidden columns", "C:C", None), ("订单", "hidden row", "3", None), ("订单", "formula", "B3", "A2+1"),
            ("订单", "merged cells", "A7:B7", None), ("hidden", "hidden sheet", None, None),
            ("empty", "an empty sheet", None, None)]
    rows = [[row(2), number("1"), text_of("王小明 \U0001f600"), number("12.5"), other("date yyyy-mm-dd", "46355"), cell(2, b"\1")],
            [row(3), number("2"), NULL, NULL, other("date yyyy-mm-dd h:mm:ss", "46355.5"), cell(2, b"\0")],  # openpyxl stores no value
            [row(5), other("number", "1.234567890123457e+19"), text_of(" a\nb "), text_of("1e3"), other("number", "1e+300"),
             other("error", "#N/A")]]
    check("openpyxl", "made.xlsx", {
        "订单": (["(row)", "id", "名称", "金额", "日期", "ok"], rows),
        "hidden": (["(row)", "x"], [[row(2), text_of("y")]]),
        "workbook": (["sheet", "what", "where", "text"], [[NULL if v is None else text_of(v) for v in one] for one in told])})


def written_by_hand():
    """What openpyxl does not write: rich and inline strings, cached values, places left out."""
    strings = ("<si><r><t>rich </t></r><r><t xml:space=\"preserve\">text&amp;</t></r><rPh sb=\"0\" eb=\"1\"><t>not this</t></rPh></si>"
               "<si><t/></si>")
    data = ('<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>in</t><rPh><t>no</t></rPh></is></c><c t="s"><v>1</v></c></row>'
            '<row r="9"><c r="B9"><f>SUM(A1:A2)</f><v>1.50</v></c><c t="str"><f t="shared" si="0"/><v>x</v></c>'
            '<c r="AA9" t="d"><v>2026-11-29</v></c></row><row r="10"><c r="A10"/></row><row r="1048576"><c r="A1048576"><v>-0</v></c></row>')
    lib_xlsx.write("hand.xlsx", lib_xlsx.parts(data, strings=strings))
    letters = [chr(ord("A") + i) for i in range(26)] + ["AA"]
    wide = [NULL] * 27
    first, ninth, last = list(wide), list(wide), list(wide)
    first[:3] = [text_of("rich text&"), text_of("in"), text_of("")]
    ninth[1], ninth[2], ninth[26] = number("1.50"), text_of("x"), other("date", "2026-11-29")
    last[0] = other("number", "-0")
    told = [[text_of("S"), text_of("formula"), text_of("B9"), text_of("SUM(A1:A2)")],
            [text_of("S"), text_of("formula"), text_of("C9"), NULL]]
    check("by hand", "hand.xlsx", {
        "S": (["(row)", *letters], [[row(1), *first], [row(9), *ninth], [row(1048576), *last]]),
        "workbook": (["sheet", "what", "where", "text"], told)}, "--no-names")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        lib_data.axev("init", "L", "--origin", "test.example/log")
        written_by_openpyxl()
        written_by_hand()


main()
