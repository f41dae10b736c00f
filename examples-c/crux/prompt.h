/*
 * The password prompt of crux.c: on the terminal itself, without echo.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int terminal;
static struct termios as_it_was;

/* Ctrl-C or a signal at the prompt must not leave the terminal without echo. */
static void restore_and_go(int number)
{
    tcsetattr(terminal, TCSANOW, &as_it_was);
    raise(number); /* SA_RESETHAND: this time it ends the program */
}

/* Reads a password. Returns NULL, or the reason why there is none. */
static const char *ask_password(const char *user, char *password, size_t size)
{
    static const int ends[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    struct sigaction action, before[sizeof ends / sizeof *ends];
    struct termios silent;
    size_t length = 0, i;
    int is_whole = 1;
    char c = 0;

    /* Not standard input: that may be the body of the request. */
    terminal = open("/dev/tty", O_RDWR | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &as_it_was) != 0)
        return "there is no terminal to ask for the password on; set CRUX_PASSWORD";
    memset(&action, 0, sizeof action);
    action.sa_handler = restore_and_go;
    action.sa_flags = SA_RESETHAND;
    for (i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &action, &before[i]);
    silent = as_it_was;
    silent.c_lflag = (silent.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
    tcsetattr(terminal, TCSAFLUSH, &silent);
    dprintf(terminal, "Password of %s: ", user);
    while (read(terminal, &c, 1) == 1 && c != '\n')
        if (length + 1 < size)
            password[length++] = c;
        else
            is_whole = 0;
    password[length] = '\0';
    tcsetattr(terminal, TCSAFLUSH, &as_it_was);
    for (i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &before[i], NULL);
    close(terminal);
    if (!is_whole)
        return "the password is too long for the prompt; set CRUX_PASSWORD";
    return c == '\n' ? NULL : "no password was given";
}

#endif
