/*
 * Logs in, asks, frees everything, and counts how often the password and the token can be found in this
 * program's own writable memory: before and after.
 *
 *     memory BASE CA-FILE USER PASSWORD TOKEN LOGIN-MODE
 *
 * Password and token come as hexadecimal of their inverted bytes, and are compared in that form, so
 * that the search finds no copy of its own.
 */
#include <crux.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 16, BUFFER = 1 << 16 };

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
static void count(const unsigned char *secrets[2], const size_t sizes[2], unsigned long found[2])
{
    static unsigned char buffer[BUFFER + WINDOW];
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *memory = fopen("/proc/self/mem", "rb");
    char line[512];
    found[0] = found[1] = 0;
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
            for (i = 0; i + WINDOW <= got && i < BUFFER; ++i) {
                found[0] += (unsigned long)matches(buffer + i, secrets[0], sizes[0]);
                found[1] += (unsigned long)matches(buffer + i, secrets[1], sizes[1]);
            }
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

int main(int argc, char **argv)
{
    const unsigned char *secrets[2];
    size_t sizes[2], i;
    unsigned long before[2], after[2];
    char *password;
    crux_options *options = crux_options_new();
    crux_client *me;
    crux_response *answer;

    if (argc != 7)
        return 2;
    secrets[0] = inverted(argv[4], &sizes[0]);
    secrets[1] = inverted(argv[5], &sizes[1]);
    password = calloc(1, sizes[0] + 1);
    for (i = 0; i < sizes[0]; ++i)
        password[i] = (char)(secrets[0][i] ^ 0xff);
    crux_options_set(options, "base_url", argv[1]);
    crux_options_set(options, "tls.ca_file", argv[2]);
    crux_options_set(options, "user", argv[3]);
    crux_options_set(options, "secret", password);
    crux_options_set(options, "login.mode", argv[6]);
    /* The program's own copy goes, as it should in every program. */
    for (i = 0; i < sizes[0]; ++i)
        ((volatile char *)password)[i] = 0;
    free(password);

    me = crux_login_with(options);
    crux_free(options);
    for (i = 0; i < 3; ++i) {
        answer = crux_request(me, "POST", "x/", "{}", -1);
        (void)crux_message(answer);
        crux_free(answer);
    }
    (void)crux_message(me);
    count(secrets, sizes, before);
    crux_free(me);
    go_on();
    count(secrets, sizes, after);
    printf("%lu %lu %lu %lu\n", before[0], before[1], after[0], after[1]);
    return 0;
}
