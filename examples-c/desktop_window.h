/*
 * The window of desktop.c: four fields, a list, a bar, a few buttons, and a place for sentences.
 */
#ifndef DESKTOP_WINDOW_H
#define DESKTOP_WINDOW_H

static GtkWidget *button(const char *words, GCallback pressed)
{
    GtkWidget *made = gtk_button_new_with_label(words);

    g_signal_connect(made, "clicked", pressed, NULL);
    return made;
}

static GtkWidget *field(GtkGrid *grid, int row, const char *words, GtkWidget *made)
{
    GtkWidget *label = gtk_label_new(words);

    gtk_label_set_xalign(GTK_LABEL(label), 1);
    gtk_widget_set_hexpand(made, TRUE);
    gtk_grid_attach(grid, label, 0, row, 1, 1);
    gtk_grid_attach(grid, made, 1, row, 2, 1);
    return made;
}

static GtkWidget *make_list(void)
{
    static const char *const titles[] = {"Name", "Owner or brand"};
    GtkWidget *scroller = gtk_scrolled_window_new(NULL, NULL);
    GtkTreeViewColumn *column;
    int i;

    ui.rows = gtk_list_store_new(COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
    ui.list = gtk_tree_view_new_with_model(GTK_TREE_MODEL(ui.rows));
    for (i = NAME; i <= DETAIL; i++) {
        column = gtk_tree_view_column_new_with_attributes(titles[i], gtk_cell_renderer_text_new(), "text", i,
                                                          NULL);
        gtk_tree_view_column_set_expand(column, TRUE);
        gtk_tree_view_append_column(GTK_TREE_VIEW(ui.list), column);
    }
    gtk_tree_sortable_set_sort_column_id(GTK_TREE_SORTABLE(ui.rows), NAME, GTK_SORT_ASCENDING);
    g_signal_connect(gtk_tree_view_get_selection(GTK_TREE_VIEW(ui.list)), "changed", enable, NULL);
    gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scroller), GTK_SHADOW_IN);
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_container_add(GTK_CONTAINER(scroller), ui.list);
    return scroller;
}

/* Reserves space for a long sentence, so that nothing moves when one is shown. */
static GtkWidget *make_note(void)
{
    GtkContainer *inside;

    ui.note = gtk_info_bar_new();
    ui.sign = gtk_image_new();
    ui.words = gtk_label_new("");
    gtk_label_set_line_wrap(GTK_LABEL(ui.words), TRUE);
    gtk_label_set_xalign(GTK_LABEL(ui.words), 0);
    gtk_widget_set_size_request(ui.words, -1, 64);
    inside = GTK_CONTAINER(gtk_info_bar_get_content_area(GTK_INFO_BAR(ui.note)));
    gtk_container_add(inside, ui.sign);
    gtk_container_add(inside, ui.words);
    return ui.note;
}

static void make_window(void)
{
    static const char *const services[] = {"crunch", "crux-connect", "crux-connect-sandbox"};
    GtkGrid *grid = GTK_GRID(gtk_grid_new());
    GtkWidget *head = gtk_header_bar_new();
    int i;

    ui.window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_header_bar_set_title(GTK_HEADER_BAR(head), "Exports");
    gtk_header_bar_set_show_close_button(GTK_HEADER_BAR(head), TRUE);
    gtk_window_set_titlebar(GTK_WINDOW(ui.window), head);
    gtk_window_set_default_size(GTK_WINDOW(ui.window), 560, 640);
    g_signal_connect(ui.window, "delete-event", G_CALLBACK(on_close), NULL);
    gtk_container_set_border_width(GTK_CONTAINER(grid), 12);
    gtk_grid_set_row_spacing(grid, 8);
    gtk_grid_set_column_spacing(grid, 8);
    gtk_container_add(GTK_CONTAINER(ui.window), GTK_WIDGET(grid));

    ui.service = field(grid, 0, "Service", gtk_combo_box_text_new());
    for (i = 0; i < 3; i++)
        gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(ui.service), services[i], services[i]);
    gtk_combo_box_set_active(GTK_COMBO_BOX(ui.service), 0);
    ui.address = field(grid, 1, "Address", gtk_entry_new());
    gtk_entry_set_placeholder_text(GTK_ENTRY(ui.address), "the service's own");
    ui.user = field(grid, 2, "User", gtk_entry_new());
    gtk_entry_set_placeholder_text(GTK_ENTRY(ui.user), "none: the password is an API key");
    ui.password = field(grid, 3, "Password", gtk_entry_new());
    gtk_entry_set_visibility(GTK_ENTRY(ui.password), FALSE);
    gtk_grid_attach(grid, ui.log_in = button("Log in", on_log_in), 1, 4, 1, 1);
    gtk_grid_attach(grid, ui.reload = button("Reload", load_list), 2, 4, 1, 1);
    gtk_grid_attach(grid, make_list(), 0, 5, 3, 1);

    ui.bar = gtk_progress_bar_new();
    gtk_progress_bar_set_show_text(GTK_PROGRESS_BAR(ui.bar), TRUE);
    gtk_progress_bar_set_text(GTK_PROGRESS_BAR(ui.bar), " ");
    gtk_grid_attach(grid, ui.bar, 0, 6, 3, 1);
    gtk_grid_attach(grid, ui.export = button("Export…", on_export), 1, 7, 1, 1);
    gtk_grid_attach(grid, ui.cancel = button("Cancel", on_cancel), 2, 7, 1, 1);
    gtk_grid_attach(grid, make_note(), 0, 8, 3, 1);
    enable();
    say(GTK_MESSAGE_INFO, "Log in to begin.");
    gtk_widget_show_all(ui.window);
}

#endif
