/*
 * Logs in, asks, frees everything, and counts how often some secrets can be found in this program's own writable
 * memory: before and after.
 *
 *     memory BASE CA-FILE USER PASSWORD [OPTION VALUE]... -- SECRET...
 *
 * Password, values and secrets come as hexadecimal of their inverted bytes, and are compared in that form, so that the
 * search finds no copy of its own.
 */
#include <crux.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 16, BUFFER = 1 << 16, MOST = 8 };

static const unsigned char *secrets[MOST];
static size_t sizes[MOST], secret_count;

/* What the bytes of `hex` stand for, inverted; *size tells how many. */
static unsigned char *inverted(const char *hex, size_t *size)
{
    unsigned char *bytes = malloc(strlen(hex) / 2 + 1);
    unsigned byte;
    for (*size = 0; sscanf(hex + 2 * *size, "%2x", &byte) == 1; ++*size)
        bytes[*size] = (unsigned char)byte;
    return bytes;
}

/* Whether any 16 bytes in a row of the secret, taken in steps of 16, begin at `at`. */
static int matches(const unsigned char *at, const unsigned char *secret, size_t size)
{
    size_t from, i;
    for (from = 0; from + WINDOW <= size; from += WINDOW) {
        for (i = 0; i < WINDOW && (at[i] ^ secret[from + i]) == 0xff; ++i)
            ;
        if (i == WINDOW)
            return 1;
    }
    return 0;
}

/* Counts in all writable memory; the buffer itself is wiped and left out. */
static void count(unsigned long found[MOST])
{
    static unsigned char buffer[BUFFER + WINDOW];
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *memory = fopen("/proc/self/mem", "rb");
    char line[512];
    memset(found, 0, MOST * sizeof *found);
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
            unsigned long got, i, n;
            if (at + want > (unsigned long)buffer && at < (unsigned long)buffer + sizeof buffer)
                continue;
            if (fseek(memory, (long)at, SEEK_SET) != 0)
                break;
            got = fread(buffer, 1, want, memory);
            for (i = 0; i + WINDOW <= got && i < BUFFER; ++i)
                for (n = 0; n < secret_count; ++n)
                    found[n] += (unsigned long)matches(buffer + i, secrets[n], sizes[n]);
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

/* Sets an option to a value that comes as `hex`. The program's own copy goes, as it should in every program. */
static void set(crux_options *options, const char *key, const char *hex)
{
    size_t size, i;
    unsigned char *bytes = inverted(hex, &size);
    char *value = calloc(1, size + 1);

    for (i = 0; i < size; ++i)
        value[i] = (char)(bytes[i] ^ 0xff);
    if (crux_options_set(options, key, value) != CRUX_OK)
        exit(4);
    for (i = 0; i < size; ++i)
        ((volatile char *)value)[i] = 0;
    free(value);
    free(bytes);
}

int main(int argc, char **argv)
{
    unsigned long before[MOST], after[MOST];
    crux_options *options = crux_options_new();
    crux_client *me;
    crux_response *answer;
    size_t n;
    int i;

    if (argc < 6)
        return 2;
    crux_options_set(options, "base_url", argv[1]);
    crux_options_set(options, "tls.ca_file", argv[2]);
    crux_options_set(options, "user", argv[3]);
    set(options, "secret", argv[4]);
    for (i = 5; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2)
        set(options, argv[i], argv[i + 1]);
    for (++i; i < argc && secret_count < MOST; ++i, ++secret_count)
        secrets[secret_count] = inverted(argv[i], &sizes[secret_count]);

    me = crux_login_with(options);
    crux_free(options);
    for (n = 0; n < 3; ++n) {
        answer = crux_request(me, "POST", "x/", "{}", -1);
        (void)crux_message(answer);
        crux_free(answer);
    }
    (void)crux_message(me);
    count(before);
    crux_free(me);
    go_on();
    count(after);
    for (n = 0; n < secret_count; ++n)
        printf("%lu %lu\n", before[n], after[n]);
    return 0;
}
