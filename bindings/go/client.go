package crux

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"unsafe"
)

// Client is an account at a service. Any number of goroutines may use it at once. Close it when it is no longer
// needed; one that is dropped is closed by the garbage collector. Since 0.2.
type Client struct {
	core *core
}

// config is what the options of a login say.
type config struct {
	settings []setting
	logger   *slog.Logger
	tokens   *tokens
	env      *string // the account to be read from the environment
}

// Login logs in with name and password, and returns the client that makes all calls. The service is a
// built-in one such as "crunch", or "custom"; "" is "crux-connect". A password that is refused is [ErrAuth]. With a
// [TokenFile] that holds a living token, or with LoginWhen("first_use"), nothing is sent yet. Since 0.2.
func Login(ctx context.Context, service, user, secret string, options ...LoginOption) (*Client, error) {
	if ctx == nil {
		return nil, refused("The context is nil.")
	}
	if user == "" || secret == "" {
		return nil, refused("A login needs a user name and a password; Token and Anonymous do without.")
	}
	return open(ctx, service, options, &config{settings: []setting{{"user", user}, {"secret", secret}}})
}

// Token returns a client with a ready token or API key. Nothing is sent. Since 0.2.
func Token(service, token string, options ...LoginOption) (*Client, error) {
	if token == "" {
		return nil, refused("The token is empty; Anonymous does without.")
	}
	return open(nil, service, options, &config{settings: []setting{{"token", token}}})
}

// Anonymous returns a client that sends no credentials, unless a [TokenFunc] has some. Nothing is sent. Since 0.2.
func Anonymous(service string, options ...LoginOption) (*Client, error) {
	return open(nil, service, options, &config{})
}

// FromEnv takes address and credentials from the environment: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the
// names that a service's own tools use; docs/options.md lists them.
// The account is added to each name: "acme" reads CRUX_TOKEN_ACME; "" adds nothing. Set("service", …) chooses among
// services; other options win over the environment. With a user and no token, it logs in. Since 0.2.
func FromEnv(ctx context.Context, account string, options ...LoginOption) (*Client, error) {
	if ctx == nil {
		return nil, refused("The context is nil.")
	}
	return open(ctx, "", options, &config{env: &account})
}

// open makes the client, and logs in if there is a context to do it in.
func open(ctx context.Context, service string, options []LoginOption, config *config) (*Client, error) {
	if err := checkLibrary(); err != nil {
		return nil, err
	}
	if ctx != nil && ctx.Err() != nil {
		return nil, ended(ctx)
	}
	if service != "" {
		config.settings = append(config.settings, setting{"service", service})
	}
	for _, option := range options {
		if option == nil {
			return nil, refused("An option of the login is nil.")
		}
		if err := option.applyLogin(config); err != nil {
			return nil, err
		}
	}
	now := ctx != nil
	for _, setting := range config.settings {
		now = now && setting.key+setting.value != "login.whenfirst_use"
	}
	// The login is then a call like any other, which its context can end.
	config.settings = append(config.settings, setting{"login.when", "first_use"})
	c, err := config.client()
	if err != nil {
		return nil, err
	}
	if now && !c.hasToken() && config.tokens == nil {
		if err := c.logIn(ctx, config.env != nil); err != nil {
			_ = c.Close()
			return nil, err
		}
	}
	return c, nil
}

func (config *config) client() (*Client, error) {
	options := C.crux_options_new()
	defer C.crux_free(unsafe.Pointer(options))
	if config.env != nil {
		account, err := textOrNull("account", *config.env)
		if err != nil {
			return nil, err
		}
		if C.crux_options_env(options, account) != C.CRUX_OK {
			return nil, errorOf(unsafe.Pointer(options))
		}
	}
	for _, setting := range config.settings {
		err := setting.put(func(k, v *C.char) C.int32_t { return C.crux_options_set(options, k, v) })
		if err != nil {
			return nil, err
		}
	}
	if C.crux_code(unsafe.Pointer(options)) != C.CRUX_OK {
		return nil, errorOf(unsafe.Pointer(options))
	}
	log := &lines{logger: config.logger}
	log.hook(options)
	config.tokens.hook(options)
	handle := C.crux_login_with(options)
	if C.crux_code(unsafe.Pointer(handle)) != C.CRUX_OK {
		defer C.crux_free(unsafe.Pointer(handle))
		return nil, errorOf(unsafe.Pointer(handle))
	}
	c := &Client{newCore(handle, log, config.tokens)}
	runtime.AddCleanup(c, (*core).close, c.core)
	return c, nil
}

// logIn makes the first login. An environment that names no user is no failure.
func (c *Client) logIn(ctx context.Context, mayBeAnonymous bool) error {
	_, err := c.do(ctx, &request{method: "POST", make: func(client *C.crux_client) (*C.crux_call, error) {
		return C.crux_call_login(client), nil
	}})
	var failed *Error
	if mayBeAnonymous && errors.As(err, &failed) && failed.Code == ErrAuth && failed.Status == 0 {
		return nil
	}
	return err
}

func (c *Client) hasToken() bool {
	has := false
	_ = c.core.use(func(client *C.crux_client) {
		has = C.crux_copy(unsafe.Pointer(client), name("token"), nil, 0) > 0
	})
	return has
}

// made says whether there is anything behind the client.
func (c *Client) made() error {
	if c == nil || c.core == nil {
		return refused("The client is nil or empty; Login, Token, Anonymous and FromEnv make one.")
	}
	return nil
}

// Close ends all calls that are under way, and the client; streams and responses stay good. A second Close does
// nothing. The error is always nil. Since 0.2.
func (c *Client) Close() error {
	if c.made() == nil {
		c.core.close()
	}
	return nil
}

// SetToken puts a token from elsewhere in the place of the one that the client has. Since 0.2.
func (c *Client) SetToken(token string) error {
	if err := c.made(); err != nil {
		return err
	}
	value, err := text("token", token)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(c)
	if used := c.core.use(func(client *C.crux_client) {
		if C.crux_set_token(client, value) != C.CRUX_OK {
			err = refused("The token is empty, or holds what cannot stand in a header.")
		}
	}); used != nil {
		return used
	}
	return err
}

// Logout ends the session. Token and password are forgotten whatever the server says; later calls are anonymous.
// Since 0.2.
func (c *Client) Logout(ctx context.Context) error {
	_, err := c.do(ctx, &request{method: "POST", make: func(client *C.crux_client) (*C.crux_call, error) {
		return C.crux_call_logout(client), nil
	}})
	return err
}

// ResetPassword asks the service to mail a link for a new password. Success does not show whether there is such an
// account. Since 0.2.
func (c *Client) ResetPassword(ctx context.Context, email string) error {
	_, err := c.do(ctx, &request{method: "POST", make: func(client *C.crux_client) (*C.crux_call, error) {
		address, err := text("address", email)
		if err != nil {
			return nil, err
		}
		return C.crux_call_reset_password(client, address), nil
	}})
	return err
}

// Stats returns the counters of the client; zeros once it is closed. Since 0.2.
func (c *Client) Stats() (stats Stats) {
	if c.made() != nil {
		return stats
	}
	defer runtime.KeepAlive(c)
	_ = c.core.use(func(client *C.crux_client) {
		stats = statsOf(func(fact string) int64 {
			return int64(C.crux_number(unsafe.Pointer(client), name(fact)))
		})
	})
	return stats
}

// String names the base of the client, and nothing secret.
func (c *Client) String() string {
	if c.made() != nil {
		return "crux.Client(none)"
	}
	base := "closed"
	defer runtime.KeepAlive(c)
	_ = c.core.use(func(client *C.crux_client) {
		base = C.GoString(C.crux_info(unsafe.Pointer(client), name("base_url")))
	})
	return "crux.Client(" + base + ")"
}

// GoString is String, for %#v.
func (c *Client) GoString() string { return c.String() }
