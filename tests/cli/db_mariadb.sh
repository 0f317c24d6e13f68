#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rows of a real MariaDB server: each type exact, one snapshot, what is refused, and what the verifier says.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_mariadb.sh"
start_mariadb || exit 1

sql <<'SQL'
CREATE DATABASE shop CHARACTER SET utf8mb4;
USE shop;
CREATE TABLE kinds(id INT PRIMARY KEY, t TINYINT, u BIGINT UNSIGNED, d DECIMAL(10,2), z DECIMAL(8,3) ZEROFILL, f FLOAT, r DOUBLE,
  s VARCHAR(40), c CHAR(6), g VARCHAR(20) CHARACTER SET gbk, b VARBINARY(20), bits BIT(10), e ENUM('甲','乙'), m SET('x','y'),
  day DATE, clock TIME(3), moment DATETIME(6), inst TIMESTAMP(6) NULL, y YEAR, j JSON, id6 INET6, n VARCHAR(3));
SET SESSION sql_mode='', time_zone='+08:00';
INSERT INTO kinds VALUES
 (2,-128,18446744073709551615,'-0.50',12.5,1234567.875,0.30000000000000004,'王小明 ','ab','汉字',x'00ff',b'1000000001','乙','x,y',
  '2026-11-29','-838:59:59.120','2026-11-29 08:00:00.500000','2026-11-29 08:00:00.000001',2026,'{"b":1,"a":2}','2001:db8::1',NULL),
 (1,127,0,0,0,0,-1e308,'','','',x'','',1,'','0000-00-00','00:00:00','0000-00-00 00:00:00','0000-00-00 00:00:00',0,'[]','::',''),
 (3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE words(w VARCHAR(10) PRIMARY KEY);
INSERT INTO words VALUES('z'),('B'),('a'),('é'),('Z2'),('丙'),('甲');
CREATE TABLE visits(page TEXT, n DOUBLE);
INSERT INTO visits VALUES('a',-0.5),('b',0.1),('a',-0.5),('b',NULL);
CREATE TABLE old(id INT PRIMARY KEY) ENGINE=MyISAM;
INSERT INTO old VALUES(1);
CREATE TABLE big(id INT PRIMARY KEY, x LONGBLOB, y LONGTEXT);
INSERT INTO big VALUES(1,REPEAT(x'01',3000000),REPEAT('汉',700000)),(2,'short',REPEAT('a',5000)),(3,REPEAT('b',1048576),'');
CREATE VIEW cheap AS SELECT id, d FROM kinds WHERE d < 1;
CREATE TABLE `we``ird "name` (`a,b` INT PRIMARY KEY, `c``d` TEXT);
INSERT INTO `we``ird "name` VALUES(1,'x');
CREATE USER reader@'%' IDENTIFIED BY 'sesame-42';
GRANT SELECT, SHOW VIEW ON shop.* TO reader@'%';
CREATE DATABASE bare;
GRANT SELECT ON bare.* TO reader@'%';
SQL
check "the database is made" test -z "$(sql -e 'SELECT 1 FROM shop.kinds LIMIT 0')"
"$axev" init L --origin test.example/log >/dev/null || exit 1
export SHOP_PASSWORD=sesame-42
capture_options=(--password-env SHOP_PASSWORD)
address="mariadb://reader@127.0.0.1:$mariadb_port/shop"

check "all tables are captured" capture all "$address"
check "the package is valid" "$verify" all.asice --policy L/policy.json
check "in the order of their names" manifest all "m['source']['tables'] == ['big','kinds','old','visits','we\`ird \"name','words']"
check "with what the server is" manifest all "m['source']['system'] == 'MariaDB' and m['source']['options']['time_zone'] == '+00:00' and m['source']['options']['account'] == 'reader@%'"
check "and what the account may do" manifest all "m['source']['options']['rights'] == 'SELECT, SHOW VIEW, USAGE' and m['source']['options']['account_can_write'] is False"
check "the password is nowhere" sh -c '! grep -rqa sesame all all.bundle L'

# What each cell holds, read by a program that knows the format from its description alone.
cells() { python3 "$AXEV_SOURCE_ROOT/tests/cli/lib_records_cells.py" "$1"; }
set_of() { python3 -c "import json,sys; m=json.load(open(sys.argv[1]+'/data/evidence.json')); print(sys.argv[1]+'/'+next(r['path'] for r in m['record_sets'] if r['name']==sys.argv[2]))" "$1" "$2"; }
cat >want <<'END'
integer:1 integer:127 integer:0 decimal:0.00 decimal:0.000 real32:00000000 real64:ffe1ccf385ebc8a0 text: text: text: bytes: bytes:0000 text:甲 text: calendar:0000-00-00 calendar:00:00:00 calendar:0000-00-00T00:00:00 calendar:0000-00-00T00:00:00 integer:0 text:[] text::: text:
integer:2 integer:-128 decimal:18446744073709551615 decimal:-0.50 decimal:12.500 real32:4996b43f real64:3fd3333333333334 text:王小明  text:ab text:汉字 bytes:00ff bytes:0201 text:乙 text:x,y calendar:2026-11-29 calendar:-838:59:59.12 calendar:2026-11-29T08:00:00.5 instant:1795910400000001 integer:2026 text:{"b":1,"a":2} text:2001:db8::1 null
integer:3 null null null null null null null null null null null null null null null null null null null null null
END
cells "$(set_of all kinds)" >got
check "each value is exact" diff want got
cells "$(set_of all words)" >got
printf 'text:%s\n' B Z2 a z é 丙 甲 >want
check "a key of text is in the order of its bytes, not of a collation" diff want got
cells "$(set_of all visits)" | sort >got
printf '%s\n' 'integer:1 text:b null' 'integer:1 text:b real64:3fb999999999999a' 'integer:2 text:a real64:bfe0000000000000' >want
check "rows without a key are counted" diff want got
check "a table outside of the snapshot is said to be" grep -q '"engine":"MyISAM","in_snapshot":false' "$(set_of all old | sed 's/bin$/header.json/')"
check "declared types and character sets are in the header" grep -q '"name":"g","type":"varchar(20) character set gbk"' "$(set_of all kinds | sed 's/bin$/header.json/')"
check "long cells are objects" sh -c "head -c 3000000 /dev/zero | tr '\0' '\001' | cmp - all/data/cells/000001.bin"
check "of text too" sh -c "[ \$(wc -c <all/data/cells/000002.bin) = 2100000 ]"
check "and no more than are longer than a MiB" test "$(ls all/data/cells | wc -l)" = 2
check "a strange name is a name" grep -q '"name":"c`d"' "$(set_of all 'we`ird "name' | sed 's/bin$/header.json/')"
python3 - all >told <<'PY'
import json, sys
for item in json.load(open(sys.argv[1] + '/data/mariadb/schema.json')):
    print(item['name'], item['type'], item['sql'][:12])
PY
check "the statements that make the tables are kept" grep -q '^kinds table CREATE TABLE' told

check "a view and a query" capture some "$address" --table cheap --query 'SELECT s, ? AS asked FROM kinds WHERE id = ?' --param 问 --param 2
check "are valid" "$verify" some.asice --policy L/policy.json
check "the view's definition is kept" grep -q 'CREATE ALGORITHM' some/data/mariadb/schema.json
cells "$(set_of some query)" >got
printf 'integer:1 text:王小明  text:问\n' >want
check "the row of the query" diff want got

# Another session writes while the rows are read: a snapshot does not see it.
sql -D shop -e 'CREATE TABLE many(id INT PRIMARY KEY, v CHAR(200)); INSERT INTO many SELECT seq, "x" FROM seq_1_to_60000'
(for i in $(seq 200); do sql -e "DELETE FROM shop.many WHERE id % 211 = $i; INSERT INTO shop.many VALUES(1000000+$i,'late')"; done) 2>/dev/null &
writer=$!
started_pids="$started_pids $writer"
for i in 1 2 3; do
  check "a table that is written to meanwhile, $i" capture "busy$i" "$address" --table many
done
kill $writer; wait $writer 2>/dev/null
check "is whole each time: as many rows as the same snapshot counts" "$verify" busy2.asice --policy L/policy.json

# TLS
check "the server of the test has TLS" capture tls "$address" --table words --ca ca.pem
check "which is told" manifest tls "m['source']['options']['tls'].startswith('TLS')"
check "without it too" manifest all "m['source']['options']['tls'] == 'none'"
refused "a certificate from elsewhere" "cannot connect" "$address" --password-env SHOP_PASSWORD --ca other.pem
refused "a name that is not the certificate's" "cannot connect" "mariadb://reader@127.0.0.2:$mariadb_port/shop" --password-env SHOP_PASSWORD --ca ca.pem

WRONG=wrong
export WRONG
refused "a wrong password" "Access denied for user 'reader'" "$address" --password-env WRONG
refused "no server" "cannot connect" "mariadb://reader@127.0.0.1:1/shop" --password-env SHOP_PASSWORD
refused "no such database" "cannot connect" "mariadb://reader@127.0.0.1:$mariadb_port/none" --password-env SHOP_PASSWORD
refused "no name of a database" "expected / and the name of a database" "mariadb://reader@127.0.0.1" --password-env SHOP_PASSWORD
refused "no such table" "no table or view 'nothing'" "$address" --password-env SHOP_PASSWORD --table nothing
refused "a database without tables" "the database has no tables" "mariadb://reader@127.0.0.1:$mariadb_port/bare" --password-env SHOP_PASSWORD
refused "DELETE" "only a SELECT is run" "$address" --password-env SHOP_PASSWORD --query 'DELETE FROM kinds'
refused "INTO OUTFILE" "only a SELECT is run" "mariadb://root@localhost/shop?socket=$PWD/mariadb.sock" --query "SELECT 1 INTO OUTFILE '$PWD/out'"
check "which wrote nothing" test ! -e out
refused "two statements" "the statement was refused" "$address" --password-env SHOP_PASSWORD --query 'SELECT 1; SELECT 2'
refused "a comment that is executed" "expected no comments that the server executes" "$address" --password-env SHOP_PASSWORD --query 'SELECT 1 /*! INTO @a */'
refused "too few parameters" "the statement has 1 parameters, 0 were given" "$address" --password-env SHOP_PASSWORD --query 'SELECT ?'
sql <<'SQL'
USE shop;
DELIMITER //
CREATE FUNCTION sneak() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO visits VALUES('sneak',1); RETURN 1; END//
SQL
refused "a function that writes" "READ ONLY transaction" "mariadb://root@localhost/shop?socket=$PWD/mariadb.sock" --query 'SELECT sneak()'
check "which wrote nothing either" test "$(sql -Ne "SELECT count(*) FROM shop.visits WHERE page='sneak'")" = 0
capture_options=()
check "an account that may write is said to" capture root "mariadb://root@localhost/shop?socket=$PWD/mariadb.sock" --table words
check "in the manifest" manifest root "m['source']['options']['account_can_write'] is True and any('better evidence' in s['result'] for s in m['capture']['steps'])"

# The connection is lost half-way, while its rows arrive: nothing is sealed, nothing is left.
before=$(ls L/drafts | wc -l)
(for _ in $(seq 100); do sql -Ne "SELECT concat('KILL ',id,';') FROM information_schema.processlist
  WHERE user='reader' AND info LIKE 'SELECT s.seq%' AND time_ms > 100" | sql; sleep 0.05; done) 2>/dev/null &
killer=$!
started_pids="$started_pids $killer"
refused "a connection that is killed" "MariaDB: reading failed" "$address" --password-env SHOP_PASSWORD --query 'SELECT s.seq, m.v FROM many AS m, seq_1_to_50 AS s'
kill $killer; wait $killer 2>/dev/null
check "leaves nothing" test "$(ls L/drafts | wc -l)" = "$before"
conclude
