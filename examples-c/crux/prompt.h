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

/* Ctrl-C at the prompt must not leave the terminal without echo. */
static void restore_and_go(int number)
{
    tcsetattr(terminal, TCSANOW, &as_it_was);
    raise(number); /* SA_RESETHAND: this time it ends the program */
}

/* Reads a password. Returns NULL, or the reason why there is none. */
static const char *ask_password(const char *user, char *password, size_t size)
{
    struct sigaction action, before;
    struct termios silent;
    size_t length = 0;
    char c = 0;

    /* Not standard input: that may be the body of the request. */
    terminal = open("/dev/tty", O_RDWR | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &as_it_was) != 0)
        return "there is no terminal to ask for the password on; set CRUX_PASSWORD";
    memset(&action, 0, sizeof action);
    action.sa_handler = restore_and_go;
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGINT, &action, &before);
    silent = as_it_was;
    silent.c_lflag = (silent.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
    tcsetattr(terminal, TCSAFLUSH, &silent);
    dprintf(terminal, "Password of %s: ", user);
    while (read(terminal, &c, 1) == 1 && c != '\n')
        if (length + 1 < size)
            password[length++] = c;
    password[length] = '\0';
    tcsetattr(terminal, TCSAFLUSH, &as_it_was);
    sigaction(SIGINT, &before, NULL);
    close(terminal);
    return c == '\n' ? NULL : "no password was given";
}

#endif
