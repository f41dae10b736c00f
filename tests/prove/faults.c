/*
 * Functions of the system that fail when told: see faults.h. What stands here is what `nm -D --undefined-only` names of
 * libcrux.so and what can fail for a reason outside the program; memory that runs out is RLIMIT_AS's affair.
 */
#define _GNU_SOURCE
#include "faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* The sanitizers have a pthread_create of their own, and must see every thread. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

enum {
    F_socket, F_connect, F_getsockopt, F_setsockopt, F_fcntl, F_poll, F_send, F_recv, F_shutdown, F_getaddrinfo,
    F_pthread_create, F_open64, F_open, F_read, F_write, F_lseek64, F_ftruncate64, F_fsync, F_flock, F_rename, F_unlink,
    F_fchmod, F_statx, F_fstat64, F_stat64, F_lstat64, F_opendir, F_mmap64, F_pipe2, F_getrandom, F_clock_nanosleep,
    F_close
};

const struct faulty faulty[] = {
    [F_socket] = {"socket", {EMFILE, ENFILE, ENOBUFS, ENOMEM, EAFNOSUPPORT, EACCES}},
    [F_connect] = {"connect", {ECONNREFUSED, ENETUNREACH, EADDRNOTAVAIL, EAGAIN, EACCES, FAULT_HELD}},
    [F_getsockopt] = {"getsockopt", {ENOBUFS, ENOMEM}},
    [F_setsockopt] = {"setsockopt", {ENOPROTOOPT, EINVAL, ENOMEM}},
    [F_fcntl] = {"fcntl", {EMFILE, EINVAL}},
    [F_poll] = {"poll", {EINTR, ENOMEM, EAGAIN, EINVAL}},
    [F_send] = {"send", {EPIPE, ECONNRESET, ENOBUFS, EINTR, EAGAIN, FAULT_SHORT}},
    [F_recv] = {"recv", {ECONNRESET, ETIMEDOUT, ENOMEM, EINTR, EAGAIN, FAULT_SHORT, FAULT_END}},
    [F_shutdown] = {"shutdown", {ENOTCONN}},
    [F_getaddrinfo] = {"getaddrinfo", {-EAI_AGAIN, -EAI_FAIL, -EAI_NONAME, -EAI_MEMORY, -EAI_SYSTEM}},
    [F_pthread_create] = {"pthread_create", {EAGAIN, EPERM, ENOMEM}},
    [F_open64] = {"open64", {EMFILE, ENFILE, EACCES, EIO, ENOSPC, ENOENT, EROFS, EINTR}},
    [F_open] = {"open", {EMFILE, EACCES, EIO, ENOENT, EINTR}},
    [F_read] = {"read", {EIO, ENOMEM, EINTR, FAULT_SHORT, FAULT_END}},
    [F_write] = {"write", {ENOSPC, EIO, EDQUOT, EFBIG, EINTR, FAULT_SHORT}},
    [F_lseek64] = {"lseek64", {EIO, EINVAL}},
    [F_ftruncate64] = {"ftruncate64", {EIO, EFBIG, EINTR, EROFS}},
    [F_fsync] = {"fsync", {EIO, ENOSPC, EINVAL, EINTR}},
    [F_flock] = {"flock", {ENOLCK, EWOULDBLOCK, EINTR, ENOSYS}},
    [F_rename] = {"rename", {EACCES, ENOSPC, EIO, EXDEV, EROFS}},
    [F_unlink] = {"unlink", {EACCES, EIO, EROFS, EBUSY}},
    [F_fchmod] = {"fchmod", {EPERM, EIO, EROFS}},
    [F_statx] = {"statx", {EIO, EACCES, ENOENT, ENOMEM}},
    [F_fstat64] = {"fstat64", {EIO, ENOMEM}},
    [F_stat64] = {"stat64", {EIO, EACCES}},
    [F_lstat64] = {"lstat64", {EIO, EACCES}},
    [F_opendir] = {"opendir", {EMFILE, EACCES, ENOMEM}},
    [F_mmap64] = {"mmap64", {ENOMEM, EAGAIN}},
    [F_pipe2] = {"pipe2", {EMFILE, ENFILE}},
    [F_getrandom] = {"getrandom", {EINTR, FAULT_SHORT}},
    [F_clock_nanosleep] = {"clock_nanosleep", {EINTR}},
    [F_close] = {"close", {FAULT_HELD, FAULT_LATE}},
};
const int faulty_functions = sizeof faulty / sizeof *faulty;

static struct {
    int on, function, error, forever;
    long nth, met;
    long calls[sizeof faulty / sizeof *faulty];
} plan;

void faults_arm(int function, long nth, int error, int forever)
{
    plan.function = function;
    plan.nth = nth;
    plan.error = error;
    plan.forever = forever;
    __atomic_store_n(&plan.on, 1, __ATOMIC_SEQ_CST);
}

void faults_disarm(void)
{
    __atomic_store_n(&plan.on, 0, __ATOMIC_SEQ_CST);
}

long faults_calls(int function)
{
    return __atomic_load_n(&plan.calls[function], __ATOMIC_SEQ_CST);
}

long faults_met(void)
{
    return __atomic_load_n(&plan.met, __ATOMIC_SEQ_CST);
}

/* What this call of a function is to do; 0 = as ever. */
static int fault(int function)
{
    long call;

    if (!__atomic_load_n(&plan.on, __ATOMIC_SEQ_CST))
        return 0;
    call = __atomic_add_fetch(&plan.calls[function], 1, __ATOMIC_SEQ_CST);
    if (function != plan.function || call < plan.nth || (call > plan.nth && !plan.forever))
        return 0;
    if (plan.error != 0)
        __atomic_add_fetch(&plan.met, 1, __ATOMIC_SEQ_CST);
    return plan.error;
}

/* The function that stands behind ours; a union, since C knows no cast from data to code. */
#define REAL(result, name, parameters)                                    \
    static union { void *data; result(*code) parameters; } real;          \
    void *found = __atomic_load_n(&real.data, __ATOMIC_SEQ_CST);          \
    if (found == NULL) {                                                  \
        found = dlsym(RTLD_NEXT, #name);                                  \
        __atomic_store_n(&real.data, found, __ATOMIC_SEQ_CST);            \
    }

/* A function that says -1 and sets errno. */
#define FAULTY(result, name, parameters, arguments)                       \
    result name parameters                                                \
    {                                                                     \
        REAL(result, name, parameters)                                    \
        int error = fault(F_##name);                                      \
        if (error > 0)                                                    \
            return (errno = error, -1);                                   \
        if (error == 0)                                                   \
            return real.code arguments;                                   \
        (void) real.code arguments;                                       \
        errno = error == FAULT_HELD ? EINTR : EIO;                        \
        return -1;                                                        \
    }

/* The same of one that moves bytes, and may move fewer. */
#define MOVES(name, parameters, size, arguments)                          \
    ssize_t name parameters                                               \
    {                                                                     \
        REAL(ssize_t, name, parameters)                                   \
        int error = fault(F_##name);                                      \
        if (error > 0)                                                    \
            return (errno = error, -1);                                   \
        if (error == FAULT_END)                                           \
            return 0;                                                     \
        if (error == FAULT_SHORT && size > 1)                             \
            size = 1;                                                     \
        return real.code arguments;                                       \
    }

/* And of one that returns the error. */
#define RETURNS(name, parameters, arguments)                              \
    int name parameters                                                   \
    {                                                                     \
        REAL(int, name, parameters)                                       \
        int error = fault(F_##name);                                      \
        return error != 0 ? error : real.code arguments;                  \
    }

FAULTY(int, socket, (int domain, int type, int protocol), (domain, type, protocol))
FAULTY(int, connect, (int fd, const struct sockaddr *to, socklen_t length), (fd, to, length))
FAULTY(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *length), (fd, level, name, value, length))
FAULTY(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t length),
       (fd, level, name, value, length))
FAULTY(int, poll, (struct pollfd *fds, nfds_t count, int timeout), (fds, count, timeout))
FAULTY(int, shutdown, (int fd, int how), (fd, how))
FAULTY(off64_t, lseek64, (int fd, off64_t offset, int whence), (fd, offset, whence))
FAULTY(int, ftruncate64, (int fd, off64_t length), (fd, length))
FAULTY(int, fsync, (int fd), (fd))
FAULTY(int, flock, (int fd, int operation), (fd, operation))
FAULTY(int, rename, (const char *from, const char *to), (from, to))
FAULTY(int, unlink, (const char *path), (path))
FAULTY(int, fchmod, (int fd, mode_t mode), (fd, mode))
FAULTY(int, statx, (int fd, const char *path, int flags, unsigned mask, struct statx *into),
       (fd, path, flags, mask, into))
FAULTY(int, fstat64, (int fd, struct stat64 *into), (fd, into))
FAULTY(int, stat64, (const char *path, struct stat64 *into), (path, into))
FAULTY(int, lstat64, (const char *path, struct stat64 *into), (path, into))
FAULTY(int, pipe2, (int ends[2], int flags), (ends, flags))
FAULTY(int, close, (int fd), (fd))

MOVES(send, (int fd, const void *data, size_t size, int flags), size, (fd, data, size, flags))
MOVES(recv, (int fd, void *data, size_t size, int flags), size, (fd, data, size, flags))
MOVES(read, (int fd, void *data, size_t size), size, (fd, data, size))
MOVES(write, (int fd, const void *data, size_t size), size, (fd, data, size))
MOVES(getrandom, (void *data, size_t size, unsigned flags), size, (data, size, flags))

RETURNS(clock_nanosleep, (clockid_t clock, int flags, const struct timespec *time, struct timespec *left),
        (clock, flags, time, left))
#ifndef SANITIZED
RETURNS(pthread_create, (pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument),
        (thread, attributes, body, argument))
#endif

static int looking_up;
int *faults_looking_up = &looking_up;

/* Its errors are negative; the table has them positive. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found_here)
{
    REAL(int, getaddrinfo,
         (const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found_here))
    int error = fault(F_getaddrinfo);

    if (error == 0) {
        int code;
        __atomic_add_fetch(faults_looking_up, 1, __ATOMIC_SEQ_CST);
        code = real.code(host, service, hints, found_here);
        __atomic_sub_fetch(faults_looking_up, 1, __ATOMIC_SEQ_CST);
        return code;
    }
    errno = EMFILE;
    return -error;
}

/* Those with an argument that is there only sometimes. */
#define OPENS(name)                                                       \
    int name(const char *path, int flags, ...)                            \
    {                                                                     \
        REAL(int, name, (const char *path, int flags, ...))               \
        int error = fault(F_##name);                                      \
        va_list more;                                                     \
        mode_t mode;                                                      \
        va_start(more, flags);                                            \
        mode = va_arg(more, mode_t);                                      \
        va_end(more);                                                     \
        if (error > 0)                                                    \
            return (errno = error, -1);                                   \
        return real.code(path, flags, mode);                              \
    }

OPENS(open)
OPENS(open64)

int fcntl(int fd, int command, ...)
{
    REAL(int, fcntl, (int fd, int command, ...))
    int error = fault(F_fcntl);
    va_list more;
    void *argument;

    va_start(more, command);
    argument = va_arg(more, void *);
    va_end(more);
    if (error > 0)
        return (errno = error, -1);
    return real.code(fd, command, argument);
}

DIR *opendir(const char *path)
{
    REAL(DIR *, opendir, (const char *path))
    int error = fault(F_opendir);

    return error > 0 ? (errno = error, NULL) : real.code(path);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset)
{
    REAL(void *, mmap64, (void *at, size_t length, int protection, int flags, int fd, off64_t offset))
    int error = fault(F_mmap64);

    return error > 0 ? (errno = error, MAP_FAILED) : real.code(at, length, protection, flags, fd, offset);
}
