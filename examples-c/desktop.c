/*
 * A small desktop program in GTK 3: log in, pick something from a list, export it into a file.
 *
 *     cc -o desktop desktop.c $(pkg-config --cflags --libs gtk+-3.0) -lcrux
 *     ./desktop                  for a person
 *     ./desktop --script FILE    for the lines of FILE; see desktop_script.h
 *
 * The window never waits for the network, and the program has no thread of its own. Everything is a call that
 * start() starts: crux_call_start returns at once, and GLib watches the descriptor of crux_event. The login is such
 * a call (crux_call_login), and so is the whole export: with the options "await" and "save" it asks for the file,
 * awaits the job and downloads the result.
 *
 * The rest is short: tick() reads the progress ten times a second, Cancel is crux_cancel, and the text of an
 * error is crux_message.
 */
#include <crux.h>
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <string.h>

enum { NAME, DETAIL, ID, COLUMNS };

static struct {
    GtkWidget *window, *service, *address, *user, *password, *log_in, *list, *reload, *export, *cancel;
    GtkWidget *bar, *note, *sign, *words;
    GtkListStore *rows;
    crux_client *me;               /* NULL until a login succeeds */
    crux_client *coming;           /* the client whose login is under way */
    crux_response *now;            /* the request under way, which Cancel ends */
    void (*next)(crux_response *); /* receives it once it has finished */
    const char *doing;             /* the work under way, in words; NULL = none */
    char *file;                    /* the target of the export */
    int is_crunch, cancelled, closing, scripted, job_seen;
    guint ticker;
} ui;

/* ---- the state of the window ------------------------------------------------------------------------- */

static void say(GtkMessageType kind, const char *sentence)
{
    const char *sign = kind == GTK_MESSAGE_ERROR ? "dialog-error" : "dialog-information";

    gtk_info_bar_set_message_type(GTK_INFO_BAR(ui.note), kind);
    gtk_image_set_from_icon_name(GTK_IMAGE(ui.sign), sign, GTK_ICON_SIZE_DND);
    gtk_label_set_text(GTK_LABEL(ui.words), sentence);
    if (ui.scripted)
        g_print("%s: %s\n", kind == GTK_MESSAGE_ERROR ? "error" : "says", sentence);
}

static void enable(void)
{
    gboolean idle = ui.doing == NULL, has_rows = ui.me != NULL && idle;
    GtkTreeSelection *chosen = gtk_tree_view_get_selection(GTK_TREE_VIEW(ui.list));

    gtk_widget_set_sensitive(ui.log_in, idle);
    gtk_widget_set_sensitive(ui.reload, has_rows);
    gtk_widget_set_sensitive(ui.export, has_rows && gtk_tree_selection_get_selected(chosen, NULL, NULL));
    gtk_widget_set_sensitive(ui.cancel, !idle);
}

/* What the request under way does, and how much of it is done: percent, or -1 if that has no measure. */
static const char *progress(int *percent)
{
    int64_t phase = crux_number(ui.now, "phase"), received = crux_number(ui.now, "received");
    int64_t total = crux_number(ui.now, "receive_total");

    *percent = -1;
    if (phase == CRUX_PHASE_JOB) {
        ui.job_seen = 1;
        *percent = (int)crux_number(ui.now, "percent");
        return "The service makes the file.";
    }
    if (!ui.job_seen)
        return ui.doing;
    if (phase == CRUX_PHASE_RECEIVE && total > 0 && received >= 0)
        *percent = (int)(received * 100 / total);
    return "Downloading.";
}

/* Ten times a second while something is under way. */
static gboolean tick(gpointer unused)
{
    GtkProgressBar *bar = GTK_PROGRESS_BAR(ui.bar);
    int percent;
    const char *doing = progress(&percent);
    char *text;

    (void)unused;
    if (percent >= 0)
        gtk_progress_bar_set_fraction(bar, (double)percent / 100);
    else
        gtk_progress_bar_pulse(bar);
    text = percent >= 0 ? g_strdup_printf("%s %d %%", doing, percent) : g_strdup(doing);
    gtk_progress_bar_set_text(bar, text);
    g_free(text);
    return G_SOURCE_CONTINUE;
}

static void begin(const char *doing)
{
    if (ui.doing == NULL) {
        ui.cancelled = ui.job_seen = 0;
        ui.ticker = g_timeout_add(100, tick, NULL);
    }
    ui.doing = doing;
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(ui.bar), 0);
    say(GTK_MESSAGE_INFO, doing);
    enable();
}

static void end(GtkMessageType kind, const char *sentence)
{
    ui.doing = NULL;
    g_source_remove(ui.ticker);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(ui.bar), 0);
    gtk_progress_bar_set_text(GTK_PROGRESS_BAR(ui.bar), " ");
    say(kind, sentence);
    enable();
    if (ui.closing)
        gtk_main_quit();
}

/* Returns true if the work goes on; else shows the reason. */
static gboolean went_well(const void *object)
{
    if (crux_code(object) == CRUX_OK && !ui.cancelled)
        return TRUE;
    if (ui.cancelled)
        end(GTK_MESSAGE_INFO, "Cancelled.");
    else
        end(GTK_MESSAGE_ERROR, crux_message(object));
    return FALSE;
}

/* ---- requests: started, and watched by the main loop ------------------------------------------------- */

static gboolean look(gpointer unused)
{
    crux_response *response = ui.now;

    (void)unused;
    if (!crux_wait(response, 0))
        return G_SOURCE_CONTINUE;
    ui.now = NULL;
    ui.next(response);
    return G_SOURCE_REMOVE;
}

static gboolean on_event(gint descriptor, GIOCondition condition, gpointer unused)
{
    (void)descriptor, (void)condition;
    return look(unused);
}

static void start(crux_call *call, void (*next)(crux_response *))
{
    int descriptor;

    ui.now = crux_call_start(call);
    ui.next = next;
    crux_free(call);
    descriptor = (int)crux_event(ui.now);
    if (descriptor >= 0)
        g_unix_fd_add(descriptor, G_IO_IN, on_event, NULL);
    else
        g_timeout_add(50, look, NULL); /* the process has no descriptors left */
}

static void add_row(const crux_response *response, const char *place, const char *name, const char *detail,
                    const char *id)
{
    const char *const members[COLUMNS] = {name, detail, id};
    GtkTreeIter row;
    int i;

    gtk_list_store_append(ui.rows, &row);
    for (i = 0; i < COLUMNS; i++) {
        char *pointer = g_strconcat(place, members[i], NULL);

        gtk_list_store_set(ui.rows, &row, i, crux_json_text(response, pointer), -1);
        g_free(pointer);
    }
}

/* Crunch: "/index/<key>", where the key is a URL with "~1" for its slashes. Crux Connect: "/items/<number>". */
static void on_listed(crux_response *response)
{
    const char *array = crux_json_count(response, "/items") > 0 ? "/items" : "", *key;
    size_t count = ui.is_crunch ? crux_json_count(response, "/index") : crux_json_count(response, array), i;
    int total = (int)crux_json_int(response, "/pagination/total_count", (int64_t)count);
    const char *things = ui.is_crunch ? "datasets" : "items";
    char *words = total > (int)count ? g_strdup_printf("These are %d of %d %s.", (int)count, total, things)
                                     : g_strdup_printf("These are all %d %s.", (int)count, things);

    if (went_well(response)) {
        gtk_list_store_clear(ui.rows);
        for (i = 0; i < count; i++) {
            if (ui.is_crunch && (key = crux_json_key(response, "/index", i)) != NULL) {
                char **parts = g_strsplit(key, "/", -1), *escaped = g_strjoinv("~1", parts);
                char *place = g_strconcat("/index/", escaped, NULL);

                add_row(response, place, "/name", "/owner_name", "/id");
                g_free(place), g_free(escaped), g_strfreev(parts);
            } else {
                char *place = g_strdup_printf("%s/%d", array, (int)i);

                add_row(response, place, "/title", "/brand", "/uuid");
                g_free(place);
            }
        }
        end(GTK_MESSAGE_INFO, words);
    }
    g_free(words);
    crux_free(response);
}

static void load_list(void)
{
    begin("Getting the list.");
    start(crux_call_new(ui.me, "GET", ui.is_crunch ? "datasets/all/" : "products/items/"), on_listed);
}

/* ---- an export: one call that asks, awaits the job and saves its result ------------------------------ */

static void on_saved(crux_response *response)
{
    long long size = crux_number(response, "received");
    char *words = g_strdup_printf("%s is complete: %lld bytes.", ui.file, size);

    if (went_well(response))
        end(GTK_MESSAGE_INFO, words);
    g_free(words);
    crux_free(response);
}

static void export_to(const char *file)
{
    GtkTreeSelection *chosen = gtk_tree_view_get_selection(GTK_TREE_VIEW(ui.list));
    crux_call *call;
    GtkTreeIter row;
    char *id;

    if (!gtk_tree_selection_get_selected(chosen, NULL, &row))
        return;
    gtk_tree_model_get(GTK_TREE_MODEL(ui.rows), &row, ID, &id, -1);
    g_free(ui.file);
    ui.file = g_strdup(file);
    if (ui.is_crunch) {
        call = crux_call_new(ui.me, "POST", "datasets/{id}/export/csv/");
        crux_call_fill(call, "id", id);
        crux_call_put_json(call, "", "{}");
    } else {
        /* Each generation of Crux Connect has its own name for the list. */
        call = crux_call_new(ui.me, "POST", "products/items/export/");
        crux_call_put_text(call, "/item_uuids/-", id);
        crux_call_put_text(call, "/uuids/-", id);
    }
    crux_call_set(call, "await", "1");
    crux_call_set(call, "save", ui.file);
    begin("Exporting.");
    start(call, on_saved);
    g_free(id);
}

/* ---- the login: a call like any other ---------------------------------------------------------------- */

/* Takes the new client, if the object that says how its login went is content. */
static void take_client(const void *outcome)
{
    crux_client *me = ui.coming;

    ui.coming = NULL;
    if (went_well(outcome)) {
        crux_free(ui.me);
        ui.me = me;
        ui.is_crunch = strcmp(crux_info(me, "service"), "crunch") == 0;
        load_list();
    } else {
        crux_free(me);
    }
}

static void on_logged_in(crux_response *response)
{
    take_client(response);
    crux_free(response);
}

/* An empty field is one that was not given. */
static void set_from(crux_options *options, const char *key, GtkWidget *entry)
{
    const char *text = gtk_entry_get_text(GTK_ENTRY(entry));

    crux_options_set(options, key, text[0] != '\0' ? text : NULL);
}

static void on_log_in(void)
{
    gboolean has_user = gtk_entry_get_text_length(GTK_ENTRY(ui.user)) > 0;
    char *service = gtk_combo_box_text_get_active_text(GTK_COMBO_BOX_TEXT(ui.service));
    crux_options *options = crux_options_new();

    crux_options_set(options, "service", service);
    /* crux_login_with must not wait here: the call logs in. */
    crux_options_set(options, "login.when", "first_use");
    set_from(options, "base_url", ui.address);
    set_from(options, "user", ui.user);
    set_from(options, has_user ? "secret" : "token", ui.password);
    ui.coming = crux_login_with(options);
    crux_free(options);
    g_free(service);
    begin("Logging in.");
    /* An API key needs no login. What the client refuses, such as a bad address, is the outcome of the call too. */
    if (has_user)
        start(crux_call_login(ui.coming), on_logged_in);
    else
        take_client(ui.coming);
}

/* The request ends within 200 ms; then look() sees it as any other end. */
static void on_cancel(void)
{
    ui.cancelled = 1;
    crux_cancel(ui.now);
}

static void on_export(void)
{
    GtkWidget *ask =
        gtk_file_chooser_dialog_new("Export", GTK_WINDOW(ui.window), GTK_FILE_CHOOSER_ACTION_SAVE, "Cancel",
                                    GTK_RESPONSE_CANCEL, "Export", GTK_RESPONSE_ACCEPT, NULL);
    char *file = NULL;

    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(ask), "export.csv");
    gtk_file_chooser_set_do_overwrite_confirmation(GTK_FILE_CHOOSER(ask), TRUE);
    if (gtk_dialog_run(GTK_DIALOG(ask)) == GTK_RESPONSE_ACCEPT)
        file = gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(ask));
    gtk_widget_destroy(ask);
    if (file != NULL)
        export_to(file);
    g_free(file);
}

/* The request under way ends first, and its end quits the main loop. */
static gboolean on_close(void)
{
    ui.closing = 1;
    if (ui.doing != NULL)
        on_cancel();
    else
        gtk_main_quit();
    return TRUE;
}

/* The widgets, and the script that drives them in the tests: plain GTK. */
#include "desktop_window.h"

#include "desktop_script.h"

int main(int argc, char **argv)
{
    gtk_init(&argc, &argv);
    make_window();
    if (argc == 3 && strcmp(argv[1], "--script") == 0 && !run_script(argv[2]))
        return CRUX_ERR_FILE;
    measure();
    gtk_main();
    g_print("latency_ms %d\n", (int)(clock_of_loop.latest / 1000));
    crux_free(ui.me);
    g_free(ui.file);
    return 0;
}
