/* SPDX-License-Identifier: Apache-2.0 */
#include "sealing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int sealing_option(struct sealing_options *sealing, int option, char *argument)
{
	static const axev_tsa defaults = AXEV_TSA_INIT;

	switch (option) {
	case 'T':
		if (sealing->authority_count == MAX_AUTHORITIES) {
			cli_usage("seal", "expected at most %d authorities", MAX_AUTHORITIES);
			return -1;
		}
		sealing->authorities[sealing->authority_count] = defaults;
		sealing->authorities[sealing->authority_count++].url = argument;
		return 1;
	case 'A':
		sealing->tsa_ca = argument;
		return 1;
	case 'P':
		sealing->passphrase_file = argument;
		return 1;
	case 'K':
		sealing->key_path = argument;
		return 1;
	case 'E':
		sealing->cert_path = argument;
		return 1;
	case 'J':
		sealing->is_json = 1;
		return 1;
	default:
		return 0;
	}
}

const axev_tsa *sealing_authorities(struct sealing_options *sealing, size_t *ret_count)
{
	size_t i;

	for (i = 0; i < sealing->authority_count; i++)
		if (strcmp(sealing->authorities[i].url, "embedded") != 0)
			sealing->authorities[i].ca_file = sealing->tsa_ca;
	*ret_count = sealing->authority_count;
	return sealing->authority_count ? sealing->authorities : NULL;
}

int sealing_signer(const struct sealing_options *sealing, axev_signer **ret_signer)
{
	axev_error err = AXEV_ERROR_INIT;
	char *passphrase;
	int status, code, is_needed;

	*ret_signer = NULL;
	if (!sealing->key_path)
		return sealing->cert_path ? cli_usage(NULL, "expected --cert with the --key of its holder") : EXIT_DONE;
	for (is_needed = 0;; is_needed = 1) {
		passphrase = cli_passphrase(sealing->passphrase_file, is_needed, &code);
		if (code != EXIT_DONE)
			return code;
		axev_error_clear(&err);
		status = axev_signer_open(sealing->key_path, sealing->cert_path, passphrase, ret_signer,
					  &err);
		code = passphrase != NULL;
		cli_passphrase_free(passphrase);
		if (status != AXEV_E_PASSPHRASE || is_needed || code)
			break;
	}
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static void print_json(const axev_seal_result *result, int is_complete)
{
	char id[65], sha256[65];

	cli_hex(result->id.bytes, 32, id);
	cli_hex(result->package_sha256, 32, sha256);
	printf("{\"id\":\"%s\",\"state\":\"sealed\",\"complete\":%s,\"package_sha256\":\"%s\","
	       "\"package_bytes\":%" PRIu64 ",\"entry\":%" PRIu64 ",\"time\":\"%s\"",
	       id, is_complete ? "true" : "false", sha256, result->package_bytes, result->sealed_index,
	       result->is_time_pending ? "pending" :
	       result->is_embedded_time ? "embedded" :
					  "authority");
	if (result->time_problem[0]) {
		fputs(",\"time_problem\":", stdout);
		cli_json_string(result->time_problem);
	}
	puts("}");
}

static void print_text(const axev_seal_result *result, int is_complete)
{
	const char *lang = cli_lang(NULL);
	char id[65];

	cli_hex(result->id.bytes, 32, id);
	printf(cli_text(lang, "已封存: %s\n大小: %" PRIu64 " 字节, 账本条目 %" PRIu64 "\n",
			"sealed: %s\nsize: %" PRIu64 " bytes, ledger entry %" PRIu64 "\n"),
	       id, result->package_bytes, result->sealed_index);
	if (!is_complete)
		puts(cli_text(lang, "注意: 提取不完整, 清单中列明缺失及原因",
			      "note: the capture is incomplete; the manifest lists what is missing and why"));
	if (result->is_embedded_time)
		puts(cli_text(lang, "注意: 时间仅由制作方自有的时间戳服务证明",
			      "note: the time is attested only by the maker's own authority"));
	if (result->is_time_pending)
		printf(cli_text(lang, "注意: 时间待补 (%s); 之后执行: axev seal --complete %.16s\n",
				"note: time pending (%s); later: axev seal --complete %.16s\n"),
		       result->time_problem, id);
}

/* With the operator's key a passphrase may turn out to be needed: then it is asked for once. */
static int seal_asking(axev_ledger *ledger, axev_draft *draft, const axev_id *id,
		       axev_seal_opts *opts, const struct sealing_options *sealing,
		       axev_seal_result *result, axev_error *err)
{
	int status, code, is_needed, had_one;

	for (is_needed = 0;; is_needed = 1) {
		char *passphrase = cli_passphrase(sealing->passphrase_file, is_needed, &code);

		opts->passphrase = passphrase;
		had_one = passphrase != NULL;
		axev_error_clear(err);
		status = draft ? axev_seal(ledger, draft, opts, result, err) :
				 axev_seal_complete(ledger, id, opts, result, err);
		cli_passphrase_free(passphrase);
		if (status != AXEV_E_PASSPHRASE || is_needed || had_one)
			return status;
	}
}

static int seal_and_tell(axev_ledger *ledger, axev_draft *draft, const axev_id *id,
			 const struct sealing_options *given, axev_signer *signer)
{
	struct sealing_options sealing = *given;
	axev_seal_opts opts = AXEV_SEAL_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_error err = AXEV_ERROR_INIT;
	axev_signer *signers[1] = { signer };
	int is_complete = draft ? axev_draft_is_complete(draft) : 1;
	int status;

	opts.authorities = sealing_authorities(&sealing, &opts.authority_count);
	opts.despite_checks = sealing.despite_checks;
	opts.signers = signer ? signers : NULL;
	opts.signer_count = signer ? 1 : 0;
	status = seal_asking(ledger, draft, id, &opts, &sealing, &result, &err);
	if (status < 0)
		return cli_fail(&err, status);
	if (sealing.is_json)
		print_json(&result, is_complete);
	else
		print_text(&result, is_complete);
	return EXIT_DONE;
}

int sealing_run(axev_ledger *ledger, axev_draft *draft, const struct sealing_options *sealing,
		axev_signer *signer)
{
	return seal_and_tell(ledger, draft, NULL, sealing, signer);
}

int sealing_complete(axev_ledger *ledger, const axev_id *id, const struct sealing_options *sealing)
{
	return seal_and_tell(ledger, NULL, id, sealing, NULL);
}
