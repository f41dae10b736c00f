/* A body as a connection of R. */
#include <string.h>

#include "glue.h"

#include <R_ext/Connections.h>
#if !defined(R_CONNECTIONS_VERSION) || R_CONNECTIONS_VERSION != 1
#error "R's connections are of another version."
#endif

struct stream {
    SEXP handle;
    size_t at, end; /* what is left in `buffer`, for readers of single characters */
    char buffer[65536];
};

/* What crux_read says; an error of the stream is an error of R. */
static size_t receive(struct stream *stream, void *buffer, size_t capacity)
{
    crux_response *response = R_ExternalPtrAddr(stream->handle);
    if (!response)
        return 0;
    struct wait wait;
    wait_begin(&wait, R_NilValue, 0);
    ptrdiff_t length = crux_read(response, buffer, capacity);
    wait_end(&wait, stream->handle);
    if (length >= 0)
        return (size_t)length;
    end_with(PROTECT(failure_from(stream->handle)));
    UNPROTECT(1);
    return 0;
}

static size_t stream_read(void *buffer, size_t size, size_t count, Rconnection connection)
{
    struct stream *stream = connection->private;
    size_t wanted = size * count, got = stream->end - stream->at;
    if (got > wanted)
        got = wanted;
    memcpy(buffer, stream->buffer + stream->at, got);
    stream->at += got;
    while (got < wanted) {
        size_t more = receive(stream, (char *)buffer + got, wanted - got);
        if (more == 0)
            break;
        got += more;
    }
    return size ? got / size : 0;
}

static int stream_character(Rconnection connection)
{
    struct stream *stream = connection->private;
    if (stream->at == stream->end) {
        stream->at = stream->end = 0;
        stream->end = receive(stream, stream->buffer, sizeof stream->buffer);
        if (stream->end == 0)
            return -1;
    }
    return (unsigned char)stream->buffer[stream->at++];
}

static Rboolean stream_open(Rconnection connection)
{
    connection->isopen = TRUE;
    return TRUE;
}

static void stream_close(Rconnection connection)
{
    struct stream *stream = connection->private;
    handle_free(stream->handle);
    connection->isopen = FALSE;
}

static void stream_destroy(Rconnection connection)
{
    struct stream *stream = connection->private;
    handle_free(stream->handle);
    R_ReleaseObject(stream->handle);
    R_Free(stream);
    connection->private = NULL;
}

/* Sends a request and waits for the head: a list of the connection and the response, or a crux_failure. */
SEXP attribute_hidden r_stream(SEXP source, SEXP request)
{
    SEXP call = PROTECT(handle_new(R_NilValue));
    call_build(call, source, request);
    SEXP handle = PROTECT(handle_new(R_NilValue));
    struct wait wait;
    wait_begin(&wait, R_NilValue, 0);
    R_SetExternalPtrAddr(handle, crux_call_stream(R_ExternalPtrAddr(call)));
    wait_end(&wait, handle);
    handle_free(call);
    SEXP head = PROTECT(answer_of_stream(handle));
    if (Rf_inherits(head, "crux_failure")) {
        UNPROTECT(3);
        return head;
    }
    SEXP pair = PROTECT(Rf_allocVector(VECSXP, 2));
    Rconnection connection;
    const char *name = text_of(VECTOR_ELT(request, AT_PATH), "path");
    SET_VECTOR_ELT(pair, 0, R_new_custom_connection(name, "rb", "crux_stream", &connection));
    SET_VECTOR_ELT(pair, 1, head);
    struct stream *stream = R_Calloc(1, struct stream);
    stream->handle = handle;
    R_PreserveObject(handle);
    connection->private = stream;
    connection->isopen = TRUE;
    connection->canread = TRUE;
    connection->canwrite = FALSE;
    connection->canseek = FALSE;
    connection->text = FALSE;
    connection->blocking = TRUE;
    connection->open = stream_open;
    connection->close = stream_close;
    connection->destroy = stream_destroy;
    connection->read = stream_read;
    connection->fgetc = stream_character;
    connection->fgetc_internal = stream_character;
    UNPROTECT(4);
    return pair;
}
