/*
 * A forgotten password, or an invitation: the calls that need no login, by an anonymous client.
 *
 *     password crux-connect BASE_URL ask EMAIL    mails a link that contains a token
 *     password crux-connect BASE_URL check        checks the token of that link
 *     password crux-connect BASE_URL change       sets the new password
 *     password crux-connect BASE_URL invitation   checks the token of an invitation
 *     password crux-connect BASE_URL accept       accepts it, and sets the first password
 *     password crunch       BASE_URL ask EMAIL
 *     password crunch       BASE_URL change
 *
 * The token is read from CRUX_RESET_TOKEN, or else as a line of standard input; the new password from
 * CRUX_PASSWORD. Neither is ever an argument: every user of the machine can see arguments.
 * The status is the outcome: 0 for success, else one of CRUX_ERR_...
 */
#include <crux.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 512 /* bytes of a token or a password */

/* Returns 1, or 0 if there is no token. Drops blanks around a pasted token. */
static int read_token(char *token)
{
    const char *given = getenv("CRUX_RESET_TOKEN");
    char line[MOST] = "";
    size_t length;

    if (given == NULL)
        given = fgets(line, sizeof line, stdin) != NULL ? line : "";
    given += strspn(given, " \t");
    length = strcspn(given, " \t\r\n");
    if (length == 0 || length >= MOST)
        return 0;
    memcpy(token, given, length);
    token[length] = '\0';
    return 1;
}

/* The token goes into the query. The library encodes it, and hides it in messages and logs. */
static crux_response *check(const crux_client *nobody, const char *token)
{
    crux_call *call = crux_call_new(nobody, "GET", "organizations/complete-password/");
    crux_response *response;

    crux_call_query(call, "token", token);
    response = crux_call_send(call);
    crux_free(call);
    return response;
}

/* Crux Connect documents these two members. Crunch documents the path only; the members are a guess. */
static crux_response *change(const crux_client *nobody, const char *path, const char *token, const char *password)
{
    crux_call *call = crux_call_new(nobody, "POST", path);
    crux_response *response;

    crux_call_put_text(call, "/token", token);
    crux_call_put_text(call, "/password", password);
    response = crux_call_send(call);
    crux_free(call);
    return response;
}

/* Here the token is part of the path; crux_call_fill keeps a stray "/" or "?" inside it. */
static crux_response *invitation(const crux_client *nobody, const char *token, const char *password)
{
    crux_call *call = crux_call_new(nobody, password != NULL ? "POST" : "GET", "organizations/accept-invite/{token}/");
    crux_response *response;

    crux_call_fill(call, "token", token);
    if (password != NULL)
        crux_call_put_text(call, "/password", password);
    response = crux_call_send(call);
    crux_free(call);
    return response;
}

static int32_t tell(const crux_response *response, const char *action)
{
    const char *email = crux_json_text(response, "/email");
    int32_t code = crux_code(response);

    if (code != CRUX_OK) {
        fprintf(stderr, "%s\n", crux_message(response));
    } else if (strcmp(action, "invitation") == 0 && crux_status(response) == 201) {
        /* Not "created": this is the documented response to an expired token. */
        fprintf(stderr, "The invitation has expired; a mail with a new one has been sent.\n");
        code = CRUX_ERR_AUTH;
    } else if (strcmp(action, "invitation") == 0) {
        printf("The invitation of %s is good.\n", email != NULL ? email : "this person");
    } else if (strcmp(action, "ask") == 0) {
        puts("If there is such an account, a mail is on its way to it.");
    } else {
        puts(strcmp(action, "check") == 0 ? "The token is good." : "The password is set.");
    }
    return code;
}

static int usage(const char *name)
{
    fprintf(stderr, "usage: %s SERVICE BASE_URL ask EMAIL\n", name);
    fprintf(stderr, "       %s SERVICE BASE_URL change\n", name);
    fprintf(stderr, "       %s crux-connect BASE_URL check|invitation|accept\n", name);
    fprintf(stderr, "Token: CRUX_RESET_TOKEN or standard input. Password: CRUX_PASSWORD.\n");
    return CRUX_ERR_ARGUMENT;
}

int main(int argc, char **argv)
{
    const char *password = getenv("CRUX_PASSWORD"), *action = argc > 3 ? argv[3] : "";
    int is_crunch = argc > 1 && strcmp(argv[1], "crunch") == 0, asks = strcmp(action, "ask") == 0;
    int sets = strcmp(action, "change") == 0 || strcmp(action, "accept") == 0;
    crux_response *response = NULL;
    crux_client *nobody;
    char token[MOST];
    int32_t code;

    if (argc != (asks ? 5 : 4))
        return usage(argv[0]);
    if (!asks && !read_token(token)) {
        fprintf(stderr, "There is no token in CRUX_RESET_TOKEN, and none on standard input.\n");
        return CRUX_ERR_ARGUMENT;
    }
    if (sets && (password == NULL || password[0] == '\0' || strlen(password) >= MOST)) {
        fprintf(stderr, "Put the new password into CRUX_PASSWORD.\n");
        return CRUX_ERR_ARGUMENT;
    }

    /* Neither user nor secret: a client for public endpoints. Nothing is sent yet. */
    nobody = crux_login(argv[1], argv[2], NULL, NULL);
    if (asks)
        response = crux_reset_password(nobody, argv[4]);
    else if (strcmp(action, "change") == 0)
        response = change(nobody, is_crunch ? "public/password_change/" : "organizations/complete-password/",
                        token, password);
    else if (strcmp(action, "check") == 0 && !is_crunch)
        response = check(nobody, token);
    else if (strcmp(action, "invitation") == 0 && !is_crunch)
        response = invitation(nobody, token, NULL);
    else if (strcmp(action, "accept") == 0 && !is_crunch)
        response = invitation(nobody, token, password);
    code = response != NULL ? tell(response, action) : usage(argv[0]);
    crux_free(response);
    crux_free(nobody);
    return code;
}
