/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capture and seal. A capture streams what it takes in into a draft and logs "started" and "captured";
 * the id is fixed from then on. Sealing signs, time-stamps and logs "sealed"; it is durable when it returns.
 */
#ifndef AX_EVIDENCE_CAPTURE_H
#define AX_EVIDENCE_CAPTURE_H

#include <ax_evidence/key.h>
#include <ax_evidence/ledger.h>
#include <ax_evidence/tsa.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_draft axev_draft;

/** What all kinds of capture share. */
typedef struct axev_capture_common {
	size_t size;
	const char *case_file;  /**< case facts (doc/schema/case-facts.schema.json); NULL = none yet */
	/** Who will sign: certificates are fixed in the manifest. NULL = the ledger's operator. */
	axev_signer *const *signers;
	size_t signer_count;
	const char *operator_note; /**< free text kept in the facts; NULL = none */
	/**
	 * Asked, before anything is captured, for a time-stamp over the ledger's newest checkpoint: the manifest
	 * names it, so the package is not older. NULL = the ledger's embedded one. When none answers, there is no such bound.
	 */
	const axev_tsa *authorities;
	size_t authority_count;
} axev_capture_common;

#define AXEV_CAPTURE_COMMON_INIT { sizeof(axev_capture_common), NULL, NULL, 0, NULL, NULL, 0 }

typedef struct axev_file_opts {
	size_t size;
	axev_capture_common common;
	const char *const *paths; /**< files and folders */
	size_t path_count;
} axev_file_opts;

#define AXEV_FILE_OPTS_INIT { sizeof(axev_file_opts), AXEV_CAPTURE_COMMON_INIT, NULL, 0 }

/**
 * Capture files and folders. Links that lead out of a given root are not followed; they, sockets and devices are
 * listed as not captured. A file that changes while it is read is listed as such and the capture is incomplete.
 *
 * @param[out] ret_draft  Given: free with axev_draft_free(). The draft itself stays in the ledger until it is
 *                        sealed or abandoned.
 */
AXEV_API AXEV_MUST_USE int axev_capture_file(axev_ledger *ledger, const axev_file_opts *opts,
					     axev_draft **ret_draft, axev_error *err);

/**
 * A file of data that was handed over, and how it is to be read: nothing is guessed. Who gave it, when and on what is what the operator
 * says; it goes into a record set of its own, whose fields can be withheld one by one.
 */
typedef struct axev_handover {
	size_t size;
	const char *giver;     /**< name of the person or unit; NULL = not recorded, as of all four */
	const char *giver_id;  /**< number of an identity paper or a business licence */
	const char *received;  /**< "2026-11-29" or "2026-11-29T09:30", by the receiver's clock and zone */
	const char *medium;    /**< what it came on: "USB stick no. 7", "e-mail" */
	const char *encoding;  /**< "utf-8" or "gb18030"; NULL = utf-8 */
	const char *delimiter; /**< of CSV: one ASCII character; NULL = "," */
	const char *quote;     /**< of CSV: one ASCII character, or "" for none; NULL = "\"" */
	int32_t no_names;      /**< of CSV and XLSX: 1: the first line is a row, not one of names */
	const char *const *keys; /**< columns by which rows can be told apart, for axev_compare_files() */
	size_t key_count;
} axev_handover;

#define AXEV_HANDOVER_INIT { sizeof(axev_handover), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0 }

typedef struct axev_db_opts {
	size_t size;
	axev_capture_common common;
	/**
	 * "sqlite:PATH", "mariadb://[USER@][HOST][:PORT]/DATABASE[?socket=PATH]" (MySQL too),
	 * "postgresql://[USER@][HOST]/DATABASE", "postgres:" and keywords of libpq, "odbc:" and a
	 * connection string of ODBC, or "csv:PATH", "json:PATH",
	 * "jsonl:PATH", "xlsx:PATH", a file that was handed over
	 */
	const char *dsn;
	const char *const *tables; /**< tables and views; none, and no @c query: every table of the database */
	size_t table_count;
	const char *query;         /**< one SELECT; NULL = none */
	const char *const *parameters; /**< texts for the statement's placeholders, in their order */
	size_t parameter_count;
	const char *password;      /**< of a server's account; kept nowhere. NULL = none */
	const char *ca_file;       /**< PEM: TLS is required, and the server's certificate must lead there; NULL = see below */
	const axev_handover *handover; /**< of files only; NULL = all of it as AXEV_HANDOVER_INIT has it */
	/**
	 * of servers only; 1: one that breaks off while its rows are read is no error: what had come is kept, and "complete"
	 * says which table or query ended after how many rows and why, and what was not read or checked at all
	 */
	int32_t keep_incomplete;
} axev_db_opts;

#define AXEV_DB_OPTS_INIT \
	{ sizeof(axev_db_opts), AXEV_CAPTURE_COMMON_INIT, NULL, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, 0 }

/**
 * Capture rows of a database as record sets: every value as the engine stores it, under a Merkle tree in which a single
 * row or field can be proven (FORMAT.md section 3.2). CSV and HTML files beside them are views for people.
 *
 * SQLite: the database file, -wal, -shm and -journal are copied into the package first; the copy is read, the files
 * themselves are only read. Files that are written to meanwhile are an error. A server: all is read in one snapshot, by a
 * transaction that cannot write (of PostgreSQL, policies that would hide rows are an error); without @c ca_file the
 * connection is as the driver makes it, perhaps without TLS, which "source" tells. Only a SELECT is run. Rows of tables with a primary key come in its order; views, queries and tables
 * without one are kept as a multiset: equal rows are counted, their order is not kept. The driver's library is loaded when
 * it is needed.
 *
 * A file that was handed over, as "csv:PATH" and the like, is kept byte for byte; its rows, in its order, are a record set
 * that a verifier makes again out of those bytes. Numbers stay as they are written. What can be read in two ways is refused.
 *
 * @param[out] ret_draft  Given: free with axev_draft_free().
 * @return AXEV_OK; INVAL (database, statement), NOTFOUND (driver, table), PEER (the engine refused), STATE (written to), LIMIT, IO...
 */
AXEV_API AXEV_MUST_USE int axev_capture_db(axev_ledger *ledger, const axev_db_opts *opts,
					   axev_draft **ret_draft, axev_error *err);

/**
 * Asks a person for a secret that a step names by @prompt, and writes it into @out, NUL-terminated. The library types it
 * and keeps it nowhere. @return 0, or negative: none was given.
 */
typedef int (*axev_ask_secret_callback)(void *payload, const char *prompt, char *out, size_t out_bytes);

/** Which cleanliness checks go around a web capture, and what follows from them (FORMAT.md 1.9). */
enum {
	AXEV_CHECKS_STANDARD = 0, /**< all; what fails or cannot be made is recorded */
	AXEV_CHECKS_STRICT = 1,   /**< all; axev_seal() refuses when one failed or could not be made, the draft stays */
	AXEV_CHECKS_NONE = 2      /**< none; "not checked" is recorded */
};

typedef struct axev_web_opts {
	size_t size;
	axev_capture_common common;
	const char *url;
	const char *ca_file;      /**< one more TLS root (PEM), recorded; NULL = none */
	const char *browser_path; /**< NULL = search */
	uint32_t timeout_ms;      /**< 0 = 60,000 */
	uint32_t width, height;   /**< viewport; 0 = the device's: 1280 x 800, phone 390 x 844 */
	const char *lang;         /**< Accept-Language, as "zh-CN"; NULL = zh-CN */
	int32_t record_failure;   /**< 1: an address that cannot be reached, or a step that fails, is captured as such */
	const char *device;       /**< "desktop", "phone"; NULL = desktop */
	const char *time_zone;    /**< IANA name that the page sees, as "Asia/Shanghai"; NULL = the machine's */
	int32_t no_scroll;        /**< 1: the page is not scrolled; what loads only when seen is not asked for */
	const char *steps_file;   /**< what to do on the page (doc/schema/steps.schema.json); NULL = nothing */
	axev_ask_secret_callback ask_secret; /**< for steps that ask for one; NULL = nobody to ask */
	void *ask_secret_payload;
	uint64_t max_bytes;       /**< over all connections, downloads included; 0 = 1 GiB, at most 4 GiB */
	int32_t video;            /**< 1: video of the page, from the first address to the views; in a session, of the whole display */
	int32_t checks;           /**< AXEV_CHECKS_... */
	/** Compared with the system's resolver, and asked for @c reach: "IP", "IP:PORT" or "[IP]:PORT"; none = 223.5.5.5, 119.29.29.29, 1.1.1.1. */
	const char *const *resolvers;
	size_t resolver_count;
	/** Compared with the clock: "HOST" or "HOST:PORT"; none = ntp.ntsc.ac.cn, ntp.aliyun.com, time.cloudflare.com. */
	const char *const *time_servers;
	size_t time_server_count;
	/** 1: a page with a known answer is tried before the capture, which takes another start of the browser. Always when strict. */
	int32_t self_test;
	int32_t licence;          /**< 1: look for licence marks and ICP numbers, and open what the marks lead to */
	const char *subject_file; /**< compare with this filing (doc/schema/subject.schema.json), implies licence; NULL = none */
	int32_t interactive;      /**< 1: a session: a browser that can be seen, on DISPLAY, and a person at it */
	uint32_t session_ms;      /**< at most so long; 0 = 3,600,000 */
	int (*session_is_over)(void *payload); /**< asked ten times a second; non-zero ends it. NULL = time or window do */
	void *session_payload;
	/** What a session must not keep although it is typed into an open field; password fields need no naming. */
	const char *const *session_secrets;
	size_t session_secret_count;
	/** Login state: cookies.txt (Netscape, curl) or a JSON list (DevTools, extensions). Set before @c url is opened; NULL = none. */
	const char *cookies_file;
	/** Of a session: the browser's cookies are written there when it ends, mode 0600; must not exist. NULL = nowhere. */
	const char *save_cookies_file;
	/** 1: record what resolvers say of the host and what its addresses answer; a page that does not come is no failure then. */
	int32_t reach;
	const axev_id *recheck_of; /**< check this earlier capture of the same address again, implies reach; NULL = none */
	/** Certificate and key (PKCS #12) for the host of @c url when it asks for one; the key is not kept. NULL = none. */
	const char *client_cert_file;
	const char *client_cert_passphrase; /**< NULL = none; @c ask_secret is asked when one is needed */
} axev_web_opts;

#define AXEV_WEB_OPTS_INIT \
	{ sizeof(axev_web_opts), AXEV_CAPTURE_COMMON_INIT, NULL, NULL, NULL, 0, 0, 0, NULL, 0, NULL, NULL, 0, \
	  NULL, NULL, NULL, 0, 0, AXEV_CHECKS_STANDARD, NULL, 0, NULL, 0, 0, 0, NULL, 0, 0, NULL, NULL, NULL, 0, \
	  NULL, NULL, 0, NULL, NULL, NULL }

/**
 * Capture a web page. A Chromium of the library's own (new profile, no extensions, no proxy, sandbox on) shows it; the
 * bytes are those of its connections, taken from its network log: page.wacz (WARC/1.1), and below wire/ what connections,
 * resolver and requests did. Screenshot, text, DOM, MHTML and PDF are what the browser makes of them (FORMAT.md 1.7).
 *
 * The page is waited for until there is no traffic and its layout is still, scrolled to its end and back, and waited for
 * again; nothing on it is clicked, so a banner that asks for consent stays. A phone is the size, touch, device pixels
 * and user agent of one, and the manifest says that they are emulated.
 *
 * TLS errors are never ignored. What is not in the package although it was there is listed in the manifest, and
 * axev_draft_is_complete() is 0 then. Needs setpriv(1) when the process is root, certutil(1) for @c ca_file. Starts
 * processes and threads, and ends them before it returns; raises no signal.
 *
 * Before the page is opened, and in part again behind it, the machine is checked: hosts file, proxies, trust store,
 * resolvers, gateway, clock and more. Each outcome and what was read stand in the package, as this machine recorded them.
 *
 * With @c steps_file the operator's steps follow once the page is loaded: clicks and keys as a person's, waiting, pictures in
 * between. The file goes into the package, each step with its outcome into the manifest. Secrets come from the environment or
 * from @c ask_secret and are not stored; what a page sends with them is, since the bytes of its connections are kept.
 *
 * With @c interactive a browser that can be seen opens on DISPLAY for a person (none: AXEV_E_INVAL); pages, clicks and keys are
 * steps of the manifest, what goes into password fields and what @c session_secrets name only as a number of keys.
 *
 * With @c video there is a WebM of what the page looked like, with the time and the address in a strip below it, and an index
 * of its frames. A build without libavcodec is AXEV_E_UNSUPPORTED, a machine without libavdevice AXEV_E_NOTFOUND.
 *
 * With @c licence the page is looked through for what it shows about who runs it (business licence links and marks, ICP
 * numbers, credit codes), and up to three pages that such marks lead to are opened after it, in the same browser and package.
 * With @c subject_file what was found is compared with a filing record. "Found on the page" says no more than that.
 *
 * With @c cookies_file the page is opened with a login state that somebody else made. The values are secrets: the manifest lists
 * names, places and flags of the cookies, heads of requests are masked (head-mask/1) where values stand, and @c source.login tells
 * where else one was found. What the site sets and sends back stays as it was: log out before the package is handed on.
 *
 * With @c reach, before the browser is started, resolvers are asked for the host, and each address for a connection, TLS and the
 * head of one answer: data/reach.json (FORMAT.md 10). The page is captured as always; when it does not come, that is in the package
 * and no error. With @c recheck_of an earlier such capture of the same address, sealed in this ledger, is enclosed and compared.
 * "Not reached from this machine at this time" does not say that a site is closed.
 *
 * With @c client_cert_file the host of @c url gets to see that certificate when it asks, without anybody choosing it; other hosts
 * get none. source.login tells which it was and whether it was sent.
 *
 * With @c interactive a person takes over once the page is loaded. Pages, clicks and keys go into the manifest, keys in password
 * fields only as a number; each page that is gone to has its picture. When the window is closed there are no last views.
 *
 * @param opts  @c url is http or https, without user name and password, at most 8 KiB of UTF-8.
 * @param[out] ret_draft  Given: free with axev_draft_free().
 * @return AXEV_OK; INVAL (address, viewport, language, secret, earlier capture), FORMAT (steps), NOTFOUND (no browser), NETWORK (the page did not come and
 *         @c record_failure is 0, or the browser ended), PEER (the page crashed in the browser twice, a step failed), IO, LIMIT, CANCELLED...
 */
AXEV_API AXEV_MUST_USE int axev_capture_web(axev_ledger *ledger, const axev_web_opts *opts,
					    axev_draft **ret_draft, axev_error *err);

/** A draft that an earlier process left: captured, not yet sealed. */
AXEV_API AXEV_MUST_USE int axev_draft_open(axev_ledger *ledger, const axev_id *id,
					   axev_draft **ret_draft, axev_error *err);

/** The package id, fixed at the end of the capture. */
AXEV_API void axev_draft_id(const axev_draft *draft, axev_id *ret_id);

/** 1 when everything asked for was captured, 0 when the manifest lists what is missing. */
AXEV_API int axev_draft_is_complete(const axev_draft *draft);

/**
 * 1 when it was captured just now with a login state (@c cookies_file, @c save_cookies_file) of which the package still holds
 * something: cookies that the site set, or a value that the site showed or sent back. Whoever gets the package can use it
 * until the login is ended. 0 does not mean that there is nothing to find, and of a draft opened later nothing is known.
 */
AXEV_API int axev_draft_holds_login(const axev_draft *draft);

AXEV_API void axev_draft_free(axev_draft *draft);

typedef struct axev_seal_opts {
	size_t size;
	axev_signer *const *signers; /**< NULL = the ledger's operator */
	size_t signer_count;
	const axev_tsa *authorities; /**< asked in turn until one answers; NULL = the ledger's embedded one */
	size_t authority_count;
	const char *passphrase;      /**< of the ledger's operator key, or NULL */
	/** 1: also a web capture of the strict profile whose checks failed or could not be made. They stay recorded. */
	int32_t despite_checks;
} axev_seal_opts;

#define AXEV_SEAL_OPTS_INIT { sizeof(axev_seal_opts), NULL, 0, NULL, 0, NULL, 0 }

/** How a package was sealed. */
typedef struct axev_seal_result {
	size_t size;
	axev_id id;
	uint64_t package_bytes;
	uint8_t package_sha256[AXEV_SHA256_BYTES];
	uint64_t sealed_index;
	int32_t is_time_pending;     /**< no authority answered; axev_seal_complete() can add the token */
	int32_t is_embedded_time;    /**< the time is attested only by the maker's own authority */
	char time_problem[512];      /**< why no authority's answer was taken, or empty */
} axev_seal_result;

/**
 * Sign, time-stamp, store and log. The draft is used up when it succeeds; after a failure it can be sealed again.
 *
 * @return AXEV_OK; STATE (signers are not those fixed in the manifest), PASSPHRASE, IO, LOCKED, CRYPTO...
 */
AXEV_API AXEV_MUST_USE int axev_seal(axev_ledger *ledger, axev_draft *draft,
				     const axev_seal_opts *opts, axev_seal_result *ret_result,
				     axev_error *err);

/** Fetch the token that was not to be had when the package was sealed; it is logged as a side-car. */
AXEV_API AXEV_MUST_USE int axev_seal_complete(axev_ledger *ledger, const axev_id *id,
					      const axev_seal_opts *opts,
					      axev_seal_result *ret_result, axev_error *err);

/** Give a draft up: logged with the reason, its bytes are removed. */
AXEV_API AXEV_MUST_USE int axev_abandon(axev_ledger *ledger, const axev_id *id, const char *reason,
					axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
