/* Limits of the system, tightened and loosened: see limits.h. */
#define _GNU_SOURCE
#include "limits.h"

#include "flows.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct rlimit before;

static void set(int resource, long value)
{
    struct rlimit tight;

    getrlimit(resource, &before);
    tight = before;
    tight.rlim_cur = (rlim_t) value;
    setrlimit(resource, &tight);
}

static void tighten_memory(long value)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL || fscanf(file, "%ld", &pages) != 1)
        wrong("the size of the process is not known");
    if (file != NULL)
        fclose(file);
    set(RLIMIT_AS, pages * sysconf(_SC_PAGESIZE) + value);
}

static void loosen_memory(void)
{
    setrlimit(RLIMIT_AS, &before);
}

/* So many more than there are. */
static void tighten_descriptors(long value)
{
    int next = dup(2);

    close(next);
    set(RLIMIT_NOFILE, next + value);
}

static void loosen_descriptors(void)
{
    setrlimit(RLIMIT_NOFILE, &before);
}

static void tighten_files(long value)
{
    /* The host's affair: by default the signal ends the program. */
    signal(SIGXFSZ, SIG_IGN);
    set(RLIMIT_FSIZE, value);
}

static void loosen_files(void)
{
    setrlimit(RLIMIT_FSIZE, &before);
}

/* Fills the disk but for so many bytes. */
static void tighten_disk(long value)
{
    static char block[65536];
    int filler = open(in_folder("filler"), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ssize_t size = sizeof block, written;
    off_t length = 0;

    for (; size > 0; size /= 2)
        while ((written = write(filler, block, (size_t) size)) > 0)
            length += written;
    if (ftruncate(filler, length > value ? length - value : 0) != 0)
        wrong("the disk could not be filled: %s", strerror(errno));
    close(filler);
}

static void loosen_disk(void)
{
    unlink(in_folder("filler"));
}

const struct limit limits[] = {
    {"memory", tighten_memory, loosen_memory, 1},
    {"descriptors", tighten_descriptors, loosen_descriptors, 0},
    {"files", tighten_files, loosen_files, 0},
    {"disk", tighten_disk, loosen_disk, 0},
};
