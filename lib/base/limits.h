/* SPDX-License-Identifier: Apache-2.0 */
/* Every maximum of the library, in one table. Sizes in bytes unless the name says otherwise. */
#ifndef AXEV_BASE_LIMITS_H
#define AXEV_BASE_LIMITS_H

#define AXEV__KIB ((size_t)1024)
#define AXEV__MIB (1024 * AXEV__KIB)
#define AXEV__GIB (1024 * AXEV__MIB)

/* JSON */
#define AXEV__MAX_JSON_DEPTH 24
#define AXEV__MAX_SAFE_INTEGER INT64_C(9007199254740991) /* 2^53 - 1, RFC 8785 / RFC 7493 */
#define AXEV__MAX_POLICY_BYTES (4 * AXEV__MIB)
#define AXEV__MAX_CASE_FACTS_BYTES AXEV__MIB

/* container and manifest */
#define AXEV__MAX_MANIFEST_BYTES (4 * AXEV__MIB)
#define AXEV__MAX_ENTRY_NAME 200
#define AXEV__MAX_DATA_ENTRIES 900         /* data/ entries of one container; more go into parts */
#define AXEV__MAX_CONTAINER_ENTRIES 1000   /* all entries */
#define AXEV__MAX_CENTRAL_DIRECTORY (512 * AXEV__KIB)
#define AXEV__MAX_ASIC_MANIFEST_BYTES AXEV__MIB
#define AXEV__MAX_SHA256_LIST_BYTES AXEV__MIB
#define AXEV__MAX_CONTAINER_BYTES (UINT64_C(1) << 44)
#define AXEV__MAX_PARTS 9999
#define AXEV__MAX_OBJECTS_PER_PART 900
#define AXEV__MAX_PASS_RANGES 65536        /* hashed in one reading; more are hashed when they are met */
#define AXEV__MAX_PART_INDEX_BYTES (4 * AXEV__MIB)
#define AXEV__MAX_NESTING 3                /* bundle > part-bundle > package */
#define AXEV__MAX_PACKAGES_PER_BUNDLE 128
#define AXEV__MAX_SIGNATURES 8
#define AXEV__MAX_VERIFY_RECIPE_BYTES (8 * AXEV__MIB) /* 128 web captures with their handshakes make about 1 */

/* web captures */
#define AXEV__MAX_WARC_HEAD_BYTES AXEV__MIB         /* fields of one record: an address may fill a whole HTTP head */
#define AXEV__MAX_WARC_RECORDS 500000
#define AXEV__MAX_CDXJ_BYTES (128 * AXEV__MIB)
#define AXEV__MAX_WACZ_PAGES_BYTES (64 * AXEV__MIB)
#define AXEV__MAX_WACZ_PAGES 1000
#define AXEV__MAX_DATAPACKAGE_BYTES AXEV__MIB
#define AXEV__MAX_POST_QUERY_BYTES AXEV__MIB  /* body of a request that goes into the index */

/* cryptography */
#define AXEV__MAX_DER_BYTES (256 * AXEV__KIB)  /* one CMS or time-stamp token */
#define AXEV__MAX_DER_DEPTH 32
#define AXEV__MAX_SIGNED_ATTRIBUTES 32
#define AXEV__MAX_CMS_CERTS 64
#define AXEV__MAX_CERTS 8192                   /* in one list: what a bundle's signatures may all carry */
#define AXEV__MAX_KNOWN_CERTS 16               /* kept parsed, of at most so many bytes each */
#define AXEV__MAX_KNOWN_CERT_BYTES (16 * AXEV__KIB)
#define AXEV__MAX_CHAIN 8                      /* certificates from leaf to root */
#define AXEV__MAX_PEM_BYTES AXEV__MIB
#define AXEV__MAX_PUBLIC_KEY_BYTES (4 * AXEV__KIB)
#define AXEV__MAX_TRUST_BYTES (32 * AXEV__MIB) /* certificates that a bundle encloses for one purpose */
#define AXEV__MAX_TSA_ANSWER_BYTES (64 * AXEV__KIB)
#define AXEV__MAX_PASSPHRASE 1024

/* record sets */
#define AXEV__MAX_FACTS 4096
#define AXEV__MAX_FACT_BYTES (64 * AXEV__KIB)
#define AXEV__MAX_RECORDS ((UINT64_C(1) << 40) - 1) /* of one set: there are no more salts */
#define AXEV__MAX_RECORD_FIELDS 4096
#define AXEV__MAX_INLINE_CELL AXEV__MIB          /* longer content is an object of its own */
#define AXEV__MAX_RECORD_BYTES (64 * AXEV__MIB)
#define AXEV__MAX_RECORD_HEADER_BYTES (4 * AXEV__MIB)
#define AXEV__MAX_RECORD_INDEX_BYTES (64 * AXEV__MIB) /* 4 * 10^8 records */
#define AXEV__MAX_RECORD_SETS 1000               /* of one package */
#define AXEV__MAX_RECORD_PROOF_BYTES (64 * AXEV__MIB)
#define AXEV__MAX_PROVEN_RECORDS 10000           /* of one proof */
#define AXEV__MAX_DISCLOSED_PROOFS 800           /* of one disclosure: each is an object */
#define AXEV__MAX_DISCLOSED_SETS 100             /* of one disclosure */
#define AXEV__MAX_DERIVED 32                     /* disclosures, each made from the one before, down to one */
#define AXEV__MAX_DISCLOSE_TEXT 1000             /* who approved, the legal ground */
#define AXEV__MAX_SHOWN_CELLS 10000              /* listed in a report */

/* databases */
#define AXEV__MAX_DB_NAME (8 * AXEV__KIB)        /* of a table or a column */
#define AXEV__MAX_DB_STATEMENT (64 * AXEV__KIB)
#define AXEV__MAX_DB_LARGE_CELLS 100000          /* of one capture: each is an object */
#define AXEV__MAX_SQLITE_VALUE 1000000000        /* bytes of a value or a sorted row that come whole: what SQLite is built with */
#define AXEV__MAX_DB_CATALOG_BYTES (64 * AXEV__MIB) /* what a server says of itself and its tables */
#define AXEV__MAX_DB_COLUMNS 1664                /* of one statement: PostgreSQL's own maximum */
#define AXEV__MAX_HANDED_JSON_DEPTH 64           /* of a value in a file of JSON */
#define AXEV__MAX_SORT_MEMORY (16 * AXEV__MIB)   /* of rows without a key, before they go to disk */
#define AXEV__MAX_SORT_RUNS 1024

/* ZIP and XML of others */
#define AXEV__MAX_FOREIGN_NAME 512
#define AXEV__MAX_FOREIGN_ENTRIES 10000
#define AXEV__MAX_FOREIGN_DIRECTORY (8 * AXEV__MIB)
#define AXEV__MAX_FOREIGN_ENTRY_BYTES AXEV__GIB  /* unpacked */
#define AXEV__MAX_FOREIGN_READ_BYTES (8 * AXEV__GIB) /* unpacked out of one file, all readings together */
#define AXEV__FOREIGN_CHUNK (64 * AXEV__KIB)
#define AXEV__MAX_FOREIGN_XML_DEPTH 64
#define AXEV__MAX_FOREIGN_XML_TOKEN AXEV__MIB    /* a tag, a comment: a parser holds it whole, and begins anew with each piece */
#define AXEV__MAX_FOREIGN_XML_NAMES 4096         /* different ones of elements and attributes in one document: a parser keeps them */
#define AXEV__MAX_FOREIGN_XML_NAME_BYTES (256 * AXEV__KIB) /* of them together */
#define AXEV__MAX_XLSX_SHEETS 200
#define AXEV__MAX_XLSX_STRINGS 4000000           /* shared ones */
#define AXEV__MAX_XLSX_STRINGS_BYTES (256 * AXEV__MIB)
#define AXEV__MAX_XLSX_STYLES 65536
#define AXEV__MAX_XLSX_FORMATS 4096              /* that are written out: programs write at most some hundreds */
#define AXEV__MAX_XLSX_FORMAT_BYTES (32 * AXEV__KIB) /* of one; programs write at most 255 characters */
#define AXEV__MAX_XLSX_TEXT (16 * AXEV__MIB)     /* of one cell or formula */

/* ledger */
#define AXEV__MAX_LEDGER_ENTRY_BYTES (4 * AXEV__KIB)
#define AXEV__MAX_NOTE_BYTES (64 * AXEV__KIB)
#define AXEV__MAX_NOTE_SIGNATURES 32
#define AXEV__MAX_PROOF_HASHES 64
#define AXEV__TILE_WIDTH 256
#define AXEV__MAX_LEDGER_ATTACHMENT (256 * AXEV__KIB) /* token, cosignature, key in the tree */
#define AXEV__MAX_BATCH_ENTRIES 1000000
#define AXEV__MAX_INDEX_BYTES AXEV__GIB
#define AXEV__MAX_CASE_NUMBER 200
#define AXEV__MAX_ERASE_DISCLOSURES 24 /* that one `erased` entry names */
#define AXEV__MAX_ERASE_RANGES 64      /* of record sets that go wholly */
#define AXEV__MAX_CASE_PACKAGES 40  /* of one assignment: an entry has at most 4 KiB */

/* the browser's network log */
#define AXEV__MAX_NETLOG_LINE (16 * AXEV__MIB)
#define AXEV__MAX_NETLOG_NUMBER 4095            /* of an event type or a source type */
#define AXEV__MAX_WIRE_URL AXEV__MIB
#define AXEV__MAX_WIRE_H2_HEAD AXEV__MIB       /* of one message in the shape of HTTP/1.1 */
#define AXEV__MAX_WIRE_KEPT (256 * AXEV__MIB)   /* texts, handshakes and bookkeeping in memory */

/* WebSocket: one direction of a connection, and what the index of its messages holds */
#define AXEV__MAX_WEBSOCKETS 100                   /* of one capture; of more only the bytes are counted */
#define AXEV__MAX_WEBSOCKET_BYTES (32 * AXEV__MIB) /* kept of one direction */
#define AXEV__MAX_WEBSOCKET_MESSAGES 20000
#define AXEV__MAX_WEBSOCKET_INFLATED (64 * AXEV__MIB) /* one message */
#define AXEV__MAX_WEBSOCKET_SHOWN (64 * AXEV__KIB)    /* content of one message in the index */
#define AXEV__MAX_WEBSOCKET_ALL_SHOWN (8 * AXEV__MIB) /* of all */
#define AXEV__MAX_WEBSOCKET_INDEX_BYTES (64 * AXEV__MIB)
#define AXEV__MAX_WEBSOCKET_EXTENSIONS AXEV__KIB

/* TLS handshakes of a capture */
#define AXEV__MAX_TLS_COVERED 8               /* messages that a server's signature covers: at most 7 there are */
#define AXEV__MAX_TLS_MESSAGES 64              /* of one handshake that are read: tickets without end may follow */
#define AXEV__MAX_TLS_MESSAGE_BYTES (256 * AXEV__KIB)
#define AXEV__MAX_TLS_HANDSHAKE_BYTES AXEV__MIB /* up to the server's signature */
#define AXEV__MAX_CONNECTIONS_BYTES AXEV__MAX_PAGE_SHOT_BYTES /* wire/connections.json */

/* files */
#define AXEV__MAX_PATH 4096
#define AXEV__MAX_SOURCE_NAME (16 * AXEV__KIB)  /* original name of an object, before escaping */
#define AXEV__MAX_TREE_DEPTH 64
#define AXEV__COPY_CHUNK (512 * AXEV__KIB)

/* HTTP/2, one connection (a frame is bounded by what its receiver announced, at most 2^24 - 1) */
#define AXEV__MAX_H2_STREAMS 32768
#define AXEV__MAX_H2_SECTION_BYTES (256 * AXEV__KIB)    /* one field list, RFC 9113 6.5.2: names, values, 32 each */
#define AXEV__MAX_H2_CONNECTION_FIELDS (64 * AXEV__MIB)  /* memory for all field lists */
#define AXEV__MAX_H2_INTERIM 16                         /* 1xx heads of one stream */
#define AXEV__MAX_H2_PIECES (4 * AXEV__MIB)             /* DATA frames, 16 bytes of memory each */
#define AXEV__MAX_H2_SETTINGS 256                       /* SETTINGS whose acknowledgement is timed */
#define AXEV__MAX_H2_TABLE_BYTES AXEV__MIB              /* HPACK dynamic table */
/* web capture */
#define AXEV__MAX_FOREIGN_JSON_DEPTH 512          /* messages of the browser */
#define AXEV__MAX_CDP_MESSAGE_BYTES (384 * AXEV__MIB) /* in a file, from AXEV__MAX_CDP_HELD_BYTES on */
#define AXEV__MAX_CDP_HELD_BYTES (4 * AXEV__MIB)
#define AXEV__MAX_CDP_STRING_BYTES (64 * AXEV__KIB) /* of a message that is not held: longer ones are cut */
#define AXEV__MAX_URL_BYTES (8 * AXEV__KIB)
#define AXEV__MAX_WEB_FACT_BYTES (8 * AXEV__KIB)  /* one text in the manifest that the page chooses */
#define AXEV__MAX_WEB_MISSING 400                 /* things missing that the manifest names one by one */
#define AXEV__MAX_PAGE_TARGETS 512                /* frames and workers of one page */
#define AXEV__MAX_PAGE_REQUESTS 20000
#define AXEV__MAX_PAGE_SENT_BYTES (16 * AXEV__MIB) /* addresses of what a page says it asked for */
#define AXEV__MAX_PAGE_DOWNLOADS 100
#define AXEV__MAX_PAGE_HOPS 64                    /* redirects on the way to the document */
#define AXEV__MAX_PAGE_TEXT_BYTES (8 * AXEV__MIB)
#define AXEV__MAX_SCREENSHOT_ROWS 60000
#define AXEV__MAX_SCREENSHOT_COLUMNS 8192
#define AXEV__MAX_PAGE_SHOT_BYTES (256 * AXEV__MIB) /* picture, MHTML, DOM or PDF of one page */
#define AXEV__MAX_REQUESTS_BYTES AXEV__MAX_PAGE_SHOT_BYTES /* wire/requests.json */
#define AXEV__MAX_WEB_SPOOL_BYTES (4 * (uint64_t)AXEV__GIB) /* received and sent, whatever is asked for */

/* an operator's session in a web capture */
#define AXEV__MAX_STEPS_BYTES AXEV__MIB
#define AXEV__MAX_STEPS 500
#define AXEV__MAX_STEP_NAME 1024              /* selector, key, name of a secret, note */
#define AXEV__MAX_STEP_FRAMES 8                /* one inside of the other */
#define AXEV__MAX_STEP_TEXT (16 * AXEV__KIB)
#define AXEV__MAX_STEP_SHOTS 200
#define AXEV__MAX_STEP_MS 600000              /* of one step */
#define AXEV__MAX_STEP_FILE_BYTES (256 * AXEV__MIB) /* handed to a page */
#define AXEV__MAX_SECRET_BYTES 1024
#define AXEV__MAX_SECRETS 4096
#define AXEV__MAX_COOKIES_BYTES (4 * AXEV__MIB) /* file of a login state */
#define AXEV__MAX_COOKIES 1000
#define AXEV__MAX_COOKIE_BYTES (4 * AXEV__KIB) /* name and value of one, as RFC 6265 6.1 asks of browsers at least */
#define AXEV__MAX_COOKIE_PATH AXEV__KIB
#define AXEV__MAX_PKCS12_BYTES (256 * AXEV__KIB)
#define AXEV__MIN_SOUGHT_BYTES 8              /* a shorter value is looked for in Cookie fields only */
#define AXEV__MAX_SESSION_ROWS 4000           /* of a person's acts and pages in the manifest */
#define AXEV__MAX_VIDEO_BYTES (2 * AXEV__GIB)
#define AXEV__MAX_VIDEO_FRAMES 250000         /* seven hours at ten a second */
#define AXEV__MAX_VIDEO_PICTURE_BYTES (8 * AXEV__MIB) /* one JPEG of the browser */
#define AXEV__MAX_VIDEO_ADDRESSES 5000
#define AXEV__MAX_PAGE_VISITS 1000            /* documents of one capture */

/* cleanliness checks */
#define AXEV__MAX_CLEAN_ITEMS 24
#define AXEV__MAX_CLEAN_RESULT 512
#define AXEV__MAX_CLEAN_RAW_BYTES (4 * AXEV__MIB) /* what one check read */
#define AXEV__MAX_CLEAN_PROBLEMS (4 * AXEV__KIB)
#define AXEV__MAX_KNOWN_VISITS 32              /* connections to the server of the self-test */
#define AXEV__MAX_KNOWN_VISIT_BYTES AXEV__MIB  /* of one, each way */
#define AXEV__MAX_SELF_TEST_SPOOL_BYTES (16 * AXEV__MIB)
#define AXEV__MAX_CLEAN_SERVERS 16              /* resolvers, or time servers, that are asked */
#define AXEV__MAX_SYSTEM_RESOLVERS 3            /* resolv.conf(5): MAXNS */
#define AXEV__MAX_RESOLVERS (AXEV__MAX_CLEAN_SERVERS + AXEV__MAX_SYSTEM_RESOLVERS)

/* what of a host can be reached (FORMAT.md 10) */
#define AXEV__MAX_REACH_DNS_MS 5000             /* all questions to one resolver */
#define AXEV__MAX_REACH_CONNECT_MS 5000         /* of one address: three SYN */
#define AXEV__MAX_REACH_TLS_MS 5000
#define AXEV__MAX_REACH_HTTP_MS 10000
#define AXEV__MAX_REACH_ADDRESSES 32            /* that are tried; more are counted */
#define AXEV__MAX_REACH_RECEIVED (16 * AXEV__KIB) /* of an answer, up to the end of its head */
#define AXEV__MAX_REACH_BYTES (8 * AXEV__MIB)   /* data/reach.json */
#define AXEV__MAX_REACH_HOST 253                /* RFC 1035 2.3.4, without lengths and root */

/* what a page shows about who runs it (Article 11) */
#define AXEV__MAX_SITE_DOM_BYTES (16 * AXEV__MIB) /* of a document tree that is looked through */
#define AXEV__MAX_SITE_NODES 1000000
#define AXEV__MAX_SITE_ELEMENTS 20000           /* links and pictures of one document */
#define AXEV__MAX_SITE_FOUND_BYTES (8 * AXEV__MIB) /* data/subject.json */
#define AXEV__MAX_SITE_MARKS 32                 /* of a kind that are listed */
#define AXEV__MAX_SITE_TARGETS 3                /* pages of licences that are opened */
#define AXEV__MAX_SITE_TARGET_MS 15000          /* each */
#define AXEV__MAX_FILING_BYTES (64 * AXEV__KIB)
#define AXEV__MAX_FILING_TEXT 1024              /* one of its members */

/* text shown */
#define AXEV__MAX_SHOWN 200                     /* untrusted text in one message, escaped */

/* comparison */
#define AXEV__MAX_COMPARISON_BYTES (256 * AXEV__MIB)
#define AXEV__MAX_COMPARED_LINES 2000     /* of text that are shown of each side; more are counted */
#define AXEV__MAX_COMPARED_EDITS 1000     /* beyond which lines are compared without their order */
#define AXEV__MAX_COMPARED_ROWS 1000      /* of a record set that are listed; more are counted */
#define AXEV__MAX_COMPARED_ROWS_BYTES (8 * AXEV__MIB) /* of their values; then no more are listed */
#define AXEV__MAX_COMPARED_CELL 1000      /* of a value that is shown; the rest is cut, which is said */
#define AXEV__MAX_COMPARED_BANDS 200      /* of rows of a picture */

/* print */
#define AXEV__MAX_PRINT_TEXT_BYTES (64 * AXEV__MIB) /* all texts of one print */
#define AXEV__MAX_PRINT_ROWS 200000             /* of one table */
#define AXEV__MAX_PRINT_COLUMNS 12
#define AXEV__MAX_PRINT_CELL_BYTES (32 * AXEV__KIB) /* longer texts are cut, and say so */
#define AXEV__MAX_PRINT_CELL_LINES 1000
#define AXEV__MAX_PRINT_OBJECTS 20000           /* listed one by one; of more, only the parts are */
#define AXEV__MAX_PRINT_PAGES 10000
#define AXEV__MAX_PRINT_PAGE_TEXT (6 * AXEV__KIB) /* of what a web page shows */
#define AXEV__MAX_PNG_BYTES AXEV__GIB
#define AXEV__MAX_PNG_CHUNKS (1 << 20)
#define AXEV__MAX_PNG_WIDTH 8192
#define AXEV__MAX_PNG_HEIGHT 262144
#define AXEV__MAX_PNG_PIXELS (1 << 28)
#define AXEV__MAX_SLICE_PIXELS (1 << 24)        /* decoded at a time, 4 bytes each */

#endif
