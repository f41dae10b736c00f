package org.libcrux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The pages of a list; each is asked for when it is wanted. */
final class Pages extends Spliterators.AbstractSpliterator<Response> {
    private final Client client;
    private Response first;
    private Response last;

    private Pages(Client client, Response first) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.client = client;
        this.first = first;
    }

    static Stream<Response> of(Client client, Response first) {
        return StreamSupport.stream(new Pages(client, first), false);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Response> action) {
        Response page = first == null ? next() : first;
        first = null;
        last = page;
        if (page != null) {
            action.accept(page);
        }
        return page != null;
    }

    private Response next() {
        if (last == null) {
            return null;
        }
        Response before = last;
        // After a failure there is nothing more.
        last = null;
        Call call = client.made(me -> before.ask(page -> Low.crux_call_next(me, page)));
        try {
            return call == null ? null : call.send();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** The members of a page: its own if it is an array, those of the first array in it, or those of "index". */
    static Stream<Json> items(Response page) {
        Json all = page.json();
        if (all.type() == Constants.JSON_ARRAY) {
            return all.stream();
        }
        Json index = all.get("index");
        return all.stream().filter(one -> one.type() == Constants.JSON_ARRAY).findFirst().orElse(index).stream();
    }
}
