/*
 * For desktop.c: drives the window with the lines of a file and measures the latency of its main loop. Sentences
 * of the window go to standard output, after "says: " or "error: ".
 *
 *     fill FIELD TEXT     service, address, user, password
 *     login               presses "Log in"; so do reload and cancel
 *     select NAME         the row of that name
 *     export FILE         as "Export..." does, without its dialog
 *     wait                until nothing is under way
 *     until PERCENT       until the bar has reached it, or nothing is under way
 *     sleep MS
 *     bar                 prints the text of the bar
 *     screenshot FILE     of the window, as PNG
 *     measure             resets the measured latency
 *     quit
 */
#ifndef DESKTOP_SCRIPT_H
#define DESKTOP_SCRIPT_H

#define LOOP_MS 10

static struct {
    gint64 due, latest; /* microseconds */
} clock_of_loop;

/* A late timer shows that something blocked the main loop. */
static gboolean loop_tick(gpointer unused)
{
    gint64 now = g_get_monotonic_time(), late = now - clock_of_loop.due;

    (void)unused;
    clock_of_loop.latest = MAX(clock_of_loop.latest, late);
    clock_of_loop.due = now + LOOP_MS * 1000;
    return G_SOURCE_CONTINUE;
}

static void measure(void)
{
    if (clock_of_loop.due == 0)
        g_timeout_add(LOOP_MS, loop_tick, NULL);
    clock_of_loop.due = g_get_monotonic_time() + LOOP_MS * 1000;
    clock_of_loop.latest = 0;
}

static struct {
    char **lines;
    int at, until;      /* until: percent; 101 = until nothing is under way; -1 = at once */
    gint64 not_before;
} script;

static void fill(const char *name, const char *text)
{
    if (strcmp(name, "service") == 0)
        gtk_combo_box_set_active_id(GTK_COMBO_BOX(ui.service), text);
    else if (strcmp(name, "address") == 0)
        gtk_entry_set_text(GTK_ENTRY(ui.address), text);
    else if (strcmp(name, "user") == 0)
        gtk_entry_set_text(GTK_ENTRY(ui.user), text);
    else
        gtk_entry_set_text(GTK_ENTRY(ui.password), text);
}

static void select_row(const char *wanted)
{
    GtkTreeModel *rows = GTK_TREE_MODEL(ui.rows);
    GtkTreePath *path = gtk_tree_path_new_first();
    gboolean found = FALSE;
    GtkTreeIter row;
    char *name;

    for (; !found && gtk_tree_model_get_iter(rows, &row, path); gtk_tree_path_next(path)) {
        gtk_tree_model_get(rows, &row, NAME, &name, -1);
        found = g_strcmp0(name, wanted) == 0;
        if (found) /* also scrolls to the row */
            gtk_tree_view_set_cursor(GTK_TREE_VIEW(ui.list), path, NULL, FALSE);
        g_free(name);
    }
    gtk_tree_path_free(path);
    if (!found)
        g_print("script: no row %s\n", wanted);
}

/* Presses a button, but only an enabled one. */
static void press(GtkWidget *made)
{
    if (gtk_widget_get_sensitive(made))
        gtk_button_clicked(GTK_BUTTON(made));
    else
        g_print("script: %s cannot be pressed\n", gtk_button_get_label(GTK_BUTTON(made)));
}

static void shoot(const char *file)
{
    GdkWindow *window = gtk_widget_get_window(ui.window);
    GdkPixbuf *picture = gdk_pixbuf_get_from_window(window, 0, 0, gdk_window_get_width(window),
                                                    gdk_window_get_height(window));

    if (picture == NULL || !gdk_pixbuf_save(picture, file, "png", NULL, NULL))
        g_print("script: no screenshot\n");
    g_clear_object(&picture);
}

static void act(const char *verb, char *rest)
{
    if (strcmp(verb, "fill") == 0) {
        char *text = rest + strcspn(rest, " ");

        if (*text != '\0')
            *text++ = '\0';
        fill(rest, text);
    } else if (strcmp(verb, "login") == 0) {
        press(ui.log_in);
    } else if (strcmp(verb, "reload") == 0) {
        press(ui.reload);
    } else if (strcmp(verb, "cancel") == 0) {
        press(ui.cancel);
    } else if (strcmp(verb, "select") == 0) {
        select_row(rest);
    } else if (strcmp(verb, "export") == 0) {
        export_to(rest);
    } else if (strcmp(verb, "wait") == 0) {
        script.until = 101;
    } else if (strcmp(verb, "until") == 0) {
        script.until = atoi(rest);
    } else if (strcmp(verb, "sleep") == 0) {
        script.not_before = g_get_monotonic_time() + atoi(rest) * G_GINT64_CONSTANT(1000);
    } else if (strcmp(verb, "bar") == 0) {
        g_print("bar: %s\n", gtk_progress_bar_get_text(GTK_PROGRESS_BAR(ui.bar)));
    } else if (strcmp(verb, "screenshot") == 0) {
        shoot(rest);
    } else if (strcmp(verb, "measure") == 0) {
        measure();
    } else if (strcmp(verb, "quit") == 0) {
        on_close();
    } else {
        g_print("script: %s is not understood\n", verb);
    }
}

static gboolean next_step(gpointer unused)
{
    double done = gtk_progress_bar_get_fraction(GTK_PROGRESS_BAR(ui.bar)) * 100;
    char *line, *rest;

    (void)unused;
    if (g_get_monotonic_time() < script.not_before || (ui.doing != NULL && done + 0.5 < script.until))
        return G_SOURCE_CONTINUE;
    script.until = -1;
    line = script.lines[script.at];
    if (line == NULL || ui.closing)
        return G_SOURCE_REMOVE;
    script.at++;
    rest = line + strcspn(line, " ");
    if (*rest != '\0')
        *rest++ = '\0';
    if (line[0] != '\0')
        act(line, rest);
    return G_SOURCE_CONTINUE;
}

static gboolean run_script(const char *file)
{
    char *text;

    if (!g_file_get_contents(file, &text, NULL, NULL))
        return FALSE;
    script.lines = g_strsplit(text, "\n", -1);
    g_free(text);
    ui.scripted = 1;
    g_timeout_add(20, next_step, NULL);
    return TRUE;
}

#endif
