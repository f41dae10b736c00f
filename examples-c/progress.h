/*
 * An export for the example programs: one call that asks, awaits the job and saves its result, with a progress bar
 * if the output is a terminal. The bar is a tick: it needs no thread.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <crux.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BAR_WIDTH 40

/* Draws a line over the last one: `part` of `whole`; -1 is unknown. */
static void draw_bar(const char *doing, int64_t part, int64_t whole, const char *unit)
{
    static const char full[] = "########################################";
    int filled = whole > 0 && part > 0 ? (int)(part * BAR_WIDTH / whole) : 0;

    printf("\r%-12s [%-*.*s] ", doing, BAR_WIDTH, filled, full);
    if (whole > 0 && part >= 0)
        printf("%3d %% ", (int)(part * 100 / whole));
    if (unit[0] != '\0' && part >= 0)
        printf("%lld %s ", (long long)part, unit);
    fflush(stdout);
}

/* What comes before the job is no download yet. Another result than 0 would end the export. */
static int32_t show_progress(void *context, int32_t phase, int64_t done, int64_t total)
{
    int *job_seen = context;

    *job_seen |= phase == CRUX_PHASE_JOB;
    if (phase == CRUX_PHASE_JOB)
        draw_bar("In the works", done, total, "");
    else if (phase == CRUX_PHASE_RECEIVE && *job_seen)
        draw_bar("Downloading", done, total, "bytes");
    return 0;
}

/* Sends the call of an export, awaits its job and saves the result. Prints how that went, and returns its code. */
static int32_t export_to(crux_call *call, const char *file)
{
    crux_response *saved;
    int job_seen = 0;
    int32_t code;

    crux_call_body(call, "{}", -1, NULL);
    crux_call_set(call, "await", "1");
    crux_call_set(call, "save", file);
    if (isatty(STDOUT_FILENO))
        crux_call_tick(call, show_progress, &job_seen, NULL);
    saved = crux_call_send(call);
    if (isatty(STDOUT_FILENO))
        printf("\r%*s\r", BAR_WIDTH + 38, "");

    code = crux_code(saved);
    if (code == CRUX_OK)
        printf("%s: %lld bytes\n", file, (long long)crux_number(saved, "received"));
    else
        fprintf(stderr, "%s\n", crux_message(saved));
    crux_free(saved);
    return code;
}

#endif
