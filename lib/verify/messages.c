/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/messages.h"

#include <stddef.h>

#include "base/cleanup.h"

#define CONTENT AXEV__ABOUT_CONTENT
#define TRUST AXEV__ABOUT_TRUST

static const struct axev__check_text check_texts[AXEV__C_COUNT] = {
	[AXEV__C_CONTAINER] = { "container", CONTENT, "证据包文件", "container",
				"文件完整", "a whole container", NULL },
	[AXEV__C_STRUCTURE] = { "container.structure", CONTENT, "文件结构", "structure of the file",
				"与格式规定逐字节一致", "every header byte as the format says",
				"unzip -t FILE" },
	[AXEV__C_HASHES] = { "container.hashes", CONTENT, "各文件校验值", "checksums of all entries",
			     "每个文件的 CRC-32 一致", "the CRC-32 of every entry agrees",
			     "unzip -t FILE" },
	[AXEV__C_LISTS] = { "container.lists", CONTENT, "摘要清单", "lists of digests",
			    "清单与全部文件的 SHA-256 一致",
			    "the lists are what the SHA-256 of the entries give",
			    "sha256sum -c manifest-sha256.txt" },
	[AXEV__C_SIGNATURE] = { "signature", CONTENT, "电子签名", "signature", "签名完好",
				"a whole signature", NULL },
	[AXEV__C_SIGNATURE_FORM] = { "signature.form", CONTENT, "签名编码", "form of the signature",
				     "唯一规定的编码", "the one canonical CAdES encoding", NULL },
	[AXEV__C_SIGNATURE_VALUE] = { "signature.value", CONTENT, "签名值", "signature value",
				      "证书公钥能验证对清单的签名",
				      "the certificate's key made the signature over the ASiCManifest",
				      NULL },
	[AXEV__C_SIGNATURE_EXPECTED] = { "signature.expected", CONTENT, "签名人证书与自述身份",
					 "certificates and claimed roles of the signers",
					 "与提取时在证据说明中列明的证书一致，每个签名人一张证书",
					 "exactly the certificates that the manifest names, another one for "
					 "each signer; roles that sign such a container",
					 NULL },
	[AXEV__C_TOKEN] = { "time.token", CONTENT, "时间戳", "time-stamp token",
			    "编码规范，签名有效", "canonical form, good signature", NULL },
	[AXEV__C_TOKEN_IMPRINT] = { "time.imprint", CONTENT, "时间戳所盖对象",
				    "what the time-stamp covers", "所盖内容的 SHA-256",
				    "the SHA-256 of what it stands for", NULL },
	[AXEV__C_MANIFEST] = { "manifest.form", CONTENT, "证据说明", "manifest",
			       "规范 JSON，成员齐全", "canonical JSON with every required member",
			       "sha256sum data/evidence.json" },
	[AXEV__C_FORMAT] = { "manifest.format", CONTENT, "格式版本", "format version",
			     "ax-evidence/1", "ax-evidence/1", NULL },
	[AXEV__C_OBJECTS] = { "manifest.objects", CONTENT, "数据对象", "objects",
			      "证据说明所列与实有文件一一对应",
			      "the entries are exactly the objects that the manifest lists",
			      "sha256sum -c manifest-sha256.txt" },
	[AXEV__C_FACTS] = { "manifest.facts", CONTENT, "人员与案件事实", "facts",
			    "重算的根值与证据说明一致", "the root computed again is the manifest's",
			    NULL },
	[AXEV__C_COMPLETE] = { "manifest.complete", CONTENT, "提取是否完整", "completeness of the capture",
			       "所提取内容齐全", "everything asked for was captured", NULL },
	[AXEV__C_ANCHOR] = { "manifest.anchor", CONTENT, "提取前的账本检查点及其时间戳",
			     "checkpoint of the ledger, and time-stamp, from before the capture",
			     "与证据说明列明的 SHA-256、大小、时间一致",
			     "the SHA-256, size and time that the manifest names",
			     "sha256sum data/anchor/checkpoint data/anchor/checkpoint.tst" },
	[AXEV__C_WEB] = { "web.wacz", CONTENT, "网页存档", "web archive",
			  "能由其中的 WARC 重新得出", "what its own WARC gives again", NULL },
	[AXEV__C_WEB_STRUCTURE] = { "web.wacz.structure", CONTENT, "网页存档文件结构",
				    "structure of the web archive",
				    "与格式规定逐字节一致，CRC-32 一致",
				    "every header byte as the format says, every CRC-32 agrees",
				    "unzip -t page.wacz" },
	[AXEV__C_WEB_HASHES] = { "web.wacz.hashes", CONTENT, "网页存档摘要", "hashes of the web archive",
				 "与 datapackage.json、datapackage-digest.json 所列一致",
				 "those in datapackage.json and datapackage-digest.json",
				 "unzip -q page.wacz && sha256sum datapackage.json archive/data.warc "
				 "indexes/index.cdx pages/pages.jsonl" },
	[AXEV__C_WEB_RECORDS] = { "web.wacz.records", CONTENT, "WARC 记录", "WARC records",
				  "每条记录的数据块、载荷摘要重算一致，每个页面都有记录",
				  "the digests of every block and payload made again; a record for "
				  "every page", NULL },
	[AXEV__C_WEB_INDEX] = { "web.wacz.index", CONTENT, "网页存档索引", "index of the web archive",
				"由 WARC 重新生成，逐字节一致",
				"made again from the WARC, byte for byte", NULL },
	[AXEV__C_WEB_SOCKET] = { "web.websocket", CONTENT, "WebSocket 消息", "messages of a web socket",
				 "由双方收发的字节重新解析，逐字节一致",
				 "read again out of the bytes of both sides, byte for byte", NULL },
	[AXEV__C_WEB_OBSERVED] = { "web.observed", CONTENT, "所见对象", "object that was observed",
				   "不适用：不能由其他数据重新得出",
				   "none: it cannot be made again from other data", NULL },
	[AXEV__C_TLS] = { "web.tls", CONTENT, "网站的 TLS 握手", "TLS handshakes of the web sites",
			  "握手签名能由证书公钥重新验证",
			  "handshakes whose signatures the certificates' keys verify again", NULL },
	[AXEV__C_TLS_FORM] = { "web.tls.form", CONTENT, "连接记录与证书", "connections and certificates listed",
			       "规范 JSON，所列证书与其摘要、名称一致",
			       "canonical JSON; each certificate has the SHA-256 and names stated", NULL },
	[AXEV__C_TLS_CONNECTION] = { "web.tls.connection", CONTENT, "TLS 连接", "TLS connection",
				     "握手与记录相符", "a handshake as it is described", NULL },
	[AXEV__C_TLS_SIGNATURE] = { "web.tls.signature", CONTENT, "服务器的握手签名",
				    "the server's signature in the handshake",
				    "由所示证书的密钥对本次握手作出（证明密钥持有者参与了握手，不证明传输的内容）",
				    "made by the certificate's key over this handshake (it proves that the key's "
				    "holder took part, not what was sent)",
				    NULL },
	[AXEV__C_TLS_FACTS] = { "web.tls.facts", CONTENT, "所写证书与连接参数",
				"certificates and parameters stated", "与握手消息一致",
				"those in the handshake's messages", NULL },
	[AXEV__C_TLS_HOST] = { "web.tls.host", CONTENT, "证书的主机名与有效期",
			       "host and validity of the certificate",
			       "证书用于该主机，在所写握手时间有效",
			       "a certificate for this host, valid at the time stated of the handshake", NULL },
	[AXEV__C_TLS_SOURCE] = { "web.tls.source", CONTENT, "证据说明中的 TLS 事实",
				 "TLS facts in the manifest", "与所列连接之一相符",
				 "those of one of the connections", NULL },
	[AXEV__C_TLS_COVERAGE] = { "web.tls.coverage", CONTENT, "握手核验范围", "what the handshakes cover",
				   "每次请求都经由已核验的连接",
				   "every exchange over a connection that was verified", NULL },
	[AXEV__C_TRUST_TLS] = { "trust.tls", TRUST, "网站服务器身份", "identity of the web server",
				"证书链接到所选策略信任的网站根证书",
				"a chain to a TLS root that the policy trusts", NULL },
	[AXEV__C_TRUST_SCT] = { "trust.tls.sct", TRUST, "证书透明度时间戳",
				"timestamps of Certificate Transparency",
				"所选策略列明的日志对该证书作出，不晚于握手（非必需）",
				"made for this certificate by logs that the policy names, not later than the "
				"handshake (not required)",
				NULL },
	[AXEV__C_TRUST_SIGNER] = { "trust.signer", TRUST, "签名人身份", "identity of the signer",
				   "证书链接到所选策略信任的证书",
				   "a chain to a certificate that the policy trusts", NULL },
	[AXEV__C_TRUST_TIME] = { "trust.time", TRUST, "签名时间", "time of the signature",
				 "时间戳机构为所选策略信任",
				 "an authority that the policy trusts", NULL },
	[AXEV__C_TRUST_BEFORE] = { "trust.before", TRUST, "不早于：提取前时间戳的机构",
				   "not before: authority of the time-stamp that the manifest names",
				   "证据说明列明的时间戳，机构为所选策略信任（非必需）",
				   "a time-stamp that the manifest names, of an authority that the "
				   "policy trusts (not required)",
				   "openssl ts -verify -token_in -in data/anchor/checkpoint.tst -data "
				   "data/anchor/checkpoint -CAfile timestamps.pem" },
	[AXEV__C_TIME_ORDER] = { "time.order", TRUST, "时间先后", "order of the times",
				 "签名的时间戳不早于提取前的时间戳",
				 "the signature's time-stamp is not older than the one from before the "
				 "capture",
				 NULL },
	[AXEV__C_PACKAGES] = { "bundle.packages", CONTENT, "卷宗内证据包", "packages of the bundle",
			       "与卷宗清单一致", "exactly those that the bundle's manifest lists", NULL },
	[AXEV__C_PACKAGE] = { "bundle.package", CONTENT, "证据包", "package", "完好", "whole", NULL },
	[AXEV__C_PACKAGE_ID] = { "bundle.package.id", CONTENT, "证据包编号", "id of the package",
				 "与卷宗清单一致", "the id and SHA-256 in the bundle's manifest",
				 NULL },
	[AXEV__C_HAND] = { "bundle.hand", CONTENT, "手工核验材料", "material for checks by hand",
			   "与证据包内签名值、时间戳相同",
			   "equal to the signature value and token inside the package", NULL },
	[AXEV__C_LEDGER] = { "ledger", CONTENT, "账本", "ledger", "账本记录完好",
			     "whole ledger entries", NULL },
	[AXEV__C_CHECKPOINT] = { "ledger.checkpoint", CONTENT, "账本检查点", "checkpoint",
				 "格式规范，所附账本公钥能验证其签名",
				 "a signed note, signed by the ledger key enclosed", NULL },
	[AXEV__C_CHECKPOINT_TIME] = { "ledger.checkpoint.time", TRUST, "检查点时间戳的机构",
				      "authority of the checkpoint's time-stamp",
				      "时间戳机构为所选策略信任（非必需）",
				      "an authority that the policy trusts (not required)", NULL },
	[AXEV__C_LEDGER_ENTRY] = { "ledger.entry", CONTENT, "账本记录", "ledger entry",
				   "记录在检查点之下", "the entry is in the tree of the checkpoint",
				   NULL },
	[AXEV__C_LEDGER_ORDER] = { "ledger.order", CONTENT, "记录次序", "order of the entries",
				   "开始、提取、封存依次记录，同一会话",
				   "started, captured, sealed, in this order and of one session",
				   NULL },
	[AXEV__C_LEDGER_PACKAGE] = { "ledger.package", CONTENT, "记录与证据包", "entries and package",
				     "记录的编号、摘要、大小与证据包一致",
				     "the id, SHA-256 and size logged are the package's", NULL },
	[AXEV__C_LEDGER_TARGET] = { "ledger.target", CONTENT, "提取目标承诺", "commitment to the target",
				    "开始前登记的承诺与提取目标一致",
				    "what was committed to before the capture is its target", NULL },
	[AXEV__C_LEDGER_ANCHOR] = { "ledger.anchor", CONTENT, "提取前的检查点与账本",
				    "checkpoint from before the capture, and the ledger",
				    "由同一账本签名，账本由它增长而来，提取开始的记录在其后",
				    "signed by the same ledger, which has grown out of it; the capture was "
				    "logged as started after it",
				    NULL },
	[AXEV__C_TRUST_LEDGER] = { "trust.ledger", TRUST, "账本身份", "identity of the ledger",
				   "检查点由所选策略信任的账本签名",
				   "a checkpoint signed by a ledger that the policy trusts", NULL },
};

static const struct {
	const char *zh, *en;
} remarks[AXEV__REMARK_COUNT] = {
	[AXEV__REMARK_NONE] = { "", "" },
	[AXEV__REMARK_OK] = { "一致", "as expected" },
	[AXEV__REMARK_TRUSTED] = { "所选策略信任", "trusted by your policy" },
	[AXEV__REMARK_NOT_CHOSEN] = { "所选策略中没有相应的信任，尚未选择",
				      "not chosen yet: your policy has no trust for it" },
	[AXEV__REMARK_TIME_PENDING] = { "时间待定：尚无时间戳", "time pending: no time-stamp yet" },
	[AXEV__REMARK_EMBEDDED_TRUSTED] = {
		"所选策略信任；时间仅由制作方自己的时间戳机构证明",
		"trusted by your policy; time attested only by the maker's own authority" },
	[AXEV__REMARK_EMBEDDED_NOT_CHOSEN] = {
		"尚未选择信任；时间仅由制作方自己的时间戳机构证明",
		"not chosen yet; time attested only by the maker's own authority" },
	[AXEV__REMARK_NOT_RELIED_ON] = { "完好，但所选策略不信任该机构，不作依据",
					 "whole, but its authority is not in your policy: not relied on" },
	[AXEV__REMARK_NEWER] = { "格式较新，本程序不能全部核验",
				 "newer format: this program cannot check all of it" },
	[AXEV__REMARK_PARTIAL] = { "提取不完整，证据说明列明了缺少的内容",
				   "a partial capture: the manifest lists what is missing" },
	[AXEV__REMARK_NO_FACTS] = { "没有记录人员与案件事实", "no facts were recorded" },
	[AXEV__REMARK_NO_ANCHOR] = { "证据说明没有列明，未核验", "the manifest names none: not checked" },
	[AXEV__REMARK_ANCHOR_NOT_THERE] = {
		"证据说明列明了，但文件中没有，未核验",
		"the manifest names it, it is not in the file: not checked" },
	[AXEV__REMARK_NO_NOT_BEFORE] = {
		"没有提取前的时间戳，未证明不早于何时",
		"no time-stamp from before the capture: not before is not proven" },
	[AXEV__REMARK_NO_WACZ] = { "证据包中没有网页存档", "the package holds no web archive" },
	[AXEV__REMARK_OBSERVED] = {
		"提取程序当时所见，字节未改动；与网页是否相符未核验",
		"as the capturing program saw it, bytes unchanged; not compared with the page" },
	[AXEV__REMARK_NO_LEDGER] = { "单独的证据包不带账本记录",
				     "a package alone carries no ledger entries" },
	[AXEV__REMARK_NO_LEDGER_REQUIRED] = { "所选策略要求账本记录，此处没有",
					      "your policy requires ledger entries; there are none" },
	[AXEV__REMARK_TRANSPORT] = { "卷宗签名只证明传递，不作身份依据",
				     "a bundle's signature proves transport only" },
	[AXEV__REMARK_NO_CONNECTIONS] = { "未核验：证据包中没有 wire/connections.json",
					  "not checked: the package holds no wire/connections.json" },
	[AXEV__REMARK_NO_TLS] = { "没有 TLS 连接", "there are no TLS connections" },
	[AXEV__REMARK_NO_TLS_ROOTS] = { "未核验：所选策略没有列明网站根证书",
					"not checked: the policy names no TLS roots" },
	[AXEV__REMARK_NO_CT_LOGS] = { "未核验：所选策略没有列明证书透明度日志",
				      "not checked: the policy names no logs of Certificate Transparency" },
	[AXEV__REMARK_TLS_CUT_OFF] = { "未核验：握手在服务器签名之前中断",
				       "not checked: the handshake ends before the server's signature" },
	[AXEV__REMARK_TLS_RESUMED] = { "未核验：沿用先前的会话，握手中没有证书和签名",
				       "not checked: a resumed session, whose handshake holds no certificate and "
				       "no signature" },
	[AXEV__REMARK_TLS_UNSIGNED] = { "未核验：该加密套件中服务器不作签名",
					"not checked: with this cipher suite the server signs nothing" },
	[AXEV__REMARK_TLS_OLDER] = { "未核验：TLS 1.2 之前的版本", "not checked: older than TLS 1.2" },
	[AXEV__REMARK_TLS_ENCRYPTED_HELLO] = {
		"未核验：ClientHello 已加密（ECH），浏览器日志只有外层消息",
		"not checked: the ClientHello was encrypted (ECH), the browser's log has only the outer one" },
	[AXEV__REMARK_TLS_UNKNOWN] = { "未核验：本程序不认识该签名算法或加密套件",
				       "not checked: this program does not know the signature scheme or cipher "
				       "suite" },
	[AXEV__REMARK_TLS_LOSSY] = { "未核验：浏览器日志不完整，缺少握手消息",
				     "not checked: the browser's log is not whole, messages are missing" },
};

const struct axev__check_text *axev__check_text(enum axev__check_id id)
{
	return &check_texts[id];
}

const char *axev__remark_text(enum axev__remark remark, bool is_zh)
{
	return is_zh ? remarks[remark].zh : remarks[remark].en;
}

const char *axev__not_checked(unsigned position, bool is_zh)
{
	static const struct {
		const char *zh, *en;
	} items[] = {
		{ "内容是否属实", "that the content is true" },
		{ "证书是否已被吊销（本版本不查吊销列表）",
		  "whether certificates were revoked (this version consults no revocation lists)" },
		{ "经 TLS 连接传输的内容（握手签名只证明证书密钥的持有者参与了该次握手）",
		  "what was sent over TLS (a handshake's signature proves only that the holder of the certificate's key took part in it)" },
		{ "标为“所见”的对象、所附打印件与其所示是否相符，VERIFY.md 的文字（由导出方书写）",
		  "objects marked observed and enclosed prints against what they show; the words of VERIFY.md, which the exporter wrote" },
		{ "账本是否对他人出示另一内容（本版本不核验见证方共签）",
		  "whether the ledger shows others something else (this version checks no cosignatures)" },
	};

	if (position >= AXEV__COUNT(items))
		return NULL;
	return is_zh ? items[position].zh : items[position].en;
}
