/* A file system that gives a name another number than the open file, to be loaded before the C library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict facts) {
    int (*real)(int, const char *, int, unsigned, struct statx *) =
        (int (*)(int, const char *, int, unsigned, struct statx *)) dlsym(RTLD_NEXT, "statx");
    int code = real(folder, path, flags, mask, facts);
    if (flags & AT_SYMLINK_NOFOLLOW && strstr(path, ".part") != NULL) facts->stx_ino++;
    return code;
}
