/* How the programs that test the library on Windows count; the last line is "PASSED FAILED SKIPPED". */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

static int passed, failed, skipped;

#define CHECK(name, what) check((name), (what), #what, __LINE__)

static void check(const char *name, int well, const char *what, int line)
{
    if (well) passed++;
    else failed++, printf("FAILED %s: %s (line %d)\n", name, what, line);
    fflush(stdout);
}

static int verdict(void)
{
    printf("%d %d %d\n", passed, failed, skipped);
    fflush(stdout);
    return failed != 0;
}

#endif
