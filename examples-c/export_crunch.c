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

struct search {
    const char *wanted; /* the name; NULL = any */
    char *id;           /* of the dataset at hand; NULL = it has none so far */
    int is_wanted;
};

static int is_text(const char *text, size_t length, const char *other)
{
    return length == strlen(other) && memcmp(text, other, length) == 0;
}

/* Visits /index: its members are the datasets, and theirs are name, id and more, in any order. 1 ends the walk. */
static int32_t look_at(void *context, int32_t depth, int32_t type, const char *key, size_t key_length,
                       const char *text, size_t length)
{
    struct search *search = context;

    if (depth == 1) {
        free(search->id);
        search->id = NULL;
        search->is_wanted = search->wanted == NULL;
    } else if (depth == 2 && type == CRUX_JSON_STRING && key != NULL) {
        if (search->wanted != NULL && is_text(key, key_length, "name"))
            search->is_wanted = is_text(text, length, search->wanted);
        if (is_text(key, key_length, "id") && search->id == NULL && (search->id = calloc(1, length + 1)) != NULL)
            memcpy(search->id, text, length);
    }
    return search->is_wanted && search->id != NULL;
}

/* Returns the id of the dataset, to be freed; NULL if there is no such dataset. */
static char *find(const crux_response *list, const char *wanted)
{
    struct search search = {NULL, NULL, 0};

    search.wanted = wanted;
    if (crux_json_walk(list, "/index", look_at, &search) == 1)
        return search.id;
    free(search.id);
    return NULL;
}

int main(int argc, char **argv)
{
    crux_response *list;
    crux_client *me;
    crux_call *call;
    int32_t code;
    char *id;

    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER FILE [DATASET]\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    me = crux_login("crunch", argv[1], argv[2][0] != '\0' ? argv[2] : NULL, getenv("CRUX_PASSWORD"));
    list = crux_request(me, "GET", "datasets/all/", NULL, 0);
    id = find(list, argv[4]);
    code = crux_code(list);
    if (code != CRUX_OK) {
        fprintf(stderr, "%s\n", crux_message(list));
    } else if (id != NULL) {
        call = crux_call_new(me, "POST", "datasets/{id}/export/csv/");
        crux_call_fill(call, "id", id);
        code = export_to(call, argv[3]);
        crux_free(call);
    } else {
        fprintf(stderr, "There is no dataset of that name.\n");
        code = CRUX_ERR_ARGUMENT;
    }
    if (crux_info(list, "warning") != NULL)
        fprintf(stderr, "The service warns: %s\n", crux_info(list, "warning"));
    free(id);
    crux_free(list);
    crux_free(me);
    return code;
}
