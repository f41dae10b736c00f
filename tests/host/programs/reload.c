/* Loads and closes the library a thousand times, with requests between some. reload REPORT LIBRARY BASE */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

#undef REQUIRE_CODE

static const char *library, *base;
static sem_t asked, closed;

typedef crux_client *(*login_function)(const char *, const char *, const char *, const char *);
typedef crux_response *(*request_function)(const crux_client *, const char *, const char *, const void *, ptrdiff_t);
typedef int32_t (*code_function)(const void *);
typedef void (*free_function)(void *);
typedef const char *(*version_function)(void);

static void *find(void *loaded, const char *name)
{
    void *function = dlsym(loaded, name);
    REQUIRE(function);
    return function;
}

static void use(void *loaded)
{
    login_function login = (login_function) find(loaded, "crux_login");
    request_function request = (request_function) find(loaded, "crux_request");
    code_function code = (code_function) find(loaded, "crux_code");
    free_function end = (free_function) find(loaded, "crux_free");
    crux_client *client = login("custom", base, "ada", "horse");
    crux_response *answer = request(client, "GET", "numbers/", NULL, 0);
    REQUIRE(code(client) == CRUX_OK);
    REQUIRE(code(answer) == CRUX_OK);
    end(answer);
    end(client);
}

/* A thread that was inside the library ends after the library was closed. */
static void *outlive(void *loaded)
{
    use(loaded);
    sem_post(&asked);
    sem_wait(&closed);
    return NULL;
}

static long resident(void)
{
    long total = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    REQUIRE(fscanf(file, "%ld %ld", &total, &pages) == 2);
    fclose(file);
    return pages * 4;
}

int main(int count, char **words)
{
    long before = 0;
    int i;
    if (count != 4 || !(report = fopen(words[1], "w"))) return 2;
    library = words[2];
    base = words[3];
    sem_init(&asked, 0, 0);
    sem_init(&closed, 0, 0);
    for (i = 0; i < 1000; i++) {
        pthread_t thread;
        void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
        REQUIRE(loaded);
        if (!loaded) break;
        REQUIRE(!strncmp(((version_function) find(loaded, "crux_version"))(), "0.", 2));
        if (i % 50 == 0) use(loaded);
        if (i % 50 == 25) {
            pthread_create(&thread, NULL, outlive, loaded);
            sem_wait(&asked);
        }
        REQUIRE(dlclose(loaded) == 0);
        if (i % 50 == 25) {
            sem_post(&closed);
            pthread_join(thread, NULL);
        }
        if (i == 300) before = resident();
    }
    REQUIRE(resident() - before < 2048);
    fclose(report);
    return failures ? 1 : 0;
}
