/* SPDX-License-Identifier: Apache-2.0 */
/* The TLS connection of a page: what the browser said of it, and what the recorded handshakes prove. */
#include "print/form.h"

#include <stdio.h>

#include "base/text.h"

#define TEXT(zh, en, path, half) { { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_TEXT, half }
#define VALUE(zh, en, path, show, half) \
	{ { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_##show, half }

static const struct axev__form_field tls_fields[] = {
	TEXT("TLS 版本", "TLS version", "source/tls/version", true),
	TEXT("加密套件", "Cipher", "source/tls/cipher", true),
	TEXT("服务器名", "Server name", "source/tls/server_name", false),
	TEXT("证书主体", "Subject", "source/tls/subject", false),
	TEXT("签发者", "Issuer", "source/tls/issuer", false),
	VALUE("证书链核对", "Certificates checked", "source/tls/verified", CHECK, false),
	VALUE("核对结果", "Result", "source/tls/verify_result", OWN, false),
	VALUE("证书链 SHA-256", "Certificate chain, SHA-256", "source/tls/certificates", HEX, false),
};

static const struct axev__word statuses[] = {
	{ "passed", { "通过", "passed" } },
	{ "failed", { "不通过", "failed" } },
	{ "indeterminate", { "不能判定", "indeterminate" } },
	{ "not-applicable", { "未核验", "not checked" } },
};

/* ---- one check ---- */

static int proof_row(struct axev__form_build *build, struct axev__span title, struct axev__span status,
		     struct axev__span found, axev_error *err)
{
	static const struct axev__cell label = { .style = AXEV__STYLE_LABEL, .is_shaded = true };
	static const struct axev__cell centre = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };

	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &label, title, err));
	TRY(axev__doc_cell(build->document, &centre, status, err));
	return axev__doc_cell(build->document, &small, found, err);
}

static int check_row(struct axev__form_build *build, const axev__json *check, axev_error *err)
{
	struct axev__span title, code, found = axev__span("", 0);
	struct axev__shown shown;

	TRY(axev__json_string(check, build->is_zh ? "title_zh" : "title", &title, err));
	TRY(axev__json_string(check, "status", &code, err));
	if (!build->is_zh || !axev__json_as_string(axev__json_get(check, "found_zh"), &found))
		axev__json_as_string(axev__json_get(check, "found"), &found);
	return proof_row(build, title,
			 axev__span_str(axev__form_word(build, statuses, AXEV__COUNT(statuses),
							axev__show(&shown, code))),
			 found, err);
}

/* What needs somebody to be trusted is not asked here. */
static int unchecked_row(struct axev__form_build *build, struct axev__phrase title, struct axev__phrase why,
			 axev_error *err)
{
	return proof_row(build, axev__span_str(axev__say(build, title)),
			 axev__span_str(build->is_zh ? "未核验" : "not checked"),
			 axev__span_str(axev__say(build, why)), err);
}

static int validity_row(struct axev__form_build *build, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(1024);
	const axev__json *proof = build->input->tls_proof;
	bool has;

	if (!axev__json_get(proof, "not_before"))
		return AXEV_OK;
	TRY(axev__form_value(build, axev__json_get(proof, "not_before"), AXEV__SHOW_TIME, &text, &has, err));
	TRY(axev__buf_str(&text, build->is_zh ? " 至 " : " to ", err));
	TRY(axev__form_value(build, axev__json_get(proof, "not_after"), AXEV__SHOW_TIME, &text, &has, err));
	return proof_row(build, axev__span_str(build->is_zh ? "证书有效期" : "Certificate valid"),
			 axev__span_str(build->is_zh ? "证书所载" : "as it states"), axev__buf_view(&text), err);
}

/* ---- what it comes to ---- */

static int conclude(struct axev__form_build *build, uint64_t connections, uint64_t proven, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(2048);

	if (proven == 0)
		TRY(axev__buf_str(&text,
				  build->is_zh ? "未证明：符合上列 TLS 事实的连接，没有一个在签名、主机名、有效期和浏览器核对各项上全部通过；逐项见下表。" :
						 "Not proven: of the connections with the TLS facts above none passed on all of signature, "
						 "host, validity and the browser's own check; the table shows one.",
				  err));
	else
		TRY(axev__buf_printf(&text, err,
				     build->is_zh ? "已证明：符合上列 TLS 事实的 %llu 个连接中，%llu 个有该证书密钥持有者参与握手。" :
						    "Proven: of %llu connections with the TLS facts above, the holder of this "
						    "certificate's key took part in the handshake of %llu.",
				     (unsigned long long)connections, (unsigned long long)proven));
	if (proven > 0 && proven < connections)
		TRY(axev__buf_str(&text,
				  build->is_zh ? "页面文档由其中哪一个传输，未作区分。" :
						 " Which of them carried the document is not told apart.",
				  err));
	return axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&text), err);
}

static int proof(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase none = {
		"未核验握手签名：没有可读的连接记录。",
		"The handshake's signature was not checked: there is no record of connections that could be read.",
	};
	static const struct axev__phrase needs_roots = {
		"印制时未选定根证书；由核验人以其策略核验",
		"no roots are chosen for a print; the verifier's policy does",
	};
	static const struct axev__phrase needs_logs = {
		"印制时未选定日志；由核验人以其策略核验",
		"no logs are chosen for a print; the verifier's policy does",
	};
	static const uint16_t weights[] = { 24, 14, 62 };
	static const struct axev__phrase titles[] = {
		{ "核验项", "Check" }, { "结果", "Result" }, { "依据", "Grounds" },
	};
	const axev__json *list = axev__json_get(build->input->tls_proof, "checks");
	uint64_t connections = 0, proven = 0;
	size_t i;

	if (axev__json_count(list) == 0)
		return axev__form_note(build, none, err);
	TRY(axev__json_u64(build->input->tls_proof, "connections", &connections, err));
	TRY(axev__json_u64(build->input->tls_proof, "proven", &proven, err));
	TRY(conclude(build, connections, proven, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(check_row(build, axev__json_at(list, i), err));
	TRY(validity_row(build, err));
	TRY(unchecked_row(build, (struct axev__phrase){ "网站身份", "Identity of the web server" }, needs_roots, err));
	return unchecked_row(build, (struct axev__phrase){ "证书时间戳（SCT）", "Certificate timestamps (SCT)" },
			     needs_logs, err);
}

int axev__form_tls(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase none = { "未记录 TLS 连接。", "No TLS connection was recorded." };
	static const struct axev__phrase limit = {
		"“证书链核对”由浏览器在提取时进行，为其当时的报告。握手签名由本程序在印制时以证据包所存握手消息重新核验，"
		"只证明证书密钥的持有者参与了该次握手，不证明其后传输的内容，不说明页面内容属实。",
		"\"Certificates checked\" is what the browser reported during the capture. The handshake's signature was verified "
		"again for this print from the messages in the package: it proves that the holder of the certificate's key took "
		"part in that handshake, not what was then sent, and says nothing about the truth of the page.",
	};

	TRY(axev__form_heading(build, (struct axev__phrase){ "TLS 连接", "TLS connection" }, err));
	if (!axev__form_at(build->input->manifest, "source/tls"))
		return axev__form_note(build, none, err);
	TRY(axev__form_fields(build, tls_fields, AXEV__COUNT(tls_fields), err));
	TRY(proof(build, err));
	return axev__form_note(build, limit, err);
}
