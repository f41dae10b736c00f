/*
 * Follows the links of Crunch: from the root to the catalogue of datasets, and from there to the first few.
 *
 *     CRUX_PASSWORD='battery staple' datasets http://127.0.0.1:8080/api/ grace@example.com 6
 *
 * Without a USER ("") the password is an API key.
 *
 * Links in a Crunch document are absolute ("https://host/api/datasets/1/"), or relative to the URL of the
 * document that contains them ("1/", "../datasets/1/"). crux_call_follow resolves both against that document.
 * The token goes to the base's origin only, wherever a link leads.
 */
#include <crux.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns allocated memory; ends the program if there is none, which is enough for an example. */
static char *room(size_t size)
{
    char *fresh = malloc(size);

    if (fresh == NULL) {
        fputs("There is no memory left.\n", stderr);
        exit(CRUX_ERR_INTERNAL);
    }
    return fresh;
}

static crux_response *follow(const crux_response *document, const char *link)
{
    crux_call *call = crux_call_follow(document, "GET", link);
    crux_response *response = crux_call_send(call);

    crux_free(call);
    return response;
}

/* Returns "/index/<key>/<member>". A key is a URL; a pointer has "~1" for its slashes. */
static char *pointer_to(const char *key, const char *member)
{
    char *pointer = room(strlen("/index//") + 2 * strlen(key) + strlen(member) + 1);
    char *end = pointer + sprintf(pointer, "/index/");

    for (; *key != '\0'; key++) {
        if (*key == '/' || *key == '~') {
            *end++ = '~';
            *end++ = *key == '/' ? '1' : '0';
        } else {
            *end++ = *key;
        }
    }
    sprintf(end, "/%s", member);
    return pointer;
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

/* Prints a failure and what the service warns of, and returns the code. */
static int32_t judge(const crux_response *response)
{
    int32_t code = crux_code(response);

    if (code != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(response));
    if (crux_info(response, "warning") != NULL)
        fprintf(stderr, "The service warns: %s\n", crux_info(response, "warning"));
    return code;
}

/* Shows one dataset and its catalogue of savepoints. */
static int32_t show(const crux_response *catalog, const char *key)
{
    crux_response *dataset = follow(catalog, key);
    int32_t code = judge(dataset);

    if (code == CRUX_OK) {
        const char *link = crux_json_text(dataset, "/catalogs/savepoints");
        crux_response *savepoints = follow(dataset, link != NULL ? link : "savepoints/");

        code = judge(savepoints);
        printf("%6ld rows %4lu savepoints  %s\n", (long)crux_json_int(dataset, "/body/size/rows", -1),
               (unsigned long)crux_json_count(savepoints, "/index"),
               or_dash(crux_json_text(dataset, "/body/name")));
        printf("    %s -> %s\n", key, or_dash(crux_info(dataset, "url")));
        crux_free(savepoints);
    }
    crux_free(dataset);
    return code;
}

int main(int argc, char **argv)
{
    crux_client *me;
    crux_response *root, *datasets = NULL, *catalog = NULL;
    const char *link, *key;
    size_t first, i;
    int32_t code;

    if (argc != 4) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER COUNT\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    first = strtoul(argv[3], NULL, 10);

    me = crux_login("crunch", argv[1], argv[2][0] != '\0' ? argv[2] : NULL, getenv("CRUX_PASSWORD"));
    root = crux_request(me, "GET", "", NULL, 0);
    code = judge(root);
    if (code == CRUX_OK) {
        /* The root links to the datasets. Their catalogue has been empty since 2021, and warns of it; "all/" lists. */
        link = crux_json_text(root, "/catalogs/datasets");
        datasets = follow(root, link != NULL ? link : "datasets/");
        code = judge(datasets);
        catalog = follow(datasets, "all/");
        code = code != CRUX_OK ? code : judge(catalog);
    }
    for (i = 0; code == CRUX_OK && i < first && (key = crux_json_key(catalog, "/index", i)) != NULL; i++)
        code = show(catalog, key);
    for (; code == CRUX_OK && (key = crux_json_key(catalog, "/index", i)) != NULL; i++) {
        /* The catalogue holds the names of the others. */
        char *pointer = pointer_to(key, "name");

        printf("%s\n", or_dash(crux_json_text(catalog, pointer)));
        free(pointer);
    }
    crux_free(catalog);
    crux_free(datasets);
    crux_free(root);
    crux_free(me);
    return code;
}
