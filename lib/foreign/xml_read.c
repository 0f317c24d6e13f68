/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/xml_read.h"

#include <expat.h>

#define SEPARATOR '|'

struct reading {
	XML_Parser parser;
	const struct axev__xml_handlers *handlers;
	void *payload;
	unsigned depth;
	int status;
	axev_error *err;
};

static const char *local_name(const char *name)
{
	const char *at = strrchr(name, SEPARATOR);

	return at ? at + 1 : name;
}

const char *axev__xml_attribute(const char *const *attributes, const char *name)
{
	for (; attributes[0]; attributes += 2)
		if (strcmp(local_name(attributes[0]), name) == 0)
			return attributes[1];
	return NULL;
}

static void stop_at(struct reading *reading, int status)
{
	reading->status = status;
	if (status < 0)
		XML_StopParser(reading->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = user;

	if (reading->status < 0)
		return;
	if (++reading->depth > AXEV__MAX_FOREIGN_XML_DEPTH)
		stop_at(reading, axev__fail(reading->err, AXEV_E_LIMIT, "expected at most %d levels of elements",
					    AXEV__MAX_FOREIGN_XML_DEPTH));
	else
		stop_at(reading, reading->handlers->start(reading->payload, local_name(name),
							  (const char *const *)attributes, reading->err));
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	struct reading *reading = user;

	reading->depth--;
	if (reading->status >= 0)
		stop_at(reading, reading->handlers->end(reading->payload, local_name(name), reading->err));
}

static void XMLCALL on_text(void *user, const XML_Char *text, int size)
{
	struct reading *reading = user;

	if (reading->status >= 0 && reading->handlers->text)
		stop_at(reading, reading->handlers->text(reading->payload, axev__span(text, (size_t)size), reading->err));
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
			       int has_subset)
{
	struct reading *reading = user;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	stop_at(reading, axev__fail(reading->err, AXEV_E_FORMAT, "a document type declaration is not allowed here"));
}

static int parse(struct reading *reading, struct axev__span piece, int is_last, axev_error *err)
{
	unsigned long line;

	if (XML_Parse(reading->parser, (const char *)piece.data, (int)piece.size, is_last) != XML_STATUS_ERROR)
		return AXEV_OK;
	line = XML_GetCurrentLineNumber(reading->parser);
	if (XML_GetErrorCode(reading->parser) == XML_ERROR_NO_MEMORY)
		return axev__nomem(err);
	if (reading->status < 0)
		return axev__prefix(reading->status, err, "line %lu", line);
	return axev__fail(err, AXEV_E_FORMAT, "line %lu: %s", line, XML_ErrorString(XML_GetErrorCode(reading->parser)));
}

static int take(void *payload, struct axev__span piece, axev_error *err)
{
	return parse(payload, piece, 0, err);
}

int axev__xml_read(const struct axev__unzip *unzip, const char *name, const struct axev__xml_handlers *handlers,
		   void *payload, axev_error *err)
{
	struct reading reading = { XML_ParserCreateNS(NULL, SEPARATOR), handlers, payload, 0, AXEV_OK, err };
	int status;

	if (!reading.parser)
		return axev__nomem(err);
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	status = axev__unzip_read(unzip, name, take, &reading, err);
	if (status >= 0)
		status = parse(&reading, axev__span("", 0), 1, err);
	XML_ParserFree(reading.parser);
	return status;
}
