/*
 * A program that loads the library, uses it and lets go of it: FreeLibrary leaves it where it is, since its threads may
 * still run. sandbox --shop wine unload.exe [NAME]
 */
#include <windows.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

typedef void *(*make)(const char *, const char *, const char *, const char *);
typedef void *(*new_call)(void *, const char *, const char *);
typedef void *(*start_call)(void *);
typedef int32_t (*wait_for)(void *, int32_t);
typedef int32_t (*ask_code)(const void *);
typedef void (*release)(void *);

int main(void)
{
    HMODULE library = LoadLibraryA("crux.dll");
    void *client, *call, *response;
    int i, loaded;
    if (library == NULL) return 2;
    /* Through void *, since a FARPROC takes no arguments. */
#define GET(type, name) ((type) (void *) GetProcAddress(library, name))
    client = GET(make, "crux_login")("custom", getenv("CRUX_BASE"), NULL, "tok-7d1c");
    call = GET(new_call, "crux_call_new")(client, "GET", "slow/");
    response = GET(start_call, "crux_call_start")(call);
    CHECK("it runs", GET(wait_for, "crux_wait")(response, 50) == 0 && GET(ask_code, "crux_code")(response) == -1);
    GET(release, "crux_free")(response);
    GET(release, "crux_free")(call);
    GET(release, "crux_free")(client);
    for (i = 0; i < 3; i++) FreeLibrary(library);
    loaded = GetModuleHandleA("crux.dll") == library;
    CHECK("it stays", loaded);
    /* Its threads end by themselves; if their code were gone, this would not be reached. */
    Sleep(1500);
    CHECK("its functions are there still", GET(ask_code, "crux_code")(NULL) == 1);
    return verdict();
}
