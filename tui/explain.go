package tui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"mfa-tui/workos"
)

// explain tells what failed, then what to do about it.
func (d *session) explain(err error) string {
	var notReady *notReadyError
	var api *workos.Error
	switch {
	case errors.As(err, &notReady):
		return fmt.Sprintf("nothing was enrolled, since it could not be kept: %s", clean(notReady.Error()))
	case errors.As(err, &api):
		return d.explainAPI(api)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer from %s within %s · try again", d.service(), callTimeout)
	}
	return clean(err.Error())
}

func (d *session) explainAPI(err *workos.Error) string {
	switch {
	case workos.IsUnauthorized(err):
		return d.service() + " refused the API key (401) · check WORKOS_API_KEY and start again" + request(err)
	case workos.IsNotFound(err):
		return d.service() + " does not know it (404) · it was deleted there, or belongs to another environment; r on its screen refreshes it" + request(err)
	case workos.IsRateLimited(err):
		return "too many requests (429) · try again " + after(err.RetryAfter) + request(err)
	case workos.IsUnreachable(err):
		return d.service() + " can't be reached: " + clean(reason(err)) + " · check the network, and the base URL if one is set"
	case err.StatusCode >= 500 && d.Mode == Local:
		return fmt.Sprintf("%s has a fault (%d %s) · try again; if it stays, move the engine's file away: it is beside the factor file and ends in .local.json%s",
			d.service(), err.StatusCode, fault(err), request(err))
	case err.StatusCode >= 500:
		return fmt.Sprintf("%s has a fault (%d %s) · try again in a while%s", d.service(), err.StatusCode, fault(err), request(err))
	}
	text := clean(err.Message)
	for _, f := range err.Fields {
		text += " · " + clean(strings.TrimSpace(f.Field+" "+f.Code))
	}
	if text == "" {
		text = http.StatusText(err.StatusCode)
	}
	return fmt.Sprintf("%s (%d)%s", text, err.StatusCode, request(err))
}

// request is the part of an error that WorkOS's support asks for.
func request(err *workos.Error) string {
	if err.RequestID == "" {
		return ""
	}
	return " · request " + clean(err.RequestID)
}

func fault(err *workos.Error) string {
	if m := clean(err.Message); m != "" {
		return m
	}
	return http.StatusText(err.StatusCode)
}

func after(d time.Duration) string {
	if d <= 0 {
		return "in a moment"
	}
	return "in " + d.Round(time.Second).String()
}

// reason is the innermost cause of a failed connection, the part that helps.
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
