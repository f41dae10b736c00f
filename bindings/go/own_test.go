package crux_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	crux "libcrux.example/crux"
)

// ownCases are the cases of cases.json that are written by hand.
var ownCases = map[string]func(*testing.T){
	"token_source":            aTokenFunctionIsAskedAgain,
	"token_source_throws":     aTokenFunctionMayFail,
	"from_env":                fromEnv,
	"error_tree":              errorTree,
	"errors_hide_secrets":     errorsHideSecrets,
	"pages_left_early":        pagesLeftEarly,
	"wait_later":              waitLater,
	"upload_file":             uploadFile,
	"upload_missing_file":     uploadMissingFile,
	"download_into_no_folder": downloadIntoNoFolder,
	"stream_left_early":       streamLeftEarly,
	"stream_up":               streamUp,
	"cancel_request":          cancelRequest,
	"cancel_login":            cancelLogin,
	"cancel_job":              cancelJob,
	"cancel_page":             cancelPage,
	"cancel_download":         cancelDownload,
	"progress_throws":         progressThrows,
	"log":                     logLines,
	"log_throws":              logThrows,
	"closed":                  closedClient,
	"answer_outlives_client":  answerOutlivesClient,
	"finalizers":              finalizers,
	"wrong_types":             wrongTypes,
	"broken_text":             brokenText,
	"threads":                 threads,
	"hundred_at_once":         hundredAtOnce,
	"library_missing":         libraryMissing,
	"library_too_old":         libraryTooOld,
}

func fromEnv(t *testing.T) {
	t.Setenv("CRUX_API", base)
	t.Setenv("CRUX_TOKEN", token)
	client, err := crux.FromEnv(t.Context(), "", crux.Set("service", "custom"))
	must(t, err)
	defer client.Close()
	response, err := client.Get(t.Context(), "things/1/")
	must(t, err)
	contains(t, response.Text(), "Bluse")

	t.Setenv("CRUX_API_WRONG", base)
	t.Setenv("CRUX_USER_WRONG", user)
	t.Setenv("CRUX_PASSWORD_WRONG", "wrong")
	_, err = crux.FromEnv(t.Context(), "wrong", crux.Set("service", "custom"))
	equal(t, "status", failure(t, err, crux.ErrAuth).Status, 401)

	nobody, err := crux.FromEnv(t.Context(), "nobody", crux.Set("service", "custom"), crux.BaseURL(base))
	must(t, err)
	must(t, nobody.Close())
}

func errorTree(t *testing.T) {
	client, ctx := login(t), t.Context()
	_, err := client.Get(ctx, "things/999/")
	var netError net.Error
	if !errors.Is(err, crux.ErrHTTP) || errors.Is(err, crux.ErrAuth) || errors.As(err, &netError) {
		t.Errorf("%v is of a wrong kind", err)
	}
	var code crux.Code
	if !errors.As(err, &code) || code != crux.ErrHTTP {
		t.Errorf("the code is %v", code)
	}
	_, err = client.Get(ctx, "slow/", crux.Set("timeout_total_ms", 100))
	if failed := failure(t, err, crux.ErrTimeout); !failed.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v is no timeout of the standard library", err)
	}
	_, err = client.Download(ctx, "files/out.bin", filepath.Join(t.TempDir(), "no", "file"))
	if failure(t, err, crux.ErrFile); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	for code := crux.ErrArgument; code <= crux.ErrInternal; code++ {
		if code.String() == "unknown" || code.Error() == crux.Code(-7).Error() {
			t.Errorf("code %d has no text", code)
		}
	}
}

func errorsHideSecrets(t *testing.T) {
	ctx, secret := t.Context(), "s3cret-of-the-test"
	var log strings.Builder
	logger := crux.Logger(textLogger(&log))
	_, refused := crux.Login(ctx, "custom", user, secret, crux.BaseURL(base), logger)
	failure(t, refused, crux.ErrAuth)
	client, err := crux.Token("custom", secret, crux.BaseURL(base), logger)
	must(t, err)
	defer client.Close()
	_, err = client.Get(ctx, "things/1/")
	failure(t, err, crux.ErrAuth)
	_, bad := crux.Token("custom", secret+"\x00", crux.BaseURL(base))
	failure(t, bad, crux.ErrArgument)
	option := crux.Set("secret", secret)
	shown := fmt.Sprintf("%v %+v %#v %v %+v %#v %s %v %+v %#v %v",
		refused, refused, err, client, client, client, log.String(), option, option, option, bad)
	if shown = strings.ToLower(shown); strings.Contains(shown, secret) || strings.Contains(shown, token) {
		t.Errorf("a secret is shown: %s", shown)
	}
	contains(t, log.String(), "GET")
}

func pagesLeftEarly(t *testing.T) {
	client := login(t)
	before := client.Stats().Requests
	leaksNothing(t, func() {
		for page, err := range client.Pages(t.Context(), "things/", crux.Query("limit", "1")) {
			must(t, err)
			equal(t, "status", page.Status, 200)
			break
		}
	})
	equal(t, "requests", client.Stats().Requests-before, int64(1))
}

func waitLater(t *testing.T) {
	client := login(t)
	accepted, err := client.Post(t.Context(), "jobs/", crux.JSON(struct{}{}))
	must(t, err)
	equal(t, "status", accepted.Status, 202)
	var percents []int
	done, err := client.Wait(t.Context(), accepted, crux.JobProgress(func(percent int) { percents = append(percents, percent) }))
	must(t, err)
	percent, _ := at(t, done, "/value/progress")
	equal(t, "progress", percent, 100.0)
	equal(t, "location", done.Location, base+"files/out.bin")
	if len(percents) == 0 || percents[len(percents)-1] != 100 {
		t.Errorf("the progress was %v", percents)
	}
}

func uploadFile(t *testing.T) {
	client := login(t)
	file := filepath.Join(t.TempDir(), "größe.txt")
	must(t, os.WriteFile(file, []byte("hello world"), 0o600))
	type reply struct {
		Name string
		Size int
	}
	check := func(response *crux.Response, err error, wanted reply) {
		t.Helper()
		must(t, err)
		var got reply
		must(t, response.JSON(&got))
		equal(t, "upload", got, wanted)
	}
	response, err := client.UploadFile(t.Context(), "upload/", file, crux.Field("file"))
	check(response, err, reply{"größe.txt", 11})
	response, err = client.UploadFile(t.Context(), "upload/", file, crux.Field("file"), crux.FileName(`a "b" ü`))
	check(response, err, reply{`a "b" ü`, 11})

	open, err := os.Open(file)
	must(t, err)
	defer open.Close()
	var sent, total int64
	tell := crux.Progress(func(done, of int64) { sent, total = done, of })
	response, err = client.Upload(t.Context(), "upload/", open, crux.Field("file"), tell)
	check(response, err, reply{"größe.txt", 11})
	if sent == 0 || sent != total {
		t.Errorf("the progress ended at %d of %d", sent, total)
	}
	response, err = client.Upload(t.Context(), "upload/", io.MultiReader(strings.NewReader("ab"), strings.NewReader("c")))
	check(response, err, reply{"file", 3})
}

func uploadMissingFile(t *testing.T) {
	client := login(t)
	for _, options := range [][]crux.CallOption{{crux.Field("f")}, {crux.Field("f"), crux.FileName("other")}} {
		_, err := client.UploadFile(t.Context(), "upload/", filepath.Join(t.TempDir(), "none.txt"), options...)
		if failure(t, err, crux.ErrFile); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v is not fs.ErrNotExist", err)
		}
	}
}

func downloadIntoNoFolder(t *testing.T) {
	client := login(t)
	_, err := client.Download(t.Context(), "files/out.bin", filepath.Join(t.TempDir(), "none", "file"))
	if failure(t, err, crux.ErrFile); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

func streamLeftEarly(t *testing.T) {
	client := login(t)
	_, err := client.Get(t.Context(), "things/1/", crux.Progress(func(_, _ int64) {})) // The queue is there.
	must(t, err)
	leaksNothing(t, func() {
		stream, err := client.Stream(t.Context(), "drip/100000000")
		must(t, err)
		buffer := make([]byte, 10)
		_, err = io.ReadFull(stream, buffer)
		must(t, err)
		must(t, stream.Close())
		must(t, stream.Close())
		if _, err = stream.Read(buffer); !errors.Is(err, os.ErrClosed) {
			t.Errorf("reading a closed stream says %v", err)
		}
		eventually(t, "the request has ended", func() bool { return client.Stats().UnderWay == 0 })
	})
}

func streamUp(t *testing.T) {
	client, ctx := login(t), t.Context()
	sent := strings.Repeat("0123456789abcdef", 40_000)
	response, err := client.Put(ctx, "echo/", crux.Body(io.MultiReader(strings.NewReader(sent))))
	must(t, err)
	length, _ := at(t, response, "/body_length")
	equal(t, "length", length, float64(len(sent)))
	coding, _ := at(t, response, "/headers/transfer-encoding")
	equal(t, "transfer-encoding", coding, "chunked")

	response, err = client.Put(ctx, "echo/", crux.Body(io.MultiReader(strings.NewReader("abc"))), crux.ContentLength(3))
	must(t, err)
	header, _ := at(t, response, "/headers/content-length")
	equal(t, "content-length", header, "3")

	_, err = client.Put(ctx, "echo/", crux.Body(io.MultiReader(strings.NewReader("abc"))), crux.ContentLength(5))
	failure(t, err, crux.ErrFile)

	odd := errors.New("the disk is odd")
	_, err = client.Put(ctx, "echo/", crux.Body(io.MultiReader(strings.NewReader("abc"), failing{odd})))
	if failure(t, err, crux.ErrCancelled); !errors.Is(err, odd) {
		t.Errorf("%v does not say why the reader failed", err)
	}
	leaksNothing(t, func() {
		reader, writer := io.Pipe()
		defer writer.Close()
		endsSoon(t, func(ctx context.Context) error {
			_, err := client.Put(ctx, "echo/", crux.Body(reader))
			return err
		})
	})
	leaksNothing(t, func() {
		defer func() { equal(t, "panic", recover(), "odd reader") }()
		_, _ = client.Put(ctx, "echo/", crux.Body(panicking{}))
		t.Error("the panic of the reader has gone")
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("odd reader") }

func closedClient(t *testing.T) {
	client, ctx := login(t), t.Context()
	accepted, err := client.Post(ctx, "jobs/", crux.JSON(json.RawMessage("{}")))
	must(t, err)
	must(t, client.Close())
	must(t, client.Close())
	attempts := map[string]func() error{
		"get":      func() error { _, err := client.Get(ctx, "things/1/"); return err },
		"stream":   func() error { _, err := client.Stream(ctx, "things/1/"); return err },
		"wait":     func() error { _, err := client.Wait(ctx, accepted); return err },
		"follow":   func() error { _, err := accepted.Follow(ctx, "/things/1/"); return err },
		"token":    func() error { return client.SetToken("x") },
		"logout":   func() error { return client.Logout(ctx) },
		"download": func() error { _, err := client.Download(ctx, "files/out.bin", t.TempDir()+"/x"); return err },
		"pages": func() error {
			for _, err := range client.Pages(ctx, "things/") {
				return err
			}
			return nil
		},
	}
	for what, attempt := range attempts {
		if err := attempt(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s of a closed client says %v", what, err)
		}
	}
	equal(t, "stats", client.Stats(), crux.Stats{})
	contains(t, client.String(), "closed")
}

func answerOutlivesClient(t *testing.T) {
	client := login(t)
	response, err := client.Get(t.Context(), "things/1/")
	must(t, err)
	accepted, err := client.Post(t.Context(), "jobs/", crux.JSON(struct{}{}))
	must(t, err)
	stream, err := client.Stream(t.Context(), "files/out.bin")
	must(t, err)
	defer stream.Close()
	must(t, client.Close())
	contains(t, response.Text(), "Bluse")
	contains(t, accepted.Text(), "progress")
	whole, err := io.ReadAll(stream)
	must(t, err)
	equal(t, "length", len(whole), 1<<20)
}
