/*
 * Looks for secrets in this program's own writable memory. A secret comes as hexadecimal of its inverted bytes and
 * is compared in that form, so that the search finds no copy of its own.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 16, BUFFER = 1 << 16 };

struct secret {
    const unsigned char *bytes;
    size_t size;
};

/* What the bytes of `hex` stand for, inverted. */
static struct secret inverted(const char *hex)
{
    unsigned char *bytes = malloc(strlen(hex) / 2 + 1);
    struct secret secret = { bytes, 0 };
    unsigned byte;
    for (; sscanf(hex + 2 * secret.size, "%2x", &byte) == 1; ++secret.size)
        bytes[secret.size] = (unsigned char)byte;
    return secret;
}

/* The secret itself, as a text; `wipe` takes it back. */
static char *revealed(struct secret secret)
{
    char *text = calloc(1, secret.size + 1);
    size_t i;
    for (i = 0; i < secret.size; ++i)
        text[i] = (char)(secret.bytes[i] ^ 0xff);
    return text;
}

/* The program's own copy goes, as it should in every program. */
static void wipe(char *text)
{
    volatile char *at;
    for (at = text; *at != 0; ++at)
        *at = 0;
    free(text);
}

/* Whether any 16 bytes in a row of the secret, taken in steps of 16, begin at `at`. */
static int matches(const unsigned char *at, struct secret secret)
{
    size_t from, i;
    for (from = 0; from + WINDOW <= secret.size; from += WINDOW) {
        for (i = 0; i < WINDOW && (at[i] ^ secret.bytes[from + i]) == 0xff; ++i)
            ;
        if (i == WINDOW)
            return 1;
    }
    return 0;
}

/* Counts in all writable memory how often each secret is there; the buffer itself is wiped and left out. */
static void count(const struct secret *secrets, size_t amount, unsigned long *found)
{
    static unsigned char buffer[BUFFER + WINDOW];
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *memory = fopen("/proc/self/mem", "rb");
    char line[512];
    size_t which;
    for (which = 0; which < amount; ++which)
        found[which] = 0;
    if (!maps || !memory)
        exit(3);
    setvbuf(memory, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to, at;
        char rights[5];
        if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3 || rights[0] != 'r' || rights[1] != 'w')
            continue;
        for (at = from; at < to; at += BUFFER) {
            unsigned long want = to - at < BUFFER + WINDOW ? to - at : BUFFER + WINDOW;
            unsigned long got, i;
            if (at + want > (unsigned long)buffer && at < (unsigned long)buffer + sizeof buffer)
                continue;
            if (fseek(memory, (long)at, SEEK_SET) != 0)
                break;
            got = fread(buffer, 1, want, memory);
            for (i = 0; i + WINDOW <= got && i < BUFFER; ++i)
                for (which = 0; which < amount; ++which)
                    found[which] += (unsigned long)matches(buffer + i, secrets[which]);
            memset(buffer, 0, sizeof buffer);
        }
    }
    fclose(memory);
    fclose(maps);
}

/*
 * Overwrites the stack below its caller, as the calls of any program do that goes on: functions that have
 * returned leave there what their vector registers held when they looked for the end of a JSON string.
 */
static void go_on(void)
{
    volatile char deep[1 << 20];
    size_t i;
    for (i = 0; i < sizeof deep; ++i)
        deep[i] = 0;
}

#endif
