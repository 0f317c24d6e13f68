/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/reasons.h"

#include "base/cleanup.h"

/* The first that fits counts. tests/test_reasons.c holds every line against the sources. */
static const struct axev__reason reasons[] = {
	/* the file */
	{ "not-a-container", "expected a container, found only * bytes", "不是证据包：只有 {1} 字节" },
	{ "end-record",
	  "expected the end record 06054b50 in the last 22 bytes, found *: cut off, something appended, or not a container",
	  "文件末尾不是规定的结束记录（实为 {1}）：文件被截断、被追加，或者不是证据包" },
	{ "directory-place",
	  "expected the central directory to end at *, found that it ends at *: something stands between, or is missing",
	  "中央目录应止于 {1}，实止于 {2}：中间有多余内容或缺少内容" },
	{ "directory-before",
	  "expected the central directory at *, found it at *: something stands before it",
	  "中央目录应在 {1}，实在 {2}：之前有多余内容" },
	{ "directory-more", "central directory: expected * entries and its end, found * more bytes",
	  "中央目录应有 {1} 项后结束，实多出 {2} 字节" },
	{ "entry-place",
	  "expected its local header at *, the directory says *: a gap, an overlap or another order",
	  "文件头应在 {1}，目录写为 {2}：有空隙、重叠或次序不同" },
	{ "entry-size",
	  "expected at most * bytes of content before the central directory, found * declared",
	  "中央目录之前至多 {1} 字节内容，所写为 {2} 字节" },
	{ "header-byte", "local header of '*': *: expected byte *, found *",
	  "文件 {1} 的文件头，{2} 字段：应为字节 {3}，实为 {4}" },
	{ "header-byte", "central directory of '*': *: expected byte *, found *",
	  "中央目录中的文件 {1}，{2} 字段：应为字节 {3}，实为 {4}" },
	{ "header-byte", "end record: *: expected byte *, found *",
	  "结束记录，{1} 字段：应为字节 {2}，实为 {3}" },
	{ "mimetype", "expected exactly application/vnd.etsi.asic-e+zip",
	  "应恰为 application/vnd.etsi.asic-e+zip" },
	{ "entries", "expected 1 to * entries, found *", "应有 1 至 {1} 个文件，实有 {2} 个" },
	{ "file-ends", "expected * bytes here, the file ends at *", "此处应有 {1} 字节，文件止于 {2}" },
	{ "file-shorter", "expected * more bytes, found the end of the file",
	  "还应有 {1} 字节，文件已结束" },
	{ "limit-bytes", "expected at most * bytes, found *", "至多 {1} 字节，实为 {2}" },
	{ "name-form",
	  "expected a name as data/[a-z0-9._/-] or one of the fixed names in their order",
	  "文件名应为 data/[a-z0-9._/-]，或依次为规定的固定名称" },
	{ "entry-order", "* cannot stand after *", "{1} 不能排在 {2} 之后" },
	{ "mimetype-first", "expected mimetype as the first entry", "第一个文件应为 mimetype" },
	{ "signatures-last", "expected signatures as the last entries, the container ends after *",
	  "最后应为签名，文件止于 {1} 之后" },
	{ "part-objects-only", "expected only objects (data/...) in a part", "分卷中只应有数据对象（data/...）" },
	{ "entry-directory", "entry '*' is also the directory of another entry",
	  "文件 {1} 同时是另一文件的目录" },
	{ "entry-twice", "entry '*' is there twice", "文件 {1} 出现两次" },
	{ "crc", "entry '*': expected CRC-32 *, found *: its content was changed",
	  "文件 {1} 的 CRC-32 应为 {2}，实为 {3}：内容已被改动" },
	{ "list-entry", "entry '*': expected, not found", "缺少文件 {1}" },
	{ "list",
	  "entry '*': expected what the entries of the container give, found a difference at its byte *",
	  "文件 {1} 与全部文件的实际摘要不符，自第 {2} 字节起不同" },
	/* signatures */
	{ "signature-count", "expected * signatures, found *", "应有 {1} 个签名，实有 {2} 个" },
	{ "signature-made", "the signature was not made by the certificate's key over these bytes",
	  "签名不是由该证书的密钥对这些内容作出的" },
	{ "signature-content", "the signature is over other content", "签名所签的是其他内容" },
	{ "signature-canonical", "the signature is not in its canonical form", "签名不是规定的唯一编码" },
	{ "signature-attributes",
	  "expected as signed attributes contentType id-data, signingTime, a SHA-256 messageDigest and signing-certificate-v2, and no others",
	  "已签属性应恰为内容类型、签名时间、SHA-256 摘要和签名证书标识" },
	{ "attributes-canonical", "the signed attributes are not in their canonical form",
	  "已签属性不是规定的唯一编码" },
	{ "certificate-outside", "a certificate does not belong to the signer's chain",
	  "含有不属于签名人证书链的证书" },
	{ "signing-certificate",
	  "signing-certificate-v2 names another certificate than the signer's",
	  "签名证书标识所指不是签名人的证书" },
	{ "certificate-count", "expected * certificates, found *", "应有 {1} 张证书，实有 {2} 张" },
	{ "certificate-named", "certificate * is not the one that the manifest names",
	  "证书 {1} 不是证据说明列明的证书" },
	{ "algorithm-named", "the signature's algorithm is not the one in the manifest",
	  "签名算法与证据说明列明的不同" },
	{ "role", "expected the role *, found *", "自述身份应为 {1}，实为 {2}" },
	{ "signer-twice", "its certificate is that of signature *: one signer cannot stand for two",
	  "与签名 {1} 为同一证书：一人不能充作两个签名人" },
	/* time-stamps */
	{ "token-covers", "the token covers other bytes", "时间戳盖的是其他内容" },
	{ "token-canonical", "the token is not in its canonical form", "时间戳不是规定的唯一编码" },
	{ "token-digest", "messageDigest is not that of the TSTInfo", "时间戳内的摘要与其内容不符" },
	{ "token-purpose",
	  "the token's certificate is not critically and solely for timeStamping",
	  "时间戳证书不是专用于时间戳的证书" },
	{ "token-before",
	  "signature * has a time-stamp from before the capture began: one of the clocks was wrong",
	  "签名 {1} 的时间戳早于提取开始：其中一个时钟有误" },
	/* certificates */
	{ "chain-issuer", "certificate chain: unable to get local issuer certificate",
	  "证书链接不到所选策略信任的证书：缺少签发者证书" },
	{ "chain-self-signed", "certificate chain: self*signed certificate",
	  "证书为自签名，不在所选策略信任的证书之列" },
	{ "chain-self-signed", "certificate chain: self*signed certificate in certificate chain",
	  "证书链的根证书不在所选策略信任的证书之列" },
	{ "chain-expired", "certificate chain: certificate has expired", "该时刻证书已过有效期" },
	{ "chain-not-yet", "certificate chain: certificate is not yet valid", "该时刻证书尚未生效" },
	{ "chain-revoked", "certificate chain: certificate revoked", "证书已被吊销" },
	{ "chain", "certificate chain: *", "证书链核验未通过（OpenSSL：{1}）" },
	{ "certificate-key", "the certificate's key (*) is not accepted at that time",
	  "该时刻不接受此种证书密钥（{1}）" },
	{ "certificate-usage",
	  "the certificate's key usage allows neither digitalSignature nor nonRepudiation",
	  "证书的密钥用途不允许签名" },
	/* files of data that were handed over */
	{ "file-columns", "the columns of the record set are not those of the file", "记录集的列与所交文件不一致" },
	{ "file-rows", "the file has * rows, the record set has more", "所交文件有 {1} 行，记录集多于此数" },
	{ "file-rows", "the record set has * rows, the file has more", "记录集有 {1} 行，所交文件多于此数" },
	{ "file-record", "record * is not what the file gives", "第 {1} 条记录与所交文件不一致（自 0 起计）" },
	{ "file-bom", "whether the file begins with the signature of UTF-8 is stated wrongly",
	  "文件开头有无 UTF-8 标记，所写不实" },
	{ "file-sheet", "no record set is of this sheet", "没有该工作表的记录集" },
	{ "file-sheets", "expected record sets of * sheets, found *", "应有 {1} 个工作表的记录集，实有 {2} 个" },
	{ "file-beside", "no record set is of what the workbook holds beside its rows", "没有工作簿各行以外内容的记录集" },
	{ "file-said", "what the record set says of itself is not what the file gives", "记录集对自身的说明与所交文件不一致" },
	{ "file-none", "no record set is of the file that was handed over", "没有所交文件的记录集" },
	{ "file-sets", "expected one record set of the file, found *", "所交文件应有一个记录集，实有 {1} 个" },
	{ "file-count", "expected one file that was handed over, found *", "应有一个所交文件，实有 {1} 个" },
	{ "file-other", "the object that the record set names was not handed over", "记录集所指的数据对象不是所交文件" },
	{ "file-form", "the file cannot be read as its record set says: *", "不能按记录集所写方式读取所交文件（{1}）" },
	/* TLS handshakes of a web capture */
	{ "tls-signature",
	  "the handshake's signature was not made by the certificate's key over this handshake",
	  "握手签名不是由该证书的密钥对本次握手作出的" },
	{ "tls-scheme", "signature scheme 0x* is not for the certificate's key",
	  "签名算法 0x{1} 不适用于该证书的密钥" },
	{ "tls-offered", "the server signed with scheme 0x*, which the client did not offer",
	  "服务器以 0x{1} 签名，客户端并未提出该算法" },
	{ "tls-offered", "the server chose cipher suite 0x*, which the client did not offer",
	  "服务器选用加密套件 0x{1}，客户端并未提出" },
	{ "tls-offered", "the server chose TLS 1.3, which the client did not offer",
	  "服务器选用 TLS 1.3，客户端并未提出" },
	{ "tls-offered", "the certificates are compressed with algorithm *, which the client did not offer",
	  "证书以算法 {1} 压缩，客户端并未提出" },
	{ "tls-order", "handshake message *: expected * from the *, found type * from the *",
	  "握手消息 {1} 应为 {3} 的 {2}，实为 {5} 的 {4} 型消息" },
	{ "tls-order", "the ServerHello does not fit the HelloRetryRequest before it",
	  "ServerHello 与之前的 HelloRetryRequest 不符" },
	{ "tls-order", "there is no Certificate, although no earlier session was taken up",
	  "没有证书消息，也没有沿用先前的会话" },
	{ "tls-order",
	  "the handshake is said to have succeeded, but its messages end before the server's signature",
	  "所写握手已成功，其消息却止于服务器签名之前" },
	{ "tls-message", "handshake message *: its length is not the one it states",
	  "握手消息 {1} 的长度与其所写不符" },
	{ "tls-message", "handshake message *: malformed", "握手消息 {1} 的格式有误" },
	{ "tls-message", "expected at most * handshake messages", "至多 {1} 条握手消息" },
	{ "tls-leaf", "the certificates are compressed, and the leaf stated is not listed",
	  "证书为压缩形式，所写的叶证书又未列出" },
	{ "tls-key", "the certificate's key cannot verify", "该证书的密钥不能用于验证" },
	{ "tls-chain", "certificate * in the handshake is *, not the one stated",
	  "握手中的第 {1} 张证书为 {2}，不是所写的证书" },
	{ "tls-chain", "the handshake shows * certificates, * are stated", "握手中有 {1} 张证书，所写为 {2} 张" },
	{ "tls-stated", "*: the handshake says '*', stated is '*'", "{1}：握手消息为 {2}，所写为 {3}" },
	{ "tls-stated", "resumed: the handshake says otherwise", "是否沿用会话：与握手消息不符" },
	{ "tls-stated", "*: the certificate does not say '*'", "{1}：证书上写的不是 {2}" },
	{ "tls-stated", "source.tls of the manifest is not what any connection says",
	  "证据说明所写的 TLS 事实不是任何连接的" },
	{ "tls-host", "the certificate is not for host '*'", "证书不用于主机 {1}" },
	{ "tls-host", "'*' is not the name of a host", "{1} 不是主机名" },
	{ "tls-host", "the handshake asks for host '*', the destination is '*'",
	  "握手所请求的主机为 {1}，所写目标为 {2}" },
	{ "tls-host", "the chain holds, but not for this host at that time",
	  "证书链成立，但不用于该主机或该时间" },
	{ "sct", "list of certificate timestamps: malformed", "证书时间戳列表的格式有误" },
	{ "sct", "stapled OCSP response: malformed", "随附的 OCSP 响应格式有误" },
	{ "sct", "certificate timestamp: not signed by the log for this certificate",
	  "证书时间戳不是该日志对该证书作出的" },
	{ "sct", "certificate timestamp: it is later than the handshake", "证书时间戳晚于握手" },
	{ "sct", "certificate timestamp: the issuer's certificate is not here",
	  "证书时间戳无法核验：缺少签发者证书" },
	{ "tls-validity", "the certificate is valid from * to *, not at the time of the handshake",
	  "证书有效期为 {1} 至 {2}，不含握手时间" },
	/* the manifest */
	{ "json-canonical", "expected canonical JSON (RFC 8785)", "应为规范 JSON（RFC 8785）" },
	{ "json", "not the expected JSON, line *: *", "第 {1} 行不是有效的 JSON（{2}）" },
	{ "member-unknown", "unknown member '*'", "有不认识的成员 {1}" },
	{ "member-unknown", "member '*' is not known here; own members go under \"ext\"",
	  "有此处不认识的成员 {1}；自定义成员应放在 ext 之下" },
	{ "member-required", "member '*' is required", "缺少必需的成员 {1}" },
	{ "member-missing", "member '*': expected *, found none", "缺少成员 {1}（应为 {2}）" },
	{ "member", "member '*': expected *, found *", "成员 {1} 应为 {2}，实为 {3}" },
	{ "member-form", "member '*': expected *", "成员 {1} 应为 {2}" },
	{ "newer", "newer format: expected *", "格式较新：本程序认识 {1}" },
	{ "object-missing", "entry '*' is listed and is not there", "列明的文件 {1} 不存在" },
	{ "object-unlisted", "entry '*' is there and is not listed", "文件 {1} 未列明" },
	{ "object-next",
	  "expected entry '*' as the next one listed, found '*': an entry is missing, not listed, listed twice or out of order",
	  "下一个列明的应为 {1}，实为 {2}：有文件缺失、未列明、重复列明或次序不同" },
	{ "object-bytes", "entry '*': expected * bytes, found *", "文件 {1} 应为 {2} 字节，实为 {3} 字节" },
	{ "object-sha256", "entry '*': its SHA-256 is not the one listed",
	  "文件 {1} 的 SHA-256 与列明的不符" },
	{ "object-outside", "entry '*' stands outside the part, too", "文件 {1} 在分卷之外也有" },
	{ "part-count", "expected * objects in its index, found *", "索引中应有 {1} 个对象，实有 {2} 个" },
	{ "environment-missing", "raw output '*' is named and is not listed",
	  "所称的原始输出 {1} 未列明" },
	{ "environment-sha256", "raw output '*': its SHA-256 is not the one that the check states",
	  "原始输出 {1} 的 SHA-256 与该项检查所记的不符" },
	{ "environment-unnamed", "raw output '*' belongs to no check", "原始输出 {1} 不属于任何一项检查" },
	{ "environment-shown", "check '*' is called passed, and nothing shows it",
	  "检查项 {1} 记为通过，却没有可供查看的原始输出" },
	{ "facts", "data/facts.json does not give the root in the manifest",
	  "data/facts.json 算出的根值与证据说明不符" },
	{ "recipe-bundle-only", "entry '*' stands only in a bundle", "文件 {1} 只能出现在卷宗包中" },
	{ "anchor-sha256", "its SHA-256 is not the one in the manifest",
	  "其 SHA-256 与证据说明列明的不符" },
	{ "anchor-size", "the manifest says size *, the checkpoint *",
	  "证据说明所写账本大小为 {1}，检查点为 {2}" },
	{ "anchor-origin", "the manifest names another ledger than the checkpoint",
	  "证据说明与检查点所指的账本不同" },
	{ "anchor-time", "token_time is not the time in the token", "证据说明所写时间不是时间戳中的时间" },
	{ "anchor-unnamed", "* is there, the manifest does not name it", "有 {1}，证据说明却没有列明" },
	{ "records-root", "the records do not give the root in the manifest", "由记录算出的根值与证据说明不一致" },
	{ "records-count", "expected the * records of the manifest, found *",
	  "证据说明列 {1} 条记录，实有 {2} 条" },
	{ "records-rows", "expected the * rows of the manifest, found *", "证据说明列 {1} 行，实有 {2} 行" },
	{ "records-index", "the index is not the one that the records give", "索引与由记录重新生成的不一致" },
	{ "records-index-form", "not of the form that was agreed on", "不是规定的形式" },
	{ "records-view", "view '*' is not what the records give", "视图 {1} 与由记录重新生成的不一致" },
	{ "records-end", "the records end inside of a record", "记录文件在一条记录中间结束" },
	{ "records-long", "expected at most * bytes in a record, found *", "每条记录至多 {1} 字节，实为 {2}" },
	{ "records-cells", "expected * cells, found *", "应有 {1} 个单元格，实有 {2} 个" },
	{ "records-cell", "a cell of tag * is not what row-c14n/2 writes", "标记为 {1} 的单元格不符合 row-c14n/2 编码" },
	{ "records-cell-form", "the length * of a cell is written longer than need be", "单元格长度 {1} 未用最短写法" },
	{ "records-cell-long", "a cell of * bytes is longer than it may be", "单元格长 {1} 字节，超出允许" },
	{ "records-cell-end", "expected a cell, found the end", "应有单元格，数据已结束" },
	{ "records-multiset", "expected the number of equal rows, from 1, as the first cell",
	  "首个单元格应为相同行的数目，从 1 起" },
	{ "records-order", "a row does not stand behind the one before in the order of bytes",
	  "某行按字节顺序不在前一行之后" },
	{ "record-proof", "the proof does not lead to the root of the record set", "由证明算出的根值不是该记录集的根值" },
	{ "record-proof-salt", "one salt serves two cells", "同一盐值用于两个单元格" },
	{ "record-proof-withheld", "a salt stands with a cell that is withheld", "已遮盖的单元格处出现盐值" },
	{ "record-proof-hashes", "expected * hashes, found *", "应有 {1} 个哈希值，实有 {2} 个" },
	{ "record-proof-hash", "hashes[*]: expected a SHA-256", "第 {1} 个哈希值应为 SHA-256" },
	{ "record-proof-records", "expected 1 to * records of the set", "应为记录集中的 1 至 {1} 条记录" },
	{ "record-proof-none", "the package has no record sets", "证据包中没有记录集" },
	{ "disclosure-about", "expected one original, found *", "应列一个原证据包，实列 {1} 个" },
	{ "disclosure-id", "the manifest of the original has another SHA-256 than the id that is named",
	  "原证据说明的 SHA-256 与所称编号不符" },
	{ "disclosure-kind", "a disclosure is of a capture, found *", "披露件应出自一次提取，实为 {1}" },
	{ "disclosure-object", "object '*' is no part of a disclosure", "对象 {1} 不属于披露件的组成" },
	{ "disclosure-list-form", "the list that was signed is not of the form that was agreed on", "签名清单不是规定的形式" },
	{ "disclosure-list", "* is not in the list that was signed", "签名清单中没有 {1}" },
	{ "disclosure-list-sha256", "the list that was signed has another SHA-256 of the manifest",
	  "签名清单所列证据说明的 SHA-256 与其不符" },
	{ "disclosure-entry", "the entry does not seal the original that is named", "该记录不是所称原证据包的封存记录" },
	{ "disclosure-entry-sha256", "the entry has another SHA-256 of the package", "该记录所写证据包的 SHA-256 不同" },
	{ "disclosure-entry-place", "expected entry * of the ledger, found *", "应为账本第 {1} 条记录，实为第 {2} 条" },
	{ "derived-count", "expected 1 to * disclosures in derived_from, found *", "derived_from 应列 1 至 {1} 个披露件，实为 {2} 个" },
	{ "derived-event", "the entry is about no disclosure", "该记录不是披露记录" },
	{ "derived-id", "the entry is about another disclosure", "该记录所记为另一披露件" },
	{ "derived-original", "the entry is about a disclosure of another original", "该记录所记为另一原证据包的披露件" },
	{ "derived-previous", "the entry says that it was made from something else", "该记录所记来源不同" },
	{ "derived-order", "the entry is not later than that of what it was made from", "该记录不晚于其来源的记录" },
	{ "derived-time", "the entry has another time", "该记录的时间不同" },
	{ "derived-stated", "that disclosure states another *", "该披露件所写 {1} 不同" },
	{ "derived-source", "that disclosure was made from something else", "该披露件的来源不同" },
	{ "derived-other", "that disclosure is of another original", "该披露件出自另一原证据包" },
	{ "derived-cell", "that disclosure withholds a cell of record * that is shown here", "本件所示第 {1} 条记录的单元格，该披露件未出示" },
	{ "derived-set", "that disclosure does not show record set '*'", "该披露件未出示记录集 {1}" },
	{ "derived-ledger", "the entry is of another ledger than that of the original", "该记录与原证据包的记录不在同一账本" },
	{ "disclosure-late", "a later time-stamp stands beside a signature that has one of its own", "签名自带时间戳，又另附后补时间戳" },
	{ "disclosure-twice", "record set '*' is listed twice", "记录集 {1} 重复列出" },
	{ "disclosure-proofs", "the source lists other numbers of proofs than the * there are", "source 所列证明个数与实有的 {1} 个不符" },
	{ "disclosure-sets", "expected a list of 2 to * record sets, found *", "应列出 2 至 {1} 个记录集，实为 {2} 个" },
	{ "disclosure-both", "the source names one record set and lists several", "source 既写明一个记录集又列出若干个" },
	{ "disclosure-set", "the original has no record set '*'", "原证据包中没有记录集 {1}" },
	{ "disclosure-order", "record * stands twice or out of order", "第 {1} 条记录重复或次序不符" },
	{ "disclosure-none", "no records are shown", "没有所示记录" },
	{ "masked-count", "expected * requests with a masked head, found *", "应有 {1} 条遮去登录凭据的请求记录，实有 {2} 条" },
	{ "client-certificate", "expected it asked for on * connections and sent on *, found * and *",
	  "所写要求出示 {1} 次、已出示 {2} 次，握手消息中为 {3} 次和 {4} 次" },
	{ "masked-type", "only the head of a request can be masked", "只有请求记录的头部可以遮去登录凭据" },
	{ "disclosure-counts", "the source states * *, found *", "source 写明 {2} 为 {1}，实为 {3}" },
	{ "records-large", "no object holds the content of a large cell, *", "没有数据对象存有大单元格 {1} 的内容" },
	{ "websocket-beside", "* is not in the package", "证据包中没有 {1}" },
	{ "websocket-more", "message *: the bytes hold no further message of the *",
	  "第 {1} 条消息：字节中没有 {2} 的更多消息" },
	{ "websocket-less", "the bytes hold a message of the * that is not in the list",
	  "字节中 {1} 有一条消息未列入" },
	{ "websocket-other", "is not what its bytes give", "与由其字节解析的结果不一致" },
	{ "requests-more", "record '*' is named and not in the WARC", "列有记录 {1}，WARC 中没有" },
	{ "requests-less", "record '*' of the WARC is not named", "WARC 中的记录 {1} 未列入" },
	{ "requests-twice", "record '*' is named twice", "记录 {1} 列入两次" },
	{ "requests-again", "record '*' is twice in the WARC", "WARC 中记录 {1} 出现两次" },
	{ "requests-other", "record '*' is from another address than its request", "记录 {1} 的网址与其请求的不同" },
	{ "requests-record", "expected the UUID of a record", "应为记录的 UUID" },
	{ "requests-format", "expected the format ax-wire-requests/1", "格式应为 ax-wire-requests/1" },
	{ "subject-mark", "mark * is not what the document tree gives", "第 {1} 项标识与由文档树重新查找的不一致" },
	{ "subject-marks", "the document tree gives * marks, listed are *", "由文档树查得 {1} 项标识，列有 {2} 项" },
	{ "subject-member", "member '*' is not what the document tree gives", "成员 {1} 与由文档树重新查找的不一致" },
	{ "subject-nothing", "marks are stated of a document tree that cannot be looked through",
	  "文档树不能查找，却列有标识" },
	{ "subject-unnamed", "targets[*]: its document tree is not named", "打开的第 {1} 个页面（自 0 起）未指明其文档树" },
	{ "subject-target", "targets[*]: expected the document tree *", "打开的第 {1} 个页面（自 0 起）的文档树应为 {2}" },
	{ "subject-dom", "expected the document tree *", "文档树应为 {1}" },
	{ "subject-searched", "the manifest says otherwise whether the page was looked through",
	  "是否查找过该页面，与证据说明所写不同" },
	{ "subject-count", "the manifest counts '*' otherwise", "证据说明中 {1} 的数目与此不同" },
	{ "subject-format", "expected the format ax-subject-found/1", "格式应为 ax-subject-found/1" },
	/* what could be reached */
	{ "reach-format", "expected the format ax-reach/1", "格式应为 ax-reach/1" },
	{ "reach-url", "is about another address than the capture", "所指网址不是本次提取的网址" },
	{ "reach-manifest", "the manifest's '*' is not what * gives", "证据说明的 {1} 与由 {2} 得出的不一致" },
	{ "reach-earlier-manifest", "the earlier manifest enclosed is not that of the package named",
	  "所附早前的证据说明不属于所指证据包" },
	{ "reach-earlier-facts", "the earlier facts enclosed are not those of the package named",
	  "所附早前的事实不属于所指证据包" },
	{ "reach-earlier-package", "the earlier package has another SHA-256 than is stated",
	  "早前证据包的 SHA-256 与所述不同" },
	{ "reach-earlier-none", "the earlier capture has no *", "早前的提取没有 {1}" },
	{ "reach-earlier", "expected the earlier capture in the manifest, and its facts enclosed",
	  "证据说明应指明早前的提取，并附其事实" },
	{ "reach-comparison", "the comparison is not what the facts of both captures give",
	  "比较结果与由两次提取的事实重新得出的不一致" },
	{ "reach-other-url", "expected the address of the earlier capture", "网址应为早前提取的网址" },
	{ "reach-row", "is not what its own facts give", "与由其自身事实重新得出的不一致" },
	{ "reach-member", "member '*' is not what the facts give", "成员 {1} 与由事实重新得出的不一致" },
	{ "reach-limit", "expected at most * resolvers and * addresses", "至多 {1} 个解析器、{2} 个地址" },
	{ "reach-addresses", "expected * addresses from what is stated, found *", "由所述内容应得 {1} 个地址，实有 {2} 个" },
	{ "reach-address", "address * is not the one that follows from what is stated",
	  "第 {1} 个地址（自 0 起）不是由所述内容得出的" },
	{ "reach-question", "is not the question for this host and type", "不是对该主机与类型的查询" },
	{ "reach-questions", "resolvers[*]: expected one question for A and one for AAAA",
	  "第 {1} 个解析器（自 0 起）应恰有 A 与 AAAA 各一次查询" },
	{ "reach-answer", "resolvers[*]: expected an answer, or why there is none",
	  "第 {1} 个解析器（自 0 起）应有应答，或没有应答的原因" },
	{ "reach-outcome", "addresses[*]: expected members that fit the outcome",
	  "第 {1} 个地址（自 0 起）的成员与其结果不符" },
	{ "reach-steps", "expected just the steps that follow from one another", "各步骤应恰为依次可进行的步骤" },
	{ "reach-no-resolvers", "expected no resolvers for a host that is not looked up", "该主机无需解析，不应有解析器" },
	{ "reach-received", "what was received does not end as is stated", "所收内容的结尾与所述不符" },
	{ "reach-received-form", "member 'received': expected base64 of at most * bytes",
	  "成员 received 应为至多 {1} 字节的 base64" },
	{ "reach-time", "member '*': expected a time from started to finished", "成员 {1} 的时间应在开始与结束之间" },
	{ "reach-word", "member '*': expected one of its words", "成员 {1} 不是规定的用词" },
	{ "reach-list", "member '*': expected a list of *", "成员 {1} 应为列表" },
	{ "reach-base64", "member '*': expected base64", "成员 {1} 应为 base64" },
	{ "reach-ip", "expected an IP address", "应为 IP 地址" },
	{ "reach-host", "expected a host in ASCII letters (xn--...), or an address in its usual form",
	  "主机名应为 ASCII 字母（xn--…），或通常写法的地址" },
	{ "reach-host", "expected a host of 1 to 253 bytes", "主机名应为 1 至 253 字节" },
	{ "reach-host", "expected a host, perhaps with a port, and no user", "应有主机名（可带端口），不带用户名" },
	{ "reach-host", "expected an IPv6 address in the brackets", "方括号中应为 IPv6 地址" },
	{ "reach-host", "expected a port from 1 to 65535", "端口应为 1 至 65535" },
	{ "reach-scheme", "expected an address of http or https", "应为 http 或 https 网址" },
	{ "dns-id", "expected the id of the query", "DNS 报文的编号应与查询相同" },
	{ "dns-response", "expected a response to a standard query", "应为标准查询的应答" },
	{ "dns-question", "expected the question of the query", "应答中的问题应与查询相同" },
	{ "dns-whole", "expected a whole DNS message, found its end", "DNS 报文不完整" },
	{ "dns-form", "expected a DNS message, found * bytes", "应为 DNS 报文，实为 {1} 字节" },
	{ "dns-name", "expected a name that points backwards", "DNS 报文中的名称指针有误" },
	{ "dns-name", "expected a name as long as its record", "DNS 报文中的名称与记录长度不符" },
	{ "dns-address", "expected an address of its record's length, found * bytes", "DNS 记录中的地址长度有误：{1} 字节" },
	/* the bundle */
	{ "entry-missing", "expected entry *, which is missing", "缺少文件 {1}" },
	{ "package-size", "the size listed is not the package's", "所列大小不是该证据包的大小" },
	{ "package-sha256", "the SHA-256 listed is not the package's", "所列 SHA-256 不是该证据包的" },
	{ "package-id", "the id listed is not the package's", "所列编号不是该证据包的编号" },
	{ "package-count", "expected * packages as listed, found *", "清单列有 {1} 个证据包，实有 {2} 个" },
	{ "package-missing", "* is listed, but missing", "列明的 {1} 不存在" },
	{ "package-row", "expected the row of the package to have * *, found *", "该证据包所在行的 {1} 应为 {2}，实为 {3}" },
	{ "hand", "* is not what the package holds", "{1} 与证据包内的不同" },
	{ "hand-missing", "expected entry *", "缺少文件 {1}" },
	/* the ledger */
	{ "proof", "* proof does not lead to the root", "由证明算不出检查点的根值（{1}）" },
	{ "proof-checkpoint", "the proof is against another checkpoint", "证明针对的是另一检查点" },
	{ "proof-size", "expected a proof from size *, found one from *",
	  "应为从大小 {1} 起的证明，实为从 {2} 起" },
	{ "proof-ledgers", "the checkpoints are of two ledgers", "两个检查点属于不同账本" },
	{ "proof-text", "tlog-proof: *", "账本证明的格式有误（{1}）" },
	{ "growth-text", "consistency proof: *", "账本增长证明的格式有误（{1}）" },
	{ "note-text", "signed note: *", "账本检查点的格式有误（{1}）" },
	{ "checkpoint-text", "checkpoint: expected origin, size and root", "账本检查点应有名称、大小和根值" },
	{ "checkpoint-text", "checkpoint: malformed tree size", "账本检查点的大小格式有误" },
	{ "checkpoint-text", "checkpoint: expected a root of 32 bytes in base64",
	  "账本检查点的根值应为 32 字节的 base64" },
	{ "checkpoint-origin", "the checkpoint's origin is not the key's name",
	  "检查点的账本名称与公钥的名称不同" },
	{ "event-format", "expected an entry of format ax-ledger/1", "账本记录的格式应为 ax-ledger/1" },
	{ "event", "expected event *", "应为 {1} 记录" },
	{ "event-session", "entry * is of another session", "{1} 记录属于另一次提取" },
	{ "event-order", "expected started, captured, sealed one after another",
	  "应依次为开始、提取、封存" },
	{ "event-captured-id", "captured: the id is not the package's", "提取记录的编号不是该证据包的编号" },
	{ "event-sealed-id", "sealed: the id is not the package's", "封存记录的编号不是该证据包的编号" },
	{ "event-sealed-sha256", "sealed: the SHA-256 is not the package's",
	  "封存记录的 SHA-256 不是该证据包的" },
	{ "event-sealed-size", "sealed: the size is not the package's", "封存记录的大小不是该证据包的大小" },
	{ "event-target", "the target is not the one committed to", "提取目标与开始前登记的承诺不符" },
	{ "event-token", "the entry is about another token or package", "该记录是关于另一时间戳或证据包的" },
	{ "erased-not-a-disclosure", "erased: the package is no disclosure", "删除记录：该证据包不是披露件" },
	{ "erased-other-original", "erased: the entry is about another original", "删除记录：所记是另一原证据包" },
	{ "erased-order", "erased: expected it after the original was sealed", "删除记录：应在原证据包封存之后" },
	{ "anchor-key", "the anchor is not signed by the ledger's key", "提取前的检查点不是由该账本的密钥签名的" },
	{ "anchor-after", "the capture was logged as started before its anchor",
	  "提取开始的记录在其所称提取前的检查点之前" },
	{ "expected", "expected *, found *", "应为 {1}，实为 {2}" },
	{ NULL, NULL, NULL },
};

const struct axev__reason *axev__reason_at(size_t position)
{
	return &reasons[position];
}

#define MAX_HOLES 9

struct holes {
	size_t count;
	struct axev__span items[MAX_HOLES];
};

/* Does @pattern fit all of @text? Each * takes as little as it can. */
static bool fits(const char *pattern, const char *text, struct holes *holes)
{
	const char *rest;
	size_t hole = holes->count;

	while (*pattern && *pattern != '*')
		if (*pattern++ != *text++)
			return false;
	if (!*pattern)
		return !*text;
	if (hole == MAX_HOLES)
		return false;
	for (rest = text;; rest++) {
		holes->items[hole] = axev__span(text, (size_t)(rest - text));
		holes->count = hole + 1;
		if (fits(pattern + 1, rest, holes))
			return true;
		if (!*rest)
			return false;
	}
}

static int fill_in(const char *zh, const struct holes *holes, struct axev__buf *out, axev_error *err)
{
	for (; *zh; zh++) {
		size_t number = zh[0] == '{' && zh[1] >= '1' && zh[1] <= '9' && zh[2] == '}' ?
					(size_t)(zh[1] - '1') :
					MAX_HOLES;

		if (number >= holes->count) {
			TRY(axev__buf_byte(out, (uint8_t)*zh, err));
			continue;
		}
		TRY(axev__buf_span(out, holes->items[number], err));
		zh += 2;
	}
	return AXEV_OK;
}

static const struct axev__reason *find(const char *message, struct holes *holes)
{
	const struct axev__reason *reason;

	for (reason = reasons; reason->id; reason++) {
		holes->count = 0;
		if (fits(reason->en, message, holes))
			return reason;
	}
	return NULL;
}

int axev__reason_zh(const char *text, struct axev__buf *out, const char **ret_id, axev_error *err)
{
	const char *message = text;
	struct holes holes;

	/* Subjects stand in front, each with a colon: "objects[3]: entry 'x': ...". */
	while (message) {
		const struct axev__reason *reason = find(message, &holes);

		if (reason) {
			*ret_id = reason->id;
			TRY(axev__buf_append(out, text, (size_t)(message - text), err));
			return fill_in(reason->zh, &holes, out, err);
		}
		message = strstr(message, ": ");
		message = message ? message + 2 : NULL;
	}
	*ret_id = "";
	return axev__buf_printf(out, err, "与应为不符。程序原文：%s", text);
}
