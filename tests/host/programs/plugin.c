/* A plugin that has the static library inside, and is unloaded again; see unload.c. */
#include <crux.h>

/* 0 if all went well. */
int plugin_run(const char *base)
{
    crux_client *client = crux_login("custom", base, NULL, "horse");
    crux_call *call = crux_call_new(client, "GET", "numbers/");
    crux_response *started = crux_call_start(call), *left = crux_call_start(call);
    int failed = !crux_wait(started, -1) || crux_code(started) != CRUX_OK;
    failed |= crux_shutdown(0) != 0; /* the threads of a client linger */
    crux_free(left); /* perhaps under way */
    crux_free(started);
    crux_free(call);
    crux_free(client);
    return failed || crux_shutdown(10000) != 1 || crux_shutdown(0) != 1;
}
