package org.libcrux;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A place in the document of a response, which may be empty: ask {@link #exists}. Reading something else than what
 * stands there is a NoSuchElementException.
 *
 * @since 0.2
 */
public final class Json implements Iterable<Json> {
    private final Response response;
    private final String pointer;
    private final byte[] place;

    Json(Response response, String pointer) {
        this.response = response;
        this.pointer = pointer;
        if (Text.holdsNul(pointer)) {
            throw new IllegalArgumentException("No pointer leads to a name with a NUL; toObject() of its object has the member.");
        }
        place = Text.c(pointer);
    }

    /** Returns {@link Constants#JSON_OBJECT} or its kin; {@link Constants#JSON_NONE} if nothing stands here. */
    public int type() {
        return response.<Integer>ask(document -> Low.crux_json_type(document, place));
    }

    /** Returns whether something stands here, be it null. */
    public boolean exists() {
        return type() != Constants.JSON_NONE;
    }

    /** Returns whether null stands here. */
    public boolean isNull() {
        return type() == Constants.JSON_NULL;
    }

    /** Returns the characters of a string; of anything else the JSON as it stands, digits unaltered. */
    public String asText() {
        if (!exists()) {
            throw missing("nothing");
        }
        String text = response.ask(document -> Text.copy(document, "json:" + pointer));
        return text == null ? "" : text;
    }

    /** Returns a whole number. */
    public long asLong() {
        // What is no such number gives back whatever is asked for.
        long first = integer(0);
        if (first == 0 && integer(1) == 1) {
            throw missing("no whole number");
        }
        return first;
    }

    private long integer(long otherwise) {
        return response.<Long>ask(document -> Low.crux_json_int(document, place, otherwise));
    }

    /** Returns a whole number that fits an int. */
    public int asInt() {
        return Math.toIntExact(asLong());
    }

    /** Returns a number. */
    public double asDouble() {
        double number = response.<Double>ask(document -> Low.crux_json_double(document, place, Double.NaN));
        if (Double.isNaN(number)) {
            throw missing("no number");
        }
        return number;
    }

    /** Returns true or false. */
    public boolean asBoolean() {
        if (type() != Constants.JSON_BOOL) {
            throw missing("neither true nor false");
        }
        return asLong() == 1;
    }

    private NoSuchElementException missing(String what) {
        return new NoSuchElementException("There is " + what + " at \"" + pointer + "\" in the document.");
    }

    /** Returns the number of members of an array or object; 0 of anything else. */
    public int size() {
        return (int) (long) response.<Long>ask(document -> Low.crux_json_count(document, place));
    }

    /** Returns what stands at a member of an object; a slash in the name is one of the name. */
    public Json get(String name) {
        return new Json(response, pointer + "/" + name.replace("~", "~0").replace("/", "~1"));
    }

    /** Returns what stands at an index of an array, from 0. */
    public Json get(int index) {
        return new Json(response, pointer + "/" + index);
    }

    /** Returns what stands at a pointer from here. */
    public Json at(String further) {
        return new Json(response, pointer + further);
    }

    /** Returns the names of an object's members, in the order in which they stand; none of anything else. */
    public List<String> names() {
        int size = type() == Constants.JSON_OBJECT ? size() : 0;
        if (size > 0 && response.mayHoldNul()) {
            Names names = new Names();
            names.walk(response, place);
            return names.all();
        }
        return new AbstractList<String>() {
            @Override
            public String get(int index) {
                if (index < 0 || index >= size) {
                    throw new IndexOutOfBoundsException("There is no member " + index + ".");
                }
                return response.ask(document -> Text.at(Low.crux_json_key(document, place, index)));
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Returns the members of an array or object, one by one; of an object their values. */
    @Override
    public Iterator<Json> iterator() {
        return stream().iterator();
    }

    /** Returns the members of an array or object; of an object their values. */
    public Stream<Json> stream() {
        if (type() == Constants.JSON_OBJECT) {
            return names().stream().map(this::get);
        }
        return IntStream.range(0, size()).mapToObj(this::get);
    }

    /**
     * Returns what stands here in classes of Java: Map, List, String, Long or BigInteger, Double, Boolean, null. Maps keep
     * the order of the document.
     *
     * @throws NumberFormatException if a whole number has more than 4,300 digits
     */
    public Object toObject() {
        Tree tree = new Tree();
        if (!tree.walk(response, place)) {
            throw missing("nothing");
        }
        return tree.root();
    }

    /** Returns the JSON as it stands, or the characters of a string; "" if nothing stands here. */
    @Override
    public String toString() {
        return exists() ? asText() : "";
    }
}
