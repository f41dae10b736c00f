/* Programs of the tests keep quiet on both streams; what fails is written to the file they are given. */
#ifndef REPORT_H
#define REPORT_H

#include <crux.h>
#include <stdio.h>
#include <string.h>

static FILE *report;
static int failures;

#define REQUIRE(condition)                                                                   \
    do {                                                                                     \
        if (!(condition)) {                                                                  \
            failures++;                                                                      \
            fprintf(report, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);    \
            fflush(report);                                                                  \
        }                                                                                    \
    } while (0)

/* Requires an outcome, and reports the sentence if it is another one. */
#define REQUIRE_CODE(object, code)                                                           \
    do {                                                                                     \
        if (crux_code(object) != (code)) {                                                   \
            failures++;                                                                      \
            fprintf(report, "%s:%d: %d, %s\n", __FILE__, __LINE__, crux_code(object), crux_message(object)); \
            fflush(report);                                                                  \
        }                                                                                    \
    } while (0)

#endif
