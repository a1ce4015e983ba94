package factors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Explain says what failed, then what to do about it, in parts for the caller to join.
func (l *List) Explain(err error) []string {
	var parts []string
	var api *workos.Error
	errors.As(err, &api)
	for line := range strings.Lines(err.Error()) { // errors.Join puts each on a line
		line = strings.TrimSuffix(line, "\n")
		if api != nil {
			if before, after, ok := strings.Cut(line, api.Error()); ok {
				explained := l.explainAPI(api)
				if errors.As(err, new(*UncertainError)) {
					explained = slices.Insert(explained, 1, "the factor may have been enrolled")
				}
				explained[0] = before + explained[0] + after
				parts = append(parts, explained...)
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

// explainAPI explains an error of the API, with the request ID that WorkOS support
// asks for.
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
	case errors.Is(err, context.DeadlineExceeded):
		return []string{fmt.Sprintf("no response from %s within %s", service, CallTimeout), "check the network, and try again"}
	case workos.IsUnreachable(err):
		return []string{service + " can't be reached: " + reason(err), "check the network, and the base URL if one is set"}
	case err.StatusCode >= 500:
		what := fmt.Sprintf("%s returned an error (%s)", service, strings.TrimSpace(fmt.Sprint(err.StatusCode, " ", message(err))))
		if l.Mode == Local {
			return []string{what, "try again; if it keeps failing, move the engine's file away: it is beside the factor file and ends in .local.json"}
		}
		return []string{what, "try again in a while"}
	}
	parts := []string{message(err)}
	for _, f := range err.Fields {
		parts = append(parts, strings.TrimSpace(f.Field+" "+f.Code))
	}
	parts[len(parts)-1] += fmt.Sprintf(" (%d)", err.StatusCode)
	return parts
}

func message(err *workos.Error) string {
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
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// FileAdvice says what to do about a factor file that can't be read before trying
// again, and when the backup was written, zero if there is none to restore.
func FileAdvice(err error) (advice string, backup time.Time) {
	var broken *store.BrokenError
	if !errors.As(err, &broken) {
		return "Fix it", time.Time{}
	}
	if broken.Backup != "" {
		backup = broken.BackupAt
	}
	return "The file was not changed. Don't delete it: without its IDs the factors can't be found. Fix it or move it away", backup
}
