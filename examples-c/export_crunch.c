/*
 * Exports a dataset of Crunch into a CSV file: finds it in the list, and exports it by one call.
 *
 *     CRUX_PASSWORD='battery staple' export_crunch http://127.0.0.1:8080/api/ grace@example.com out.csv Mug
 *
 * Without a name it exports the first dataset of the list; without a USER ("") the password is an API key. The
 * status is the outcome: 0 for success, else one of CRUX_ERR_... An incomplete file never has the final name.
 * An interrupted download resumes when the same link is downloaded again.
 */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <stdlib.h>

/* Returns a member of the n-th dataset: "/index/<key>/<member>", with "~1" for the slashes of the key. */
static const char *of_dataset(const crux_response *list, size_t n, const char *member)
{
    const char *key = crux_json_key(list, "/index", n);
    char pointer[1024] = "/index/";
    size_t end = strlen(pointer);

    if (key == NULL)
        return NULL;
    for (; *key != '\0' && end < sizeof pointer - 32; key++) {
        if (*key == '/' || *key == '~')
            pointer[end++] = '~';
        pointer[end++] = *key == '/' ? '1' : *key == '~' ? '0' : *key;
    }
    sprintf(pointer + end, "/%.30s", member);
    return crux_json_text(list, pointer);
}

/* Writes the path of the export request. Returns 0 if there is no such dataset. */
static int find(const crux_response *list, const char *wanted, char *path, size_t size)
{
    const char *name;
    size_t n;

    for (n = 0; (name = of_dataset(list, n, "name")) != NULL; n++)
        if (wanted == NULL || strcmp(name, wanted) == 0)
            return snprintf(path, size, "datasets/%s/export/csv/", of_dataset(list, n, "id")) < (int)size;
    return 0;
}

int main(int argc, char **argv)
{
    crux_response *list;
    crux_client *me;
    char path[256];
    int32_t code;

    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER FILE [DATASET]\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    me = crux_login("crunch", argv[1], argv[2][0] != '\0' ? argv[2] : NULL, getenv("CRUX_PASSWORD"));
    list = crux_request(me, "GET", "datasets/", NULL, 0);
    code = crux_code(list);
    if (code != CRUX_OK) {
        fprintf(stderr, "%s\n", crux_message(list));
    } else if (find(list, argv[4], path, sizeof path)) {
        code = export_to(me, path, argv[3]);
    } else {
        fprintf(stderr, "There is no dataset of that name.\n");
        code = CRUX_ERR_ARGUMENT;
    }
    crux_free(list);
    crux_free(me);
    return code;
}
