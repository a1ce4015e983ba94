package factors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Explain tells what failed, then what to do about it, in parts that the caller
// joins as is usual there.
func (l *List) Explain(err error) []string {
	var parts []string
	var api *workos.Error
	switch {
	case errors.As(err, &api):
	case errors.Is(err, context.DeadlineExceeded):
		return []string{fmt.Sprintf("no answer from %s within %s", l.Service(), CallTimeout), "try again"}
	}
	for line := range strings.Lines(err.Error()) { // of errors that were joined
		line = strings.TrimSuffix(line, "\n")
		if api != nil {
			if before, after, ok := strings.Cut(line, api.Error()); ok {
				told := l.explainAPI(api)
				told[0] = before + told[0] + after
				parts = append(parts, told...)
				continue
			}
		}
		parts = append(parts, line)
	}
	for i, p := range parts {
		parts[i] = words.Clean(p)
	}
	return parts
}

// explainAPI explains what the other side answered, or that it did not answer.
// Its support asks for the number of the request.
func (l *List) explainAPI(err *workos.Error) []string {
	parts := l.advice(err)
	if err.RequestID != "" {
		parts = append(parts, "request "+err.RequestID)
	}
	return parts
}

func (l *List) advice(err *workos.Error) []string {
	service := l.Service()
	switch {
	case workos.IsUnauthorized(err):
		return []string{service + " refused the API key (401)", "check WORKOS_API_KEY and start again"}
	case workos.IsNotFound(err):
		return []string{service + " does not know " + cmp.Or(err.EntityID, "it") + " (404)", "it was deleted there, or belongs to another environment"}
	case workos.IsRateLimited(err):
		return []string{"too many requests (429)", "try again " + after(err.RetryAfter)}
	case workos.IsUnreachable(err):
		return []string{service + " can't be reached: " + reason(err), "check the network, and the base URL if one is set"}
	case err.StatusCode >= 500:
		what := fmt.Sprintf("%s returned an error (%s)", service, strings.TrimSpace(fmt.Sprint(err.StatusCode, " ", fault(err))))
		if l.Mode == Local {
			return []string{what, "try again; if it stays, move the engine's file away: it is beside the factor file and ends in .local.json"}
		}
		return []string{what, "try again in a while"}
	}
	parts := []string{cmp.Or(err.Message, http.StatusText(err.StatusCode))}
	for _, f := range err.Fields {
		parts = append(parts, strings.TrimSpace(f.Field+" "+f.Code))
	}
	parts[len(parts)-1] += fmt.Sprintf(" (%d)", err.StatusCode)
	return parts
}

func fault(err *workos.Error) string {
	return cmp.Or(err.Message, http.StatusText(err.StatusCode))
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
