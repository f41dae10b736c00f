package org.libcrux;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** The cases of bindings/cases.json that are data, through the public face. */
@RunWith(Parameterized.class)
public class DataCases {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Json spec;
    private Path file;
    private long lastProgress = -1;
    private List<Object> items;
    private List<Object> sizes;
    private byte[] streamed;

    public DataCases(String name, Json spec) {
        this.spec = spec;
    }

    @Parameterized.Parameters(name = "{0}")
    public static Collection<Object[]> cases() throws IOException {
        return Cases.all().stream()
            .filter(one -> !Cases.isOwn(one))
            .map(one -> new Object[] {one.get("name").asText(), one})
            .collect(Collectors.toList());
    }

    @Before
    public void prepare() throws IOException {
        file = folder.getRoot().toPath().resolve("target.bin");
        Shop.forget();
        for (Json answer : spec.get("before")) {
            Shop.answer(answer.toString());
        }
    }

    @After
    public void forget() throws IOException {
        Shop.forget();
    }

    @Test
    public void holds() throws Exception {
        Json expect = spec.get("expect");
        Response response = null;
        CruxException error = null;
        long start = System.nanoTime();
        try {
            response = run();
        } catch (CruxException thrown) {
            error = thrown;
        } catch (UncheckedIOException thrown) {
            error = (CruxException) thrown.getCause();
        }
        long took = (System.nanoTime() - start) / 1_000_000;
        if (spec.get("within_ms").exists()) {
            assertTrue("It took " + took + " ms.", took <= spec.get("within_ms").asLong());
        }
        if (expect.get("error").exists()) {
            assertNotNull("It did not fail.", error);
            assertSame(Cases.errorOf(expect.get("error").asText()), error.getClass());
            checkError(expect, error);
            response = error.response();
        } else if (error != null) {
            throw error;
        }
        checkResponse(expect, response);
        checkFlows(expect);
    }

    private Response run() throws IOException {
        if (spec.get("do").toString().equals("login")) {
            try (Client client = client()) {
                return null;
            }
        }
        try (Client client = client()) {
            return send(client);
        }
    }

    private Client client() throws IOException {
        Options options = Options.of("base_url", Shop.BASE);
        Json given = spec.get("options");
        boolean login = spec.get("do").toString().equals("login");
        for (String key : given.names()) {
            if (login || key.equals("tls_ca_file") || key.equals("base_url")) {
                options.set(key, Shop.fill(given.get(key).asText()));
            }
        }
        switch (spec.get("account").toString()) {
            case "token":
                return Client.token("custom", Shop.TOKEN, options);
            case "bad_token":
                return Client.token("custom", "nope", options);
            case "anonymous":
                return Client.anonymous("custom", options);
            default:
                Json secret = spec.get("secret");
                return Client.login("custom", Shop.USER, secret.exists() ? secret.asText() : Shop.PASSWORD, options);
        }
    }

    private Response send(Client client) throws IOException {
        Call call = call(client);
        switch (spec.get("do").toString()) {
            case "pages":
                String pointer = spec.at("/expect/sizes/pointer").toString();
                sizes = call.pages().map(page -> (Object) (long) page.json(pointer).size()).collect(Collectors.toList());
                return null;
            case "items":
                String member = spec.at("/expect/items/pointer").asText();
                items = call.items().map(item -> item.at(member).toObject()).collect(Collectors.toList());
                return null;
            case "follow":
                return call.send().follow(spec.get("link").asText()).send();
            case "upload":
                byte[] data = Text.utf8(spec.get("data").asText());
                return client.call("POST", spec.get("path").asText())
                    .part(spec.get("field").asText(), spec.get("filename").asText(), data).send();
            case "download":
                return call.save(file).onProgress((received, total) -> lastProgress = received).send();
            case "stream":
                return stream(call);
            default:
                return call.send();
        }
    }

    private Response stream(Call call) throws IOException {
        try (ResponseStream stream = call.stream()) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            byte[] piece = new byte[7000];
            for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                all.write(piece, 0, count);
            }
            streamed = all.toByteArray();
            assertEquals(spec.at("/expect/status").asLong(), stream.status());
            return null;
        }
    }

    private Call call(Client client) {
        String method = spec.get("method").exists() ? spec.get("method").asText() : "GET";
        Call call = client.call(method, Shop.fill(spec.get("path").asText()));
        each("query", call::query);
        each("fill", call::fill);
        each("headers", call::header);
        Json options = spec.get("options");
        for (String key : options.names()) {
            if (!key.equals("tls_ca_file") && !key.equals("base_url")) {
                call.option(key, Shop.fill(options.get(key).asText()));
            }
        }
        if (spec.get("json").exists()) {
            put(call, "", spec.get("json"));
        }
        if (spec.get("body_hex").exists()) {
            call.body(Cases.unhex(spec.get("body_hex").asText()), spec.get("type").asText());
        }
        if (spec.get("wait").exists()) {
            call.await();
        }
        return call;
    }

    /** Builds the body member by member. */
    private static void put(Call call, String pointer, Json value) {
        if (value.size() > 0) {
            boolean array = value.type() == Constants.JSON_ARRAY;
            for (int at = 0; array && at < value.size(); at++) {
                put(call, pointer + "/-", value.get(at));
            }
            for (String name : value.names()) {
                put(call, pointer + "/" + name, value.get(name));
            }
        } else if (value.type() == Constants.JSON_STRING) {
            call.put(pointer, value.asText());
        } else {
            call.putJson(pointer, value.toString());
        }
    }

    private interface Pair {
        Call set(String name, String value);
    }

    private void each(String member, Pair pair) {
        Json pairs = spec.get(member);
        for (String name : pairs.names()) {
            pair.set(name, pairs.get(name).asText());
        }
    }

    private static void checkError(Json expect, CruxException error) {
        if (expect.get("server_message").exists()) {
            assertEquals(expect.get("server_message").asText(), error.serverMessage());
        }
        if (expect.get("retryable").exists()) {
            assertEquals(expect.get("retryable").asBoolean(), error.retryable());
        }
        if (expect.get("retry_after_s").exists()) {
            assertEquals(expect.get("retry_after_s").asLong(), error.retryAfter().getSeconds());
        }
        if (expect.get("status").exists()) {
            assertEquals(expect.get("status").asLong(), error.status());
        }
    }

    @SuppressWarnings("unchecked")
    private void checkResponse(Json expect, Response response) throws Exception {
        Map<String, Object> wanted = (Map<String, Object>) expect.toObject();
        byte[] body = response == null ? streamed : response.body();
        for (String what : wanted.keySet()) {
            Object value = wanted.get(what);
            switch (what) {
                case "status":
                    assertEquals(value, response == null ? 200L : (long) response.status());
                    break;
                case "text":
                    assertEquals(value, response.text());
                    break;
                case "length":
                    assertEquals(value, (long) body.length);
                    break;
                case "sha256":
                    assertEquals(value, Cases.hex(MessageDigest.getInstance("SHA-256").digest(body)));
                    break;
                case "url":
                    assertEquals(Shop.fill((String) value), response.url());
                    break;
                case "location":
                    assertEquals(Shop.fill((String) value), response.location());
                    break;
                case "attempts":
                    assertEquals(value, response.attempts());
                    break;
                case "json":
                    ((Map<String, Object>) value).forEach((pointer, there) ->
                        assertEquals(pointer, there, response.json(pointer).toObject()));
                    break;
                case "absent":
                    ((List<String>) value).forEach(pointer -> assertFalse(pointer, response.json(pointer).exists()));
                    break;
                case "headers":
                    ((Map<String, String>) value).forEach((name, there) -> {
                        assertEquals(there, response.header(name));
                        assertEquals(there, response.headers().get(name).get(0));
                    });
                    break;
                case "sent_json":
                    assertEquals(spec.get("json").toObject(), Shop.parse(response.json("/body").asText()).toObject());
                    break;
                case "json_fails":
                    checkNoJson(response);
                    break;
                default:
                    assertTrue(what, Cases.OTHERS.contains(what));
            }
        }
    }

    private static void checkNoJson(Response response) {
        try {
            response.json();
        } catch (IllegalStateException error) {
            assertTrue(error.getMessage().startsWith("The body is no JSON: "));
            return;
        }
        fail("It is JSON.");
    }

    private void checkFlows(Json expect) throws IOException {
        if (expect.get("sizes").exists()) {
            assertEquals(expect.at("/sizes/are").toObject(), sizes);
        }
        if (expect.get("items").exists()) {
            assertEquals(expect.at("/items/are").toObject(), new ArrayList<>(items));
        }
        if (expect.get("file_length").exists()) {
            assertEquals(expect.get("file_length").asLong(), Files.size(file));
            assertEquals(expect.get("progress_last").asLong(), lastProgress);
        }
        if (expect.get("no_file").exists()) {
            assertFalse(Files.exists(file));
        }
    }
}
