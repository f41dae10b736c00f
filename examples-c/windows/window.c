/*
 * A window of Windows with one thread: logs in to Crunch, lists datasets, and saves one as CSV with progress and Cancel.
 *
 *     i686-w64-mingw32-gcc -municode -mwindows -I../include window.c ../x86/crux.dll -lcomctl32    or: cl window.c crux.lib user32.lib ...
 *     set CRUX_PASSWORD=battery staple
 *     window http://127.0.0.1:8080/api/ grace@example.com [FILE [--once]]
 *
 * Calls wait, but the window does not hang: the tick of the client serves the window's messages, and its result 1 ends
 * the call. With crux_event and MsgWaitForMultipleObjects a program waits for started calls instead. With --once it
 * saves the first dataset, waits for five seconds and ends, which is for screenshots and tests.
 */
#include <crux.h>
#include <windows.h>
#include <commctrl.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST = 1, SAVE, CANCEL, BAR, WORDS };

static struct {
    HWND window, list, save, cancel, bar, words;
    crux_client *me;
    crux_response *datasets;
    int busy, cancelled, closing;
    char base[1000], user[200], file[1000];
} ui;

/* Texts of the library are UTF-8, those of the window UTF-16. */
static void say(HWND where, const char *text)
{
    static wchar_t wide[2000];

    MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, 2000);
    SetWindowTextW(where, wide);
}

static void utf8(const wchar_t *wide, char *text, int size)
{
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, size, NULL, NULL);
}

/* Serves the window; returns 1 if it is to be closed. */
static int serve(void)
{
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) {
        if (message.message == WM_QUIT)
            ui.closing = 1;
        TranslateMessage(&message);
        DispatchMessageW(&message);
    }
    return ui.closing;
}

/* The library calls this while a call waits: in this thread, some thirty times a second. */
static int32_t tick(void *unused, int32_t phase, int64_t done, int64_t total)
{
    static const char *const doing[] = {"", "Logging in.", "Connecting.", "Sending.", "Waiting.", "Receiving.",
                                        "Pausing before another try.", "The service makes the file."};

    (void)unused;
    if (phase > 0 && phase < 8)
        say(ui.words, doing[phase]);
    SendMessageW(ui.bar, PBM_SETPOS, total > 0 && done >= 0 ? (WPARAM)(done * 100 / total) : 0, 0);
    return serve() || ui.cancelled;
}

/* A call begins or has ended; with a failure its sentence is shown. */
static void set_busy(int busy, const char *words)
{
    ui.busy = busy;
    if (busy)
        ui.cancelled = 0;
    EnableWindow(ui.save, !busy && ui.datasets != NULL);
    EnableWindow(ui.cancel, busy);
    say(ui.words, words);
}

static void log_in_and_list(void)
{
    char password[200] = "";
    wchar_t wide[200];
    crux_options *options = crux_options_new();
    const char *key;
    size_t i;

    if (GetEnvironmentVariableW(L"CRUX_PASSWORD", wide, 200) > 0)
        utf8(wide, password, sizeof password);
    crux_options_set(options, "service", "crunch");
    crux_options_set(options, "base_url", ui.base);
    crux_options_set(options, "user", ui.user);
    crux_options_set(options, "secret", password);
    crux_options_set(options, "tick.every_ms", "30");
    crux_options_tick(options, tick, NULL, NULL);
    set_busy(1, "Logging in.");
    ui.me = crux_login_with(options);
    crux_free(options);
    ui.datasets = crux_request(ui.me, "GET", "datasets/all/", NULL, 0);
    for (i = 0; (key = crux_json_key(ui.datasets, "/index", i)) != NULL; i++) {
        /* The members of /index are URLs, in which a pointer writes ~1 for a slash. */
        char pointer[2000] = "/index/", *end = pointer + 7;
        const char *name;
        wchar_t shown[500];

        for (; *key != '\0' && end < pointer + 1900; key++)
            *key == '/' ? (*end++ = '~', *end++ = '1') : (*end++ = *key);
        sprintf(end, "/name");
        name = crux_json_text(ui.datasets, pointer);
        MultiByteToWideChar(CP_UTF8, 0, name != NULL ? name : "-", -1, shown, 500);
        SendMessageW(ui.list, LB_ADDSTRING, 0, (LPARAM)shown);
    }
    SendMessageW(ui.list, LB_SETCURSEL, 0, 0);
    set_busy(0, crux_code(ui.datasets) == CRUX_OK ? "Choose a dataset." : crux_message(ui.datasets));
}

/* One call makes the file: it asks for the export, awaits the job and downloads the result. */
static void save(void)
{
    LRESULT chosen = SendMessageW(ui.list, LB_GETCURSEL, 0, 0);
    const char *key = chosen >= 0 ? crux_json_key(ui.datasets, "/index", (size_t)chosen) : NULL;
    crux_call *dataset, *call;
    crux_response *facts, *made;

    if (key == NULL || ui.busy)
        return;
    set_busy(1, "Exporting.");
    dataset = crux_call_follow(ui.datasets, "GET", key);
    facts = crux_call_send(dataset);
    call = crux_call_new(ui.me, "POST", "datasets/{id}/export/csv/");
    crux_call_fill(call, "id", crux_json_text(facts, "/body/id"));
    crux_call_set(call, "await", "1");
    crux_call_set(call, "save", ui.file);
    made = crux_call_send(call);
    SendMessageW(ui.bar, PBM_SETPOS, crux_code(made) == CRUX_OK ? 100 : 0, 0);
    set_busy(0, crux_code(made) == CRUX_OK ? "The file is complete." : crux_message(made));
    crux_free(made);
    crux_free(call);
    crux_free(facts);
    crux_free(dataset);
}

static LRESULT CALLBACK handle(HWND window, UINT message, WPARAM w, LPARAM l)
{
    switch (message) {
    case WM_COMMAND:
        if (LOWORD(w) == SAVE)
            save();
        if (LOWORD(w) == CANCEL)
            ui.cancelled = 1;
        return 0;
    case WM_CLOSE:
        /* What is under way ends first; the loop sees it then. */
        PostQuitMessage(0);
        ui.closing = 1;
        return 0;
    default:
        return DefWindowProcW(window, message, w, l);
    }
}

static HWND part(const wchar_t *kind, const wchar_t *text, DWORD style, int y, int height, int x, int width, int id)
{
    HWND made = CreateWindowExW(0, kind, text, WS_CHILD | WS_VISIBLE | style, x, y, width, height, ui.window,
                                (HMENU)(INT_PTR)id, GetModuleHandleW(NULL), NULL);

    SendMessageW(made, WM_SETFONT, (WPARAM)GetStockObject(DEFAULT_GUI_FONT), TRUE);
    return made;
}

int wmain(int count, wchar_t **words)
{
    WNDCLASSW kind = {0};
    ULONGLONG end = 0;
    int once = count > 4;

    if (count < 3) {
        MessageBoxW(NULL, L"usage: window BASE_URL USER [FILE]", L"libcrux", MB_OK);
        return CRUX_ERR_ARGUMENT;
    }
    utf8(words[1], ui.base, sizeof ui.base);
    utf8(words[2], ui.user, sizeof ui.user);
    utf8(count > 3 ? words[3] : L"export.csv", ui.file, sizeof ui.file);

    InitCommonControls();
    kind.lpfnWndProc = handle, kind.hInstance = GetModuleHandleW(NULL), kind.lpszClassName = L"crux";
    kind.hCursor = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW), kind.hbrBackground = (HBRUSH)(COLOR_BTNFACE + 1);
    RegisterClassW(&kind);
    ui.window = CreateWindowW(L"crux", L"Datasets", WS_OVERLAPPEDWINDOW, 60, 60, 440, 330, NULL, NULL, kind.hInstance, NULL);
    ui.list = part(L"LISTBOX", L"", WS_BORDER | WS_VSCROLL | LBS_NOTIFY, 10, 190, 10, 410, LIST);
    ui.bar = part(PROGRESS_CLASSW, L"", 0, 205, 18, 10, 410, BAR);
    ui.words = part(L"STATIC", L"", 0, 230, 32, 10, 410, WORDS);
    ui.save = part(L"BUTTON", L"&Save as CSV", 0, 265, 26, 10, 120, SAVE);
    ui.cancel = part(L"BUTTON", L"&Cancel", 0, 265, 26, 140, 120, CANCEL);
    ShowWindow(ui.window, SW_SHOW);

    log_in_and_list();
    if (once)
        save(), end = GetTickCount64() + 5000;
    while (!serve() && (!once || GetTickCount64() < end))
        MsgWaitForMultipleObjects(0, NULL, FALSE, 100, QS_ALLINPUT);
    once = crux_code(ui.datasets);
    crux_free(ui.datasets);
    crux_free(ui.me);
    return once;
}
