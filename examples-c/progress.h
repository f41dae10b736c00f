/*
 * A progress bar for the export examples. It reads the same objects while crux_await and crux_download work.
 * Without a terminal there is no bar, only the calls.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <crux.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 40
#define BAR_EVERY_MS 100

/* Draws a line over the last one: `part` of `whole`, or -1 for an unknown whole. */
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

/* Removes the line, so that only the result stays on the screen. */
static void wipe_bar(void)
{
    printf("\r%*s\r", BAR_WIDTH + 38, "");
    fflush(stdout);
}

struct look {
    const crux_response *asked;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int is_over;
};

/* Any thread may call crux_number while another one is inside crux_await. */
static void *look_at_job(void *data)
{
    struct look *look = data;
    struct timespec next;

    pthread_mutex_lock(&look->lock);
    while (!look->is_over) {
        draw_bar("In the works", crux_number(look->asked, "percent"), 100, "");
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_nsec += BAR_EVERY_MS * 1000000L;
        next.tv_sec += next.tv_nsec / 1000000000L;
        next.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&look->ended, &look->lock, &next);
    }
    pthread_mutex_unlock(&look->lock);
    return NULL;
}

/* Waits as crux_await does, with a bar. */
static crux_response *await_with_bar(const crux_client *me, const crux_response *asked)
{
    struct look look = {asked, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    crux_response *done;
    pthread_t looker;

    if (!isatty(STDOUT_FILENO) || pthread_create(&looker, NULL, look_at_job, &look) != 0)
        return crux_await(me, asked, -1);
    done = crux_await(me, asked, -1);
    pthread_mutex_lock(&look.lock);
    look.is_over = 1;
    pthread_cond_signal(&look.ended);
    pthread_mutex_unlock(&look.lock);
    pthread_join(looker, NULL);
    wipe_bar();
    return done;
}

/* Downloads as crux_download does, with a bar: a call with the option "save", started in the background. */
static crux_response *download_with_bar(const crux_client *me, const char *url, const char *file)
{
    crux_response *saved;
    crux_call *call;

    if (!isatty(STDOUT_FILENO))
        return crux_download(me, url, file);
    call = crux_call_new(me, "GET", url);
    crux_call_set(call, "save", file);
    saved = crux_call_start(call);
    while (!crux_wait(saved, BAR_EVERY_MS))
        draw_bar("Downloading", crux_number(saved, "received"), crux_number(saved, "receive_total"), "bytes");
    crux_free(call);
    wipe_bar();
    return saved;
}

#endif
