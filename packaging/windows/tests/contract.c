/*
 * What the library promises of Windows, through crux.dll: the last error, floating point, events, ticks in the one
 * thread, cancel, names of files, who may read a token, the proxy of the settings, versions.
 * sandbox --shop wine contract.exe
 */
#include <crux.h>
#include <winsock2.h>
#include <windows.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

static char *base, *user, *password;

/* A variable in UTF-8; getenv knows the code page only. */
static char *variable(const wchar_t *name)
{
    static wchar_t wide[4096];
    char *text = malloc(sizeof wide);
    if (GetEnvironmentVariableW(name, wide, 4096) == 0) exit(2);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof wide, NULL, NULL);
    return text;
}

static crux_options *options(void)
{
    crux_options *made = crux_options_new();
    crux_options_set(made, "service", "custom");
    crux_options_set(made, "base_url", base);
    crux_options_set(made, "user", user);
    crux_options_set(made, "secret", password);
    return made;
}

static crux_client *login_with(crux_options *with)
{
    crux_client *client = crux_login_with(with);
    crux_free(with);
    if (crux_code(client) != CRUX_OK) printf("a login failed: %s\n", crux_message(client));
    return client;
}

static int holds(const char *text, const char *part) { return text != NULL && strstr(text, part) != NULL; }

static int32_t code_of(crux_response *response)
{
    int32_t code = crux_code(response);
    if (code != CRUX_OK) printf("  %s\n", crux_message(response));
    crux_free(response);
    return code;
}

static void last_error_and_floating_point(crux_client *client)
{
    unsigned sse = 0x1f80 & ~0x0200u, sse_after = 0;
    unsigned short x87 = 0x037f & ~0x0004, x87_after = 0;
    crux_response *response;
    SetLastError(4242);
    response = crux_request(client, "GET", "things/0/", NULL, 0);
    CHECK("the last error is kept", GetLastError() == 4242 && WSAGetLastError() == 4242);
    CHECK("a request", code_of(response) == CRUX_OK);
    SetLastError(4242);
    crux_free(crux_request(NULL, "GET", "x", NULL, 0));
    CHECK("the last error is kept by a refusal", GetLastError() == 4242);
    /* A division by zero faults, as Delphi has it. */
    __asm__ volatile("fnclex\n\tfldcw %0\n\tldmxcsr %1" : : "m"(x87), "m"(sse));
    response = crux_request(client, "GET", "things/", NULL, 0);
    __asm__ volatile("fnstcw %0\n\tstmxcsr %1" : "=m"(x87_after), "=m"(sse_after));
    CHECK("floating point is as it was", x87_after == x87 && (sse_after & ~0x3fu) == sse);
    CHECK("a request with exceptions unmasked", code_of(response) == CRUX_OK);
}

static void events(crux_client *client)
{
    crux_call *call = crux_call_new(client, "GET", "things/0/"), *slow = crux_call_new(client, "GET", "slow/");
    crux_response *first = crux_call_start(call), *waiting = crux_call_start(slow), *next;
    HANDLE event = (HANDLE) crux_event(first), all = (HANDLE) crux_event(client), pending = (HANDLE) crux_event(waiting);
    DWORD flags = 0, before, after, i;
    int taken = 0;
    CHECK("an event is a handle", event != NULL && event != INVALID_HANDLE_VALUE && event != all);
    CHECK("children do not inherit it", GetHandleInformation(event, &flags) && !(flags & HANDLE_FLAG_INHERIT));
    CHECK("the event of a response is set when it is finished", WaitForSingleObject(event, 20000) == WAIT_OBJECT_0);
    CHECK("and stays set", WaitForSingleObject(event, 0) == WAIT_OBJECT_0 && crux_code(first) == CRUX_OK);
    CHECK("one that is pending has it unset", WaitForSingleObject(pending, 0) == WAIT_TIMEOUT);
    CHECK("the client's is set while one has finished", WaitForSingleObject(all, 0) == WAIT_OBJECT_0);
    CHECK("the queue has it", crux_next_finished(client, 0) == first && crux_next_finished(client, 0) == NULL);
    CHECK("and is unset then", WaitForSingleObject(all, 0) == WAIT_TIMEOUT);
    crux_cancel(waiting);
    CHECK("a cancel sets the event", WaitForSingleObject(pending, 2000) == WAIT_OBJECT_0);
    CHECK("with its outcome", crux_code(waiting) == CRUX_ERR_CANCELLED);
    CHECK("the client's event is the same for all", crux_event(client) == (ptrdiff_t) all);
    crux_free(crux_next_finished(client, 1000));
    crux_free(first);
    GetProcessHandleCount(GetCurrentProcess(), &before);
    for (i = 0; i < 40; i++) {
        crux_response *started = crux_call_start(call);
        crux_event(started);
        while (!crux_wait(started, 100)) {}
        crux_free(crux_next_finished(client, 20000));
    }
    GetProcessHandleCount(GetCurrentProcess(), &after);
    CHECK("handles are given back", after < before + 20);
    for (i = 0; i < 20; i++) crux_call_start(call);
    while (taken < 20 && (flags = MsgWaitForMultipleObjects(1, &all, FALSE, 20000, QS_ALLINPUT)) != WAIT_TIMEOUT) {
        MSG message;
        while (PeekMessage(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessage(&message);
        while ((next = crux_next_finished(client, 0)) != NULL) taken += crux_code(next) == CRUX_OK, crux_free(next);
    }
    CHECK("one handle serves twenty requests in a window's loop", taken == 20);
    crux_free(call);
    crux_free(slow);
}

struct ticks {
    DWORD thread;
    int count, elsewhere, released, stop_after;
};

static int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    struct ticks *ticks = context;
    (void) phase, (void) done, (void) total;
    ticks->elsewhere += GetCurrentThreadId() != ticks->thread;
    return ++ticks->count >= ticks->stop_after;
}

static void release(void *context) { ((struct ticks *) context)->released++; }

static void ticks_and_streams(crux_client *client)
{
    struct ticks ticks = {GetCurrentThreadId(), 0, 0, 0, 8};
    crux_call *call = crux_call_new(client, "GET", "slow/");
    crux_response *response;
    ULONGLONG began = GetTickCount64();
    size_t length = 0;
    ptrdiff_t amount;
    char buffer[10000];
    crux_call_set(call, "tick.every_ms", "20");
    crux_call_tick(call, tick, &ticks, release);
    response = crux_call_send(call);
    CHECK("a tick ends a request", crux_code(response) == CRUX_ERR_CANCELLED && GetTickCount64() - began < 2000);
    CHECK("ticks come in the thread that waits", ticks.count == 8 && ticks.elsewhere == 0);
    crux_free(response);
    crux_free(call);
    CHECK("its context is released", ticks.released == 1);
    call = crux_call_new(client, "GET", "files/out.bin");
    response = crux_call_stream(call);
    while ((amount = crux_read(response, buffer, sizeof buffer)) > 0) length += (size_t) amount;
    CHECK("a stream comes whole", amount == 0 && length == 1 << 20 && crux_code(response) == CRUX_OK);
    crux_free(response);
    crux_free(call);
}

static DWORD WINAPI cancel_soon(void *client)
{
    while (crux_number(client, "under_way") == 0) Sleep(1);
    Sleep(50);
    crux_cancel(client);
    return 0;
}

static void cancelling(crux_client *client)
{
    static const char *const places[] = {"slow/", "drip/1000000"};
    size_t i;
    for (i = 0; i < 2; i++) {
        HANDLE thread = CreateThread(NULL, 0, cancel_soon, client, 0, NULL);
        ULONGLONG since = GetTickCount64();
        crux_response *response = crux_request(client, "GET", places[i], NULL, 0);
        CHECK("a cancel from another thread", crux_code(response) == CRUX_ERR_CANCELLED && GetTickCount64() - since < 1500);
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
        crux_free(response);
    }
}

/* A folder of that name in UTF-8 and in the system's form. */
static void folder(char *text, wchar_t *wide)
{
    static const wchar_t name[] = L"\x0436\x8a9e\x00fc";
    wchar_t temp[MAX_PATH], part[200];
    int i;
    GetTempPathW(MAX_PATH, temp);
    swprintf(wide, 1000, L"\\\\?\\%lscrux-%lu-%lu", temp, (unsigned long) GetCurrentProcessId(), (unsigned long) time(NULL));
    CreateDirectoryW(wide, NULL);
    part[0] = L'\\', part[1] = 0;
    for (i = 0; i < 25; i++) wcscat(part, name);
    for (i = 0; i < 5; i++) wcscat(wide, part), CreateDirectoryW(wide, NULL);
    /* Without the prefix, as people write it. */
    WideCharToMultiByte(CP_UTF8, 0, wide + 4, -1, text, 4000, NULL, NULL);
}

static void files(crux_client *client)
{
    static char place[4000], file[4100], token[4100];
    static wchar_t wide[1000], name[1100];
    crux_client *first, *second;
    crux_options *with;
    crux_call *call = crux_call_new(client, "GET", "files/out.bin");
    WIN32_FILE_ATTRIBUTE_DATA facts;
    PSECURITY_DESCRIPTOR everyone = NULL;
    int i;
    folder(place, wide);
    sprintf(file, "%s\\out.bin", place), sprintf(token, "%s\\token", place);
    crux_call_set(call, "save", file);
    for (i = 0; i < 2; i++) CHECK("a download into a long path of any script", code_of(crux_call_send(call)) == CRUX_OK);
    swprintf(name, 1100, L"%ls\\out.bin", wide);
    CHECK("it is whole", GetFileAttributesExW(name, GetFileExInfoStandard, &facts) && facts.nFileSizeLow == 1 << 20);
    CHECK("it is sent from there", code_of(crux_upload(client, "upload/", "file", file, NULL)) == CRUX_OK);
    swprintf(name, 1100, L"%ls\\out.bin.part", wide);
    CHECK("no part is left", GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES);
    crux_free(call);

    with = options(), crux_options_set(with, "token_file", token), first = login_with(with);
    with = options(), crux_options_set(with, "token_file", token), second = login_with(with);
    CHECK("the token of a file is used", holds(crux_info(second, "token_source"), "file"));
    CHECK("without a login", crux_number(second, "logins") == 0);
    crux_free(first), crux_free(second);
    swprintf(name, 1100, L"%ls\\token", wide);
    ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;;FA;;;WD)", SDDL_REVISION_1, &everyone, NULL);
    CHECK("the list is changed", SetFileSecurityW(name, DACL_SECURITY_INFORMATION, everyone));
    with = options(), crux_options_set(with, "token_file", token), first = crux_login_with(with);
    CHECK("one that others may read is refused", crux_code(first) == CRUX_ERR_FILE);
    CHECK("with advice", holds(crux_message(first), "your own account"));
    crux_free(with), crux_free(first);
    LocalFree(everyone);
}

static int32_t proxy_setting(DWORD enabled, const char *server)
{
    static const char place[] = "Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
    HKEY key;
    if (RegCreateKeyA(HKEY_CURRENT_USER, place, &key) != 0) return 0;
    RegSetValueExA(key, "ProxyEnable", 0, REG_DWORD, (const BYTE *) &enabled, sizeof enabled);
    RegSetValueExA(key, "ProxyServer", 0, REG_SZ, (const BYTE *) server, (DWORD) strlen(server) + 1);
    RegSetValueExA(key, "ProxyOverride", 0, REG_SZ, (const BYTE *) "<local>;*.near.test", 20);
    RegCloseKey(key);
    return 1;
}

/* A proxy that refuses its one client; it returns the version of SOCKS that the client spoke. */
static DWORD WINAPI refusing_socks(void *listener)
{
    static const char refusal[8] = {0, 91};
    SOCKET with = accept((SOCKET) listener, NULL, NULL);
    char ask[64] = {0};
    recv(with, ask, sizeof ask, 0);
    send(with, refusal, sizeof refusal, 0);
    shutdown(with, SD_SEND);
    while (recv(with, ask + 1, sizeof ask - 1, 0) > 0) continue;
    closesocket(with);
    return (DWORD) ask[0];
}

/* What "socks=" means, as Windows has it. */
static void socks_of_settings(void)
{
    struct sockaddr_in place = {0};
    int size = sizeof place;
    char setting[64];
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    crux_options *with = crux_options_new();
    crux_client *away;
    crux_response *response;
    HANDLE proxy;
    DWORD version = 0;
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (void *) &place, size) != 0 || listen(listener, 1) != 0) exit(2);
    getsockname(listener, (void *) &place, &size);
    proxy = CreateThread(NULL, 0, refusing_socks, (void *) listener, 0, NULL);
    sprintf(setting, "ftp=127.0.0.1:9;socks=127.0.0.1:%d", ntohs(place.sin_port));
    proxy_setting(1, setting);
    crux_options_set(with, "service", "custom");
    crux_options_set(with, "base_url", "http://192.0.2.1/");
    crux_options_set(with, "retry.max", "0");
    away = login_with(with);
    response = crux_request(away, "GET", "x", NULL, 0);
    CHECK("the SOCKS proxy of the settings is used", holds(crux_message(response), "SOCKS4 code 91"));
    crux_free(response), crux_free(away);
    closesocket(listener);
    WaitForSingleObject(proxy, INFINITE);
    GetExitCodeThread(proxy, &version);
    CHECK("in version 4", version == 4);
    CloseHandle(proxy);
    proxy_setting(0, "");
}

static void settings(void)
{
    crux_options *with = crux_options_new();
    crux_client *away;
    crux_response *response;
    crux_options_set(with, "service", "custom");
    crux_options_set(with, "base_url", "http://far.test/");
    crux_options_set(with, "retry.max", "0");
    CHECK("the settings are written", proxy_setting(1, "127.0.0.1:9"));
    away = login_with(with);
    response = crux_request(away, "GET", "x", NULL, 0);
    CHECK("the proxy of the settings is used", holds(crux_message(response), "127.0.0.1 port 9"));
    crux_free(response);
    response = crux_request(away, "GET", base, NULL, 0);
    CHECK("loopback goes past it", crux_status(response) == 401 || crux_status(response) == 404);
    crux_free(response), crux_free(away);
    proxy_setting(0, "");
}

static void trust(void)
{
    char *https = variable(L"CRUX_SANDBOX_HTTPS"), *ca = variable(L"CRUX_SANDBOX_CA");
    crux_options *with = crux_options_new();
    crux_client *client;
    crux_response *response;
    crux_options_set(with, "service", "custom");
    crux_options_set(with, "base_url", https);
    client = crux_login_with(with);
    response = crux_request(client, "GET", "echo/", NULL, 0);
    CHECK("an authority that the system does not know", crux_code(response) == CRUX_ERR_TLS);
    CHECK("is named with advice", holds(crux_message(response), "tls.ca_file"));
    crux_free(response), crux_free(client);
    crux_options_set(with, "tls.ca_file", ca);
    client = login_with(with);
    CHECK("one that was added is trusted", code_of(crux_request(client, "GET", "echo/", NULL, 0)) == CRUX_OK);
    crux_free(client);
}

static void handles(crux_client *client)
{
    crux_response *response = crux_request(client, "GET", "things/0/", NULL, 0);
    static char never[64];
    crux_free(response);
    CHECK("a freed handle is refused", crux_code(response) == CRUX_ERR_ARGUMENT);
    crux_free(response), crux_free(never), crux_free(NULL), crux_free((void *) 16);
    CHECK("a pointer of another kind is refused", crux_code(never) == CRUX_ERR_ARGUMENT && crux_status(client) == 200);
    CHECK("an absurd length is refused", code_of(crux_request(client, "PUT", "echo/", "x", PTRDIFF_MIN)) == CRUX_ERR_ARGUMENT);
    CHECK("so is the highest", code_of(crux_request(client, "PUT", "echo/", "x", PTRDIFF_MAX)) == CRUX_ERR_ARGUMENT);
    CHECK("no event of what has none", crux_event(never) == -1);
}

static void versions(void)
{
    DWORD unused, size = GetFileVersionInfoSizeA("crux.dll", &unused);
    void *facts = malloc(size), *text = NULL;
    UINT length = 0;
    CHECK("the file has a version", size > 0 && GetFileVersionInfoA("crux.dll", 0, size, facts));
    CHECK("in words", VerQueryValueA(facts, "\\StringFileInfo\\040904b0\\ProductVersion", &text, &length));
    CHECK("that of the library", text != NULL && strcmp(text, crux_version()) == 0 && crux_abi() >= CRUX_ABI);
    free(facts);
}

int main(void)
{
    crux_client *client;
    base = variable(L"CRUX_BASE"), user = variable(L"CRUX_USER"), password = variable(L"CRUX_PASSWORD");
    client = login_with(options());
    last_error_and_floating_point(client);
    events(client);
    ticks_and_streams(client);
    cancelling(client);
    files(client);
    settings();
    socks_of_settings();
    trust();
    handles(client);
    versions();
    crux_free(client);
    return verdict();
}
