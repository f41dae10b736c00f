/*
 * A progress bar on standard error, drawn by the library's tick: a long upload, download or job shows how far it
 * is. What is over at once shows nothing.
 */
#ifndef BAR_H
#define BAR_H

#include <crux.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define BAR_WIDTH 32
#define BAR_AFTER_MS 300

struct bar {
    int64_t since, drawn;
    int is_drawn;
    const crux_response *job; /* while crux_await works on it */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wipe_bar(struct bar *bar)
{
    if (bar->is_drawn)
        fputs("\r\033[K", stderr);
    bar->is_drawn = 0;
}

static const char *size_text(int64_t bytes, char *text, size_t room)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double number = (double)bytes;
    size_t unit = 0;

    while (number >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        number /= 1024;
        unit++;
    }
    snprintf(text, room, unit > 0 ? "%.1f %s" : "%.0f %s", number, units[unit]);
    return text;
}

/* The tick of the client: called about every 100 ms while anything waits, on the thread that waits. */
static int32_t draw_bar(void *context, int32_t phase, int64_t done, int64_t total)
{
    static const char full[] = "################################";
    struct bar *bar = context;
    const char *doing;
    int64_t now = now_ms();
    char text[32];

    /* What crux_await asks meanwhile is short; how far the job is, the response knows. */
    if (bar->job != NULL) {
        phase = CRUX_PHASE_JOB;
        done = crux_number(bar->job, "percent");
        total = 100;
    }
    doing = phase == CRUX_PHASE_SEND      ? "Sending"
          : phase == CRUX_PHASE_RECEIVE ? "Receiving"
          : phase == CRUX_PHASE_JOB     ? "Job"
                                        : NULL;
    if (doing == NULL || done < 0 || now - bar->since < BAR_AFTER_MS || now - bar->drawn < 50)
        return 0;
    bar->drawn = now;
    bar->is_drawn = 1;
    fprintf(stderr, "\r\033[K%-9s ", doing);
    if (total > 0)
        fprintf(stderr, "[%-*.*s] %3d %%", BAR_WIDTH, (int)(done < total ? done * BAR_WIDTH / total : BAR_WIDTH),
            full, (int)(done < total ? done * 100 / total : 100));
    if (phase != CRUX_PHASE_JOB)
        fprintf(stderr, "  %s", size_text(done, text, sizeof text));
    fflush(stderr);
    return 0;
}

#endif
