/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/xml_read.h"

#include <expat.h>

#include "foreign/xml_names.h"

#define SEPARATOR '|'

struct reading {
	XML_Parser parser;
	const struct axev__xml_handlers *handlers;
	void *payload;
	unsigned depth;
	size_t quiet_bytes; /* handed to the parser since it last had something to tell */
	struct axev__xml_names names;
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
	reading->quiet_bytes = 0;
	reading->status = status;
	if (status < 0)
		XML_StopParser(reading->parser, XML_FALSE);
}

static int start_element(struct reading *reading, const char *name, const char *const *attributes, axev_error *err)
{
	size_t i;

	if (++reading->depth > AXEV__MAX_FOREIGN_XML_DEPTH)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d levels of elements", AXEV__MAX_FOREIGN_XML_DEPTH);
	TRY(axev__xml_names_see(&reading->names, name, err));
	for (i = 0; attributes[i]; i += 2)
		TRY(axev__xml_names_see(&reading->names, attributes[i], err));
	return reading->handlers->start(reading->payload, local_name(name), attributes, err);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = user;

	if (reading->status >= 0)
		stop_at(reading, start_element(reading, name, (const char *const *)attributes, reading->err));
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	struct reading *reading = user;

	reading->depth--;
	reading->quiet_bytes = 0;
	if (reading->status >= 0)
		stop_at(reading, reading->handlers->end(reading->payload, local_name(name), reading->err));
}

static void XMLCALL on_text(void *user, const XML_Char *text, int size)
{
	struct reading *reading = user;

	reading->quiet_bytes = 0;
	if (reading->status >= 0 && reading->handlers->text)
		stop_at(reading, reading->handlers->text(reading->payload, axev__span(text, (size_t)size), reading->err));
}

/* Comments, instructions and the like: only that they are over is of interest. */
static void XMLCALL on_other(void *user, const XML_Char *text, int size)
{
	struct reading *reading = user;

	(void)text;
	(void)size;
	reading->quiet_bytes = 0;
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

	reading->quiet_bytes += piece.size;
	if (XML_Parse(reading->parser, (const char *)piece.data, (int)piece.size, is_last) != XML_STATUS_ERROR &&
	    reading->quiet_bytes <= AXEV__MAX_FOREIGN_XML_TOKEN)
		return AXEV_OK;
	line = XML_GetCurrentLineNumber(reading->parser);
	if (XML_GetErrorCode(reading->parser) == XML_ERROR_NONE)
		return axev__fail(err, AXEV_E_LIMIT, "line %lu: expected at most %zu bytes in a tag or a comment", line,
				  AXEV__MAX_FOREIGN_XML_TOKEN);
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

int axev__xml_read(struct axev__unzip *unzip, const char *name, const struct axev__xml_handlers *handlers,
		   void *payload, axev_error *err)
{
	struct reading reading = { .parser = XML_ParserCreateNS(NULL, SEPARATOR), .handlers = handlers, .payload = payload,
				   .err = err };
	int status;

	if (!reading.parser)
		return axev__nomem(err);
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	XML_SetDefaultHandlerExpand(reading.parser, on_other);
	status = axev__unzip_read(unzip, name, take, &reading, err);
	if (status >= 0)
		status = parse(&reading, axev__span("", 0), 1, err);
	XML_ParserFree(reading.parser);
	axev__xml_names_free(&reading.names);
	return status;
}
