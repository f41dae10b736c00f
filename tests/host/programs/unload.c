/* Loads a plugin with the static library inside, uses it on a thread, and unloads it. unload REPORT PLUGIN BASE */
#include <dlfcn.h>
#include <pthread.h>

#include "report.h"

static const char *plugin, *base;

/* A thread of its own: what the library keeps for a thread holds the plugin until that ends. */
static void *use(void *loaded)
{
    int (*run)(const char *) = (int (*)(const char *)) dlsym(loaded, "plugin_run");
    REQUIRE(run && run(base) == 0);
    return NULL;
}

int main(int count, char **words)
{
    int i;
    if (count != 4 || !(report = fopen(words[1], "w"))) return 2;
    plugin = words[2];
    base = words[3];
    for (i = 0; i < 20; i++) {
        pthread_t thread;
        void *loaded = dlopen(plugin, RTLD_NOW | RTLD_LOCAL);
        REQUIRE(loaded);
        if (!loaded) break;
        pthread_create(&thread, NULL, use, loaded);
        pthread_join(thread, NULL);
        REQUIRE(dlclose(loaded) == 0);
        REQUIRE(!dlopen(plugin, RTLD_NOW | RTLD_NOLOAD));
    }
    fclose(report);
    return failures ? 1 : 0;
}
