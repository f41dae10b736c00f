package org.libcrux;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of an object's members, each once, in their order. A name may hold a NUL, where C's texts end. */
final class Names extends Visitor {
    private final Set<String> names = new LinkedHashSet<>();

    List<String> all() {
        return new ArrayList<>(names);
    }

    @Override
    boolean visit(int depth, int type, long key, long keyLength, long text, long length) {
        if (depth == 1 && key != 0) {
            names.add(Text.string(Text.bytes(key, keyLength)));
        }
        return true;
    }
}
