package crux

// #include "shim.h"
import "C"

import (
	"context"
	"log/slog"
	"runtime/cgo"
	"sync"
	"time"
)

// LevelTrace is the slog level of the library's most detailed lines, below [slog.LevelDebug]. Since 0.2.
const LevelTrace = slog.LevelDebug - 4

// The library's levels, from error on.
var levels = [...]slog.Level{slog.LevelError, slog.LevelWarn, slog.LevelInfo, slog.LevelDebug, LevelTrace}

// Logger sends the log of a client to a [slog.Logger], from the goroutine of each call and with its context. Levels
// that the logger does not take when the client is made are never written. A handler that panics harms no call.
// Since 0.2.
func Logger(logger *slog.Logger) LoginOption { return logOption{logger} }

type logOption struct{ logger *slog.Logger }

func (o logOption) applyLogin(c *config) error {
	if o.logger == nil {
		return refused("The logger is nil.")
	}
	c.logger = o.logger
	return nil
}

// lines keeps what the library logs until the goroutine of a call takes it: a handler may then wait, and call.
type lines struct {
	logger *slog.Logger
	mu     sync.Mutex
	kept   []slog.Record
}

// hook lets the library log into it; what comes is what the logger takes now.
func (l *lines) hook(options *C.crux_options) {
	if l.logger == nil {
		return
	}
	depth := 0
	for i, level := range levels {
		if l.logger.Enabled(context.Background(), level) {
			depth = i + 1
		}
	}
	C.crux_go_log(options, C.int32_t(depth), C.uintptr_t(cgo.NewHandle(l)))
}

// flush gives the lines to the handler.
func (l *lines) flush(ctx context.Context) {
	if l.logger == nil {
		return
	}
	l.mu.Lock()
	kept := l.kept
	l.kept = nil
	l.mu.Unlock()
	for _, record := range kept {
		l.write(ctx, record)
	}
}

func (l *lines) write(ctx context.Context, record slog.Record) {
	defer func() { _ = recover() }()
	if handler := l.logger.Handler(); handler.Enabled(ctx, record.Level) {
		_ = handler.Handle(ctx, record)
	}
}

//export cruxGoLog
func cruxGoLog(handle C.uintptr_t, level C.int32_t, line *C.char) {
	l := cgo.Handle(handle).Value().(*lines)
	at := min(max(int(level), 1), len(levels)) - 1
	record := slog.NewRecord(time.Now(), levels[at], C.GoString(line), 0)
	l.mu.Lock()
	l.kept = append(l.kept, record)
	l.mu.Unlock()
}
