package crux_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	crux "libcrux.example/crux"
)

// sharedCase is one of bindings/cases.json, which bindings/README.md explains.
type sharedCase struct {
	Name, Promise, Do, Account, Method, Path, Type, Secret, Link, Data, Field, Filename string
	Before                                                                              []json.RawMessage
	Query                                                                               ordered
	Fill, Headers                                                                       map[string]any
	JSON                                                                                json.RawMessage
	Wait                                                                                bool
	BodyHex                                                                             string `json:"body_hex"`
	Options                                                                             map[string]any
	WithinMs                                                                            int `json:"within_ms"`
	Expect                                                                              *expected
}

type expected struct {
	Error, Text, SHA256, URL, Location string
	Status, Length, Attempts           *int
	JSON                               map[string]any
	Absent                             []string
	SentJSON                           bool `json:"sent_json"`
	JSONFails                          bool `json:"json_fails"`
	Headers                            map[string]string
	ServerMessage                      *string `json:"server_message"`
	Retryable                          *bool
	RetryAfter                         *int `json:"retry_after_s"`
	Sizes, Items                       *struct {
		Pointer string
		Are     []any
	}
	FileLength *int64 `json:"file_length"`
	Progress   *int64 `json:"progress_last"`
	NoFile     bool   `json:"no_file"`
}

// ordered is a JSON object whose members keep their order.
type ordered []struct {
	name  string
	value any
}

func (o *ordered) UnmarshalJSON(raw []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	_, err := decoder.Token()
	for err == nil && decoder.More() {
		var name json.Token
		if name, err = decoder.Token(); err != nil {
			break
		}
		var value any
		err = decoder.Decode(&value)
		*o = append(*o, struct {
			name  string
			value any
		}{name.(string), value})
	}
	return err
}

// Cases that Go cannot have.
var skipped = map[string]string{
	"fork": "a Go program cannot fork and go on; TestAChildProcessInheritsNothing looks at what exec leaves",
}

func readCases(t *testing.T) (cases []sharedCase) {
	file := os.Getenv("CRUX_CASES")
	if file == "" {
		file = "../cases.json"
	}
	raw, err := os.ReadFile(file)
	must(t, err)
	places := strings.NewReplacer(
		"{base}", base, "{https}", os.Getenv("CRUX_SANDBOX_HTTPS"), "{ca}", os.Getenv("CRUX_SANDBOX_CA"))
	must(t, json.Unmarshal([]byte(places.Replace(string(raw))), &cases))
	return cases
}

// TestCases runs every case of the file, under its name.
func TestCases(t *testing.T) {
	for _, each := range readCases(t) {
		t.Run(each.Name, func(t *testing.T) {
			if why := skipped[each.Name]; why != "" {
				t.Skip(why)
			}
			control(t, "forget", map[string]any{})
			defer control(t, "forget", map[string]any{})
			began := time.Now()
			if each.Do == "own" {
				own, ok := ownCases[each.Name]
				if !ok {
					t.Fatal("nobody has written this case: " + each.Promise)
				}
				own(t)
			} else {
				each.run(t)
			}
			if within := time.Duration(each.WithinMs) * time.Millisecond; within > 0 && time.Since(began) > within {
				t.Errorf("it took %v", time.Since(began))
			}
		})
	}
}

// TestNoCaseIsMadeUp: what is written by hand or skipped is a case of the file.
func TestNoCaseIsMadeUp(t *testing.T) {
	known := map[string]string{}
	for _, each := range readCases(t) {
		known[each.Name] = each.Do
	}
	for name := range ownCases {
		if known[name] != "own" {
			t.Errorf("the file has no case %q that is written by hand", name)
		}
	}
	for name := range skipped {
		if _, ok := known[name]; !ok {
			t.Errorf("the file has no case %q", name)
		}
	}
}

// client makes the client of a case.
func (c *sharedCase) client(ctx context.Context) (*crux.Client, error) {
	options := []crux.LoginOption{crux.BaseURL(base)}
	for key, value := range c.Options {
		if c.Do == "login" || key == "base_url" || key == "tls_ca_file" {
			options = append(options, crux.Set(key, native(value)))
		}
	}
	switch c.Account {
	case "token":
		return crux.Token("custom", token, options...)
	case "bad_token":
		return crux.Token("custom", "nope", options...)
	case "anonymous":
		return crux.Anonymous("custom", options...)
	}
	secret := password
	if c.Secret != "" {
		secret = c.Secret
	}
	return crux.Login(ctx, "custom", user, secret, options...)
}

func native(value any) any {
	if number, ok := value.(float64); ok {
		return int64(number)
	}
	return value
}

func plain(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

func (c *sharedCase) callOptions(t *testing.T) (options []crux.CallOption) {
	add := func(option crux.CallOption) { options = append(options, option) }
	for _, member := range c.Query {
		add(crux.Query(member.name, plain(member.value)))
	}
	for name, value := range c.Fill {
		add(crux.Fill(name, plain(value)))
	}
	for name, value := range c.Headers {
		add(crux.Header(name, plain(value)))
	}
	for key, value := range c.Options {
		if key != "base_url" && key != "tls_ca_file" {
			add(crux.Set(key, native(value)))
		}
	}
	if c.JSON != nil {
		var document any
		must(t, json.Unmarshal(c.JSON, &document))
		add(crux.JSON(document))
	}
	if c.BodyHex != "" {
		data, err := hex.DecodeString(c.BodyHex)
		must(t, err)
		add(crux.Bytes(data))
	}
	if c.Type != "" {
		add(crux.ContentType(c.Type))
	}
	if c.Wait {
		add(crux.Wait())
	}
	return options
}

// outcome is what a case has brought.
type outcome struct {
	response *crux.Response
	err      error
	length   int
	pages    []*crux.Response
	items    []any
	file     string
	moved    int64
}

func (c *sharedCase) run(t *testing.T) {
	for _, document := range c.Before {
		control(t, "answer", document)
	}
	o := outcome{length: -1}
	var client *crux.Client
	client, o.err = c.client(t.Context())
	if c.Do != "login" {
		must(t, o.err)
	}
	if o.err == nil {
		defer client.Close()
		c.do(t, client, &o)
	}
	c.Expect.check(t, c, &o)
}

func (c *sharedCase) do(t *testing.T, client *crux.Client, o *outcome) {
	ctx, options := t.Context(), c.callOptions(t)
	method := c.Method
	if method == "" {
		method = "GET"
	}
	switch c.Do {
	case "call", "":
		o.response, o.err = client.Do(ctx, method, c.Path, options...)
	case "login":
	case "follow":
		page, err := client.Get(ctx, c.Path)
		must(t, err)
		o.response, o.err = page.Follow(ctx, c.Link, options...)
	case "pages":
		for page, err := range client.Pages(ctx, c.Path, options...) {
			if o.err = err; err == nil {
				o.pages = append(o.pages, page)
			}
		}
	case "items":
		for item, err := range crux.ItemsOf[any](ctx, client, c.Path, options...) {
			must(t, err)
			o.items = append(o.items, item)
		}
	case "upload":
		options = append(options, crux.Field(c.Field), crux.FileName(c.Filename))
		o.response, o.err = client.Upload(ctx, c.Path, strings.NewReader(c.Data), options...)
	case "download":
		o.file = filepath.Join(t.TempDir(), "file")
		tell := crux.Progress(func(done, total int64) { o.moved = done })
		o.response, o.err = client.Download(ctx, c.Path, o.file, append(options, tell)...)
	case "stream":
		stream, err := client.Stream(ctx, c.Path, options...)
		if o.err = err; err == nil {
			defer stream.Close()
			whole, err := io.ReadAll(stream)
			o.response, o.err, o.length = stream.Response, err, len(whole)
		}
	default:
		t.Fatalf("the case does %q", c.Do)
	}
}

func (e *expected) check(t *testing.T, c *sharedCase, o *outcome) {
	response := o.response
	if e.Error == "" {
		must(t, o.err)
	} else {
		var failed *crux.Error
		if !errors.As(o.err, &failed) {
			t.Fatalf("got %v; wanted the error %q", o.err, e.Error)
		}
		equal(t, "error", failed.Code.String(), e.Error)
		optional(t, "server_message", failed.ServerMessage, e.ServerMessage)
		optional(t, "retryable", failed.Retryable, e.Retryable)
		optional(t, "retry_after_s", int(failed.RetryAfter/time.Second), e.RetryAfter)
		optional(t, "status", failed.Status, e.Status)
		response = failed.Response
	}
	if response == nil {
		response = &crux.Response{}
		if e.Error != "" {
			e.Status = nil
		}
	}
	e.checkResponse(t, c, o, response)
	e.checkFiles(t, o)
	if e.Sizes != nil {
		var sizes []any
		for _, page := range o.pages {
			members, _ := at(t, page, e.Sizes.Pointer)
			list, _ := members.([]any)
			sizes = append(sizes, float64(len(list)))
		}
		equal(t, "sizes", sizes, e.Sizes.Are)
	}
	if e.Items != nil {
		var items []any
		for _, item := range o.items {
			member, _ := pointed(item, e.Items.Pointer)
			items = append(items, member)
		}
		equal(t, "items", items, e.Items.Are)
	}
}

func (e *expected) checkResponse(t *testing.T, c *sharedCase, o *outcome, response *crux.Response) {
	length := len(response.Body)
	if o.length >= 0 {
		length = o.length
	}
	optional(t, "status", response.Status, e.Status)
	optional(t, "length", length, e.Length)
	optional(t, "attempts", response.Attempts, e.Attempts)
	if e.Text != "" {
		equal(t, "text", response.Text(), e.Text)
	}
	if e.SHA256 != "" {
		equal(t, "sha256", fmt.Sprintf("%x", sha256.Sum256(response.Body)), e.SHA256)
	}
	if e.URL != "" {
		equal(t, "url", response.URL, e.URL)
	}
	if e.Location != "" {
		equal(t, "location", response.Location, e.Location)
	}
	for pointer, value := range e.JSON {
		got, found := at(t, response, pointer)
		if !found {
			t.Errorf("nothing stands at %s", pointer)
		}
		equal(t, pointer, got, value)
	}
	for _, pointer := range e.Absent {
		if got, found := at(t, response, pointer); found {
			t.Errorf("%v stands at %s", got, pointer)
		}
	}
	for name, value := range e.Headers {
		equal(t, name, response.Header.Get(name), value)
	}
	if e.SentJSON {
		text, _ := at(t, response, "/body")
		var arrived, sent any
		must(t, json.Unmarshal([]byte(text.(string)), &arrived))
		must(t, json.Unmarshal(c.JSON, &sent))
		equal(t, "what was sent", arrived, sent)
	}
	if e.JSONFails {
		var document any
		if failed := failure(t, response.JSON(&document), crux.ErrProtocol); failed.Response != response {
			t.Error("the error has not got the response")
		}
	}
}

func (e *expected) checkFiles(t *testing.T, o *outcome) {
	if e.FileLength != nil {
		info, err := os.Stat(o.file)
		must(t, err)
		equal(t, "file_length", info.Size(), *e.FileLength)
	}
	optional(t, "progress_last", o.moved, e.Progress)
	if _, err := os.Stat(o.file); e.NoFile && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there (%v)", err)
	}
}

func equal(t *testing.T, what string, got, wanted any) {
	t.Helper()
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("%s: got %#v, wanted %#v", what, got, wanted)
	}
}

func optional[T comparable](t *testing.T, what string, got T, wanted *T) {
	t.Helper()
	if wanted != nil {
		equal(t, what, got, *wanted)
	}
}

func at(t *testing.T, response *crux.Response, pointer string) (any, bool) {
	t.Helper()
	var document any
	must(t, response.JSON(&document))
	return pointed(document, pointer)
}

// pointed is what a JSON pointer leads to.
func pointed(document any, pointer string) (any, bool) {
	found := true
	for _, word := range strings.Split(pointer, "/")[1:] {
		word = strings.NewReplacer("~1", "/", "~0", "~").Replace(word)
		switch inner := document.(type) {
		case map[string]any:
			document, found = inner[word]
		case []any:
			index, err := strconv.Atoi(word)
			if found = err == nil && index < len(inner); found {
				document = inner[index]
			}
		default:
			found = false
		}
		if !found {
			return nil, false
		}
	}
	return document, true
}
