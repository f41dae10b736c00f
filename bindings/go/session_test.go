package crux_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	crux "libcrux.example/crux"
)

// TestALogoutForgetsTheToken, and SetToken brings one back.
func TestALogoutForgetsTheToken(t *testing.T) {
	client, ctx := login(t), t.Context()
	must(t, client.Logout(ctx))
	_, err := client.Get(ctx, "things/1/")
	failure(t, err, crux.ErrAuth)
	failure(t, client.SetToken(""), crux.ErrArgument)
	failure(t, client.SetToken("a\nb"), crux.ErrArgument)
	must(t, client.SetToken(token))
	_, err = client.Get(ctx, "things/1/")
	must(t, err)
}

// TestAPasswordCanBeReset where the service has a call for it.
func TestAPasswordCanBeReset(t *testing.T) {
	failure(t, login(t).ResetPassword(t.Context(), user), crux.ErrArgument)
	answer(t, map[string]any{"path": "/reset/", "status": 204})
	must(t, login(t, crux.ResetPath("reset/")).ResetPassword(t.Context(), user))
}

// TestATokenFileSparesTheLogin of the next client.
func TestATokenFileSparesTheLogin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	first := login(t, crux.TokenFile(file), crux.TokenLifetime(1<<41))
	equal(t, "logins of the first", first.Stats().Logins, int64(1))
	second := login(t, crux.TokenFile(file), crux.TokenLifetime(1<<41))
	_, err := second.Get(t.Context(), "things/1/")
	must(t, err)
	equal(t, "logins of the second", second.Stats().Logins, int64(0))
}

// TestALateLoginIsMadeByTheFirstRequest that needs it.
func TestALateLoginIsMadeByTheFirstRequest(t *testing.T) {
	client := login(t, crux.LoginWhen("first_use"))
	equal(t, "logins", client.Stats().Logins, int64(0))
	_, err := client.Get(t.Context(), "things/1/")
	must(t, err)
	equal(t, "logins", client.Stats().Logins, int64(1))
}

// TestAFormIsSentAsWebPagesDo.
func TestAFormIsSentAsWebPagesDo(t *testing.T) {
	response, err := login(t).Post(t.Context(), "echo/", crux.Form(url.Values{"a": {"1 2"}, "b": {"ü"}}))
	must(t, err)
	body, _ := at(t, response, "/body")
	equal(t, "body", body, "a=1+2&b=%C3%BC")
	media, _ := at(t, response, "/headers/content-type")
	equal(t, "type", media, "application/x-www-form-urlencoded")
}

// TestTheResultOfAJobIsSaved: the job awaited, then its result downloaded.
func TestTheResultOfAJobIsSaved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "result")
	_, err := login(t).Post(t.Context(), "jobs/", crux.JSON(struct{}{}), crux.Wait(), crux.Save(file))
	must(t, err)
	info, err := os.Stat(file)
	must(t, err)
	equal(t, "length", info.Size(), int64(1<<20))
}

// TestMembersAreFoundInEveryShapeOfAPage, in the order in which they stand.
func TestMembersAreFoundInEveryShapeOfAPage(t *testing.T) {
	for body, wanted := range map[string]string{
		`[1, 2]`:                                `[1,2]`,
		`{"count": 2, "results": [1, 2]}`:       `[1,2]`,
		`{"a": [9], "index": {"z": 1, "b": 2}}`: `[1,2]`,
		`{"a": [9], "value": [1, 2]}`:           `[1,2]`,
		`{"index": 7, "list": [{"a": [3]}]}`:    `[{"a":[3]}]`,
		`{"none": {}}`:                          `null`,
		`7`:                                     `null`,
	} {
		items, err := (&crux.Response{Body: []byte(body)}).Items()
		must(t, err)
		got, err := json.Marshal(items)
		must(t, err)
		equal(t, body, string(got), wanted)
	}
	_, err := (&crux.Response{Body: []byte(`[1,`)}).Items()
	failure(t, err, crux.ErrProtocol)
}

// TestALoopOverPagesMayPanic, and leaves nothing.
func TestALoopOverPagesMayPanic(t *testing.T) {
	client := login(t)
	leaksNothing(t, func() {
		defer func() { equal(t, "panic", recover(), "odd loop") }()
		for range client.Pages(t.Context(), "things/", crux.Query("limit", "1")) {
			panic("odd loop")
		}
	})
	list := client.Pages(t.Context(), "things/", crux.Query("limit", "3"))
	for range 2 { // A sequence can be used again.
		count := 0
		for _, err := range list {
			must(t, err)
			count++
		}
		equal(t, "pages", count, 3)
	}
}
