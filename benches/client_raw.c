/*
 * The floor: fixed bytes to one socket, no more looked at than where the response ends. What no HTTP
 * library can do better; TLS is OpenSSL's.
 */
#include "bench.h"
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

struct own {
    int fd;
    SSL *ssl;
    char host[128];
    char head[2048];
    size_t head_size;
    char buffer[256 * 1024];
};

static SSL_CTX *context;
static SSL_SESSION *session;

/* With TLS 1.3 a session comes after the handshake, and serves once. */
static int keep_session(SSL *ssl, SSL_SESSION *fresh)
{
    (void)ssl;
    SSL_SESSION_free(session);
    session = fresh;
    return 1;
}

static void process_open(const struct task *task)
{
    if (strncmp(task->base, "https", 5) != 0)
        return;
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    if (!task->ca || SSL_CTX_load_verify_locations(context, task->ca, NULL) != 1)
        die("raw", "no CA certificate in $BENCH_CA");
}

static void dial(struct own *own, const char *base)
{
    char port[8] = "";
    struct addrinfo *found, hints = { .ai_socktype = SOCK_STREAM };
    int on = 1;
    if (sscanf(base, "%*[^:]://%127[^:]:%7[0-9]", own->host, port) != 2 ||
        getaddrinfo(own->host, port, &hints, &found) != 0)
        die("raw", base);
    own->fd = -1;
    for (struct addrinfo *a = found; a; a = a->ai_next) {
        own->fd = socket(a->ai_family, a->ai_socktype, 0);
        if (own->fd >= 0 && connect(own->fd, a->ai_addr, a->ai_addrlen) == 0)
            break;
        close(own->fd);
        own->fd = -1;
    }
    freeaddrinfo(found);
    if (own->fd < 0)
        die("raw", "cannot connect");
    setsockopt(own->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context) {
        own->ssl = SSL_new(context);
        SSL_set1_host(own->ssl, own->host);
        SSL_set_tlsext_host_name(own->ssl, own->host);
        SSL_set_fd(own->ssl, own->fd);
        if (session)
            SSL_set_session(own->ssl, session);
        if (SSL_connect(own->ssl) != 1)
            die("raw", "TLS handshake");
    }
}

static void hang_up(struct own *own)
{
    if (own->ssl) {
        SSL_shutdown(own->ssl);
        SSL_free(own->ssl);
        own->ssl = NULL;
    }
    close(own->fd);
}

static void put(struct own *own, const char *data, size_t size)
{
    while (size > 0) {
        size_t piece = size;
        ssize_t sent = own->ssl ? SSL_write(own->ssl, data, piece > (1 << 30) ? 1 << 30 : (int)piece)
                                : send(own->fd, data, piece, MSG_NOSIGNAL);
        if (sent <= 0)
            die("raw", "cannot send");
        data += sent;
        size -= sent;
    }
}

static size_t get(struct own *own, char *to, size_t room)
{
    ssize_t got = own->ssl ? SSL_read(own->ssl, to, (int)room) : recv(own->fd, to, room, 0);
    if (got <= 0)
        die("raw", "cannot receive");
    return got;
}

static void *thread_open(const struct task *task)
{
    struct own *own = calloc(1, sizeof *own);
    int is_big = task->is_put || task->is_upload;
    size_t size = task->is_post ? sizeof POSTED - 1 : is_big ? UPLOAD : 0;
    const char *path = strchr(strstr(task->base, "://") + 3, '/');
    dial(own, task->base);
    own->head_size = snprintf(own->head, sizeof own->head,
                              "%s %s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench\r\nAccept: application/json, */*;q=0.8\r\n"
                              "Authorization: Bearer " TOKEN "\r\n",
                              task->is_post || task->is_upload ? "POST" : task->is_put ? "PUT" : "GET", path, task->path, own->host);
    for (int i = 0; i < OWN_HEADERS && task->is_own; i++)
        own->head_size += snprintf(own->head + own->head_size, sizeof own->head - own->head_size, "%s: %s\r\n",
                                   OWN[i][0], OWN[i][1]);
    if (size)
        own->head_size += snprintf(own->head + own->head_size, sizeof own->head - own->head_size,
                                   "Content-Type: application/json\r\nContent-Length: %zu\r\n", size);
    strcpy(own->head + own->head_size, "\r\n");
    own->head_size += 2;
    if (task->is_post) {
        strcpy(own->head + own->head_size, POSTED);
        own->head_size += sizeof POSTED - 1;
    }
    return own;
}

static void request(const struct task *task, void *context_of_thread)
{
    struct own *own = context_of_thread;
    size_t filled = 0;
    char *end = NULL;
    put(own, own->head, own->head_size);
    if (task->is_put || task->is_upload)
        put(own, task->upload, UPLOAD);
    while (!end) {
        filled += get(own, own->buffer + filled, sizeof own->buffer - 1 - filled);
        own->buffer[filled] = 0;
        end = strstr(own->buffer, "\r\n\r\n");
    }
    if (strncmp(own->buffer, "HTTP/1.1 2", 10) != 0)
        die("raw", own->buffer);
    char *length = strstr(own->buffer, "Content-Length: ");
    size_t left = length && length < end ? strtoull(length + 16, NULL, 10) : 0;
    left -= own->buffer + filled - (end + 4);
    while (left > 0)
        left -= get(own, own->buffer, left < sizeof own->buffer ? left : sizeof own->buffer);
    if (task->is_fresh) {
        hang_up(own);
        dial(own, task->base);
    }
}

static void thread_close(void *own)
{
    hang_up(own);
    free(own);
}

static void process_close(void)
{
    SSL_SESSION_free(session);
    SSL_CTX_free(context);
}
