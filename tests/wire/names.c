/* A resolver that answers as it is told, to be loaded before the system's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static int asked;
    look_up *real = (look_up *) dlsym(RTLD_NEXT, "getaddrinfo");
    if (strcmp(name, "again.test") == 0) return EAI_AGAIN;
    if (strcmp(name, "fail.test") == 0) return EAI_FAIL;
    if (strcmp(name, "unknown.test") == 0) return EAI_NONAME;
    if (strcmp(name, "nodata.test") == 0) return EAI_NODATA;
    if (strcmp(name, "system.test") == 0) {
        errno = EMFILE;
        return EAI_SYSTEM;
    }
    if (strcmp(name, "later.test") == 0) {
        if (__atomic_add_fetch(&asked, 1, __ATOMIC_SEQ_CST) < 3) return EAI_AGAIN;
        name = "127.0.0.1";
    }
    if (strncmp(name, "hang", 4) == 0) {
        sleep(60);
        return EAI_AGAIN;
    }
    /* Two addresses, each in an entry that is freed by itself. */
    if (strcmp(name, "several.test") == 0) {
        int code = real("::1", service, hints, found);
        return code == 0 ? real("127.0.0.1", service, hints, &(*found)->ai_next) : code;
    }
    if (strcmp(name, "base.test") == 0) name = "127.0.0.1";
    /* An address with a scope, such as multicast DNS gives. */
    if (strcmp(name, "scoped.test") == 0) name = getenv("SCOPED");
    return real(name, service, hints, found);
}
