/*
 * Lists the permissions that Crux Connect has for your kind of organisation.
 *
 *     CRUX_PASSWORD='correct horse' permissions http://127.0.0.1:8080/timp/ ada@example.com
 *
 * The base selects the generation of the service: https://api.cruxconnect.com/api/, the same host with /timp/,
 * or the host alone. The paths below it are the same, so nothing else changes here.
 */
#include <crux.h>
#include <stdio.h>
#include <stdlib.h>

/* Returns one member of one row. The oldest generation has neither visibility nor grouping. */
static const char *cell(const crux_response *list, size_t row, const char *member)
{
    char pointer[80];
    const char *text;

    snprintf(pointer, sizeof pointer, "/%lu/%s", (unsigned long)row, member);
    text = crux_json_text(list, pointer);
    return text != NULL ? text : "-";
}

static void print_table(const crux_response *list)
{
    size_t count = crux_json_count(list, "");
    size_t row;

    /* The display name is the last column: its width on a screen depends on its script. */
    printf("%-38s %-10s %-18s %s\n", "NAME", "VISIBLE TO", "GROUP", "DISPLAY NAME");
    for (row = 0; row < count; row++)
        printf("%-38s %-10s %-18s %s\n", cell(list, row, "name"), cell(list, row, "visibility"),
               cell(list, row, "grouping"), cell(list, row, "display_name"));
    printf("%lu permissions\n", (unsigned long)count);
}

int main(int argc, char **argv)
{
    crux_client *me;
    crux_response *list;
    int32_t code;

    if (argc != 3) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }

    me = crux_login("crux-connect", argv[1], argv[2], getenv("CRUX_PASSWORD"));
    list = crux_request(me, "GET", "organizations/all_permissions/", NULL, 0);
    code = crux_code(list);
    if (code != CRUX_OK) {
        fprintf(stderr, "%s\n", crux_message(list));
        /* 403 is not about the login: this user lacks the permission view_org_users. */
        if (crux_status(list) == 403)
            fprintf(stderr, "Ask an administrator for the permission view_org_users.\n");
    } else if (crux_json_type(list, "") != CRUX_JSON_ARRAY) {
        fprintf(stderr, "The response is not a list; is %s the base of Crux Connect?\n", argv[1]);
        code = CRUX_ERR_PROTOCOL;
    } else {
        print_table(list);
    }
    crux_free(list);
    crux_free(me);
    return code;
}
